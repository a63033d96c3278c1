// Runs every testdata/*.args (one word a line) as a command line: output, errors and exit code must
// be what *.expected says. {data} stands for the folder of the cases. To add a case, write the
// .args and run with PORTWAY_UPDATE_GOLDEN=1.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "app/portway.h"
#include "plan/golden_testing.h"

namespace portway::app {
namespace {

constexpr const char* kFolder = "src/app/testdata";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(plan::source_path(kFolder))) {
    if (entry.path().extension() == ".args") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class CommandLine : public testing::TestWithParam<std::string> {};

TEST_P(CommandLine, SaysWhatIsExpected) {
  const std::string base = std::string(kFolder) + "/" + GetParam();
  const std::string data = plan::source_path(kFolder);
  std::vector<std::string> words;
  std::istringstream lines(replaced(plan::read_source_file(base + ".args"), "{data}", data));
  for (std::string word; std::getline(lines, word);) words.push_back(word);

  std::ostringstream out;
  std::ostringstream error;
  Console console{out, error};
  const int exit_code = run_portway(words, console);
  const std::string all = "exit code " + std::to_string(exit_code) + "\n--- output\n" + out.str() +
                          "--- errors\n" + error.str();
  plan::expect_golden(base + ".expected", replaced(all, data, "{data}"));
}

INSTANTIATE_TEST_SUITE_P(, CommandLine, testing::ValuesIn(case_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace portway::app
