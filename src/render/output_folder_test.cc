#include "render/output_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace portway::render {
namespace {

namespace fs = std::filesystem;

class OutputFolder : public testing::Test {
 protected:
  OutputFolder() {
    std::string name = (fs::temp_directory_path() / "portway-render.XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~OutputFolder() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(OutputFolder, SaysWhatChanged) {
  RenderedFiles files = {{"a/b.sh", "1\n", true}, {"c.txt", "2\n", false}};
  auto first = write_files(folder_, files);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->at(0).outcome, Outcome::kCreated);
  EXPECT_NE(fs::status(folder_ / "a/b.sh").permissions() & fs::perms::owner_exec, fs::perms::none);

  files[1].content = "3\n";
  auto second = write_files(folder_, files);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->at(0).outcome, Outcome::kUnchanged);
  EXPECT_EQ(second->at(1).outcome, Outcome::kChanged);
}

TEST_F(OutputFolder, NamesThePlaceThatCannotBeWritten) {
  std::ofstream(folder_ / "a") << "a file where a folder must be";
  const auto written = write_files(folder_, {{"a/b.sh", "1\n", true}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "cannot_write");
  EXPECT_NE(written.error().message.find((folder_ / "a").string()), std::string::npos);
}

TEST_F(OutputFolder, NamesTheFolderThatStandsInAFilesPlace) {
  fs::create_directory(folder_ / "c.txt");
  const auto written = write_files(folder_, {{"c.txt", "1\n", false}});
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("a folder is in the file's place"), std::string::npos);
}

}  // namespace
}  // namespace portway::render
