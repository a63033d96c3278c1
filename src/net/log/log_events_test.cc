// docs/operations.md names every event that the product logs, and no other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace portway {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string source_dir() { return PORTWAY_SOURCE_DIR; }

// The text of the call's argument `index`, for a call whose parenthesis opens at `open`.
std::string argument(const std::string& code, size_t open, int index) {
  int depth = 0;
  bool quoted = false;
  std::string text;
  for (size_t i = open; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"' && code[i - 1] != '\\') quoted = !quoted;
    if (!quoted && (c == '(' || c == '{')) ++depth;
    if (!quoted && (c == ')' || c == '}') && --depth == 0) break;
    if (!quoted && c == ',' && depth == 1) {
      --index;
    } else if (index == 0 && i > open) {
      text += c;
    }
  }
  return text;
}

void collect_names(const std::string& text, const std::regex& name, std::set<std::string>& names) {
  for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it) {
    names.insert((*it)[1]);
  }
}

std::set<std::string> logged_events() {
  static const std::regex kCall(R"((^|[^\w.>:])log\()");
  static const std::regex kLiteral(R"re("([a-z_0-9]+)")re");
  std::set<std::string> events;
  for (const auto& entry : fs::recursive_directory_iterator(source_dir() + "/src")) {
    const std::string path = entry.path();
    if (!path.ends_with(".cc") || path.ends_with("_test.cc")) continue;
    const std::string code = read(path);
    for (std::sregex_iterator it(code.begin(), code.end(), kCall), end; it != end; ++it) {
      const auto open = static_cast<size_t>(it->position() + it->length() - 1);
      if (argument(code, open, 0).find("LogLevel::") == std::string::npos) continue;
      collect_names(argument(code, open, 1), kLiteral, events);
    }
  }
  return events;
}

std::set<std::string> documented_events() {
  const std::string page = read(source_dir() + "/docs/operations.md");
  static const std::regex kName(R"(`([a-z_0-9]+)`)");
  std::set<std::string> events;
  std::istringstream lines(page.substr(page.find("## Log events")));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| `")) collect_names(line.substr(0, line.find('|', 1)), kName, events);
  }
  return events;
}

TEST(LogEvents, EachIsExplainedToOperators) {
  EXPECT_GT(logged_events().size(), 10u);
  EXPECT_EQ(logged_events(), documented_events());
}

}  // namespace
}  // namespace portway
