#include "plan/init/random_names.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <utility>

#include "plan/init/examples.h"

namespace portway::plan {
namespace {

// Bytes as given, the last of them over and over.
class Bytes {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string operator()(size_t count) {
    std::string taken = bytes_.substr(0, count);
    bytes_.erase(0, std::min(count, bytes_.size() - 1));
    taken.resize(count, bytes_.back());
    return taken;
  }

 private:
  std::string bytes_;
};

TEST(UniqueName, HasOnlyDigitsAndLowerCaseLetters) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (int i = 0; i < 30; ++i) {
    const std::string name = new_unique_name(nullptr, Bytes(bytes.substr(static_cast<size_t>(i))));
    EXPECT_TRUE(std::regex_match(name, std::regex("[0-9a-z]{10}"))) << name;
  }
}

TEST(UniqueName, IsNoneThatTheFileHas) {
  std::string text(example_text("method1"));
  text.replace(text.find(".abc."), 5, ".0000000000.");
  const auto spec = parse_spec(text, "f");
  ASSERT_TRUE(spec);
  EXPECT_EQ(new_unique_name(&*spec, Bytes(std::string(10, '\0') + std::string(10, '\1'))),
            "1111111111");
}

TEST(ClusterId, IsARandomUuidInBase64Url) {
  EXPECT_EQ(new_cluster_id(Bytes(std::string(16, '\0'))), "AAAAAAAAQACAAAAAAAAAAA");
  EXPECT_EQ(new_cluster_id(Bytes(std::string(16, '\xff') + std::string(16, '\xfb'))).front() == '-',
            false);
}

}  // namespace
}  // namespace portway::plan
