// testdata/artifacts.txt: every artifact of the guide that portway replaces is rendered somewhere,
// or is left out for a reason.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "plan/golden_testing.h"
#include "render/render_testing.h"

namespace portway::render {
namespace {

struct Range {
  char letter;
  int last;
};
constexpr Range kIds[] = {{'A', 7}, {'B', 9}, {'C', 5}, {'D', 7}, {'T', 6}, {'F', 6}, {'G', 9},
                          {'H', 3}, {'I', 6}, {'J', 6}, {'K', 3}, {'L', 4}, {'Z', 2}};
constexpr size_t kReasonMin = 30;  // characters: a reason, not a word

struct Entry {
  std::string id;
  std::string example;  // or "left out"
  std::string path;     // or the reason
  std::string text;
};

// The part of `line` up to the next separator, which is taken off too.
std::string take(std::string& line) {
  const size_t at = std::min(line.find(" | "), line.size());
  const std::string part = line.substr(0, at);
  line.erase(0, at + 3);
  return part;
}

std::vector<Entry> entries() {
  std::vector<Entry> list;
  std::istringstream stream(plan::read_source_file("src/render/testdata/artifacts.txt"));
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    Entry entry;
    entry.id = take(line);
    entry.example = take(line);
    entry.path = entry.example == "left out" ? line : take(line);
    if (entry.example != "left out") entry.text = line;
    list.push_back(entry);
  }
  return list;
}

// The number of the first line that holds `text`; 0: none does.
size_t line_with(const std::string& content, const std::string& text) {
  std::istringstream stream(content);
  std::string line;
  for (size_t number = 1; std::getline(stream, line); ++number) {
    if (line.find(text) != std::string::npos) return number;
  }
  return 0;
}

TEST(Artifacts, EveryOneIsListed) {
  std::set<std::string> expected;
  for (const Range& range : kIds) {
    for (int number = 1; number <= range.last; ++number) {
      expected.insert(std::string(1, range.letter) + "0" + std::to_string(number));
    }
  }
  std::set<std::string> listed;
  for (const Entry& entry : entries()) listed.insert(entry.id);
  EXPECT_EQ(listed, expected);
}

TEST(Artifacts, EveryOneIsRenderedOrLeftOutForAReason) {
  std::map<std::string, Result<RenderedFiles>> rendered;  // by example and target
  for (const Entry& entry : entries()) {
    if (entry.example == "left out") {
      EXPECT_GT(entry.path.size(), kReasonMin) << entry.id;
      continue;
    }
    const std::string target = entry.path.substr(0, entry.path.find('/'));
    const std::string key = entry.example + "/" + target;
    if (!rendered.contains(key)) {
      rendered.emplace(key, TestInput::of_example(entry.example).render(target));
    }
    const auto& files = rendered.at(key);
    if (!files) {
      EXPECT_EQ(files.error().code, "no_target") << entry.id << ": " << files.error().message;
      continue;
    }
    ASSERT_NE(entry.text, "") << entry.id;
    const size_t line = line_with(content_of(*files, entry.path), entry.text);
    EXPECT_NE(line, 0u) << entry.id << ": " << entry.example << "/" << entry.path << " lacks "
                        << entry.text;
    std::cout << entry.id << " src/render/testdata/" << entry.example << "/" << entry.path << ":"
              << line << "\n";
  }
}

}  // namespace
}  // namespace portway::render
