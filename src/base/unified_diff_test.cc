#include "base/unified_diff.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "base/unified_diff_testing.h"

namespace portway {
namespace {

std::string diff(std::string_view old_text, std::string_view new_text) {
  return unified_diff(old_text, new_text, "old", "new");
}

TEST(UnifiedDiff, IsEmptyForEqualTexts) {
  EXPECT_EQ(diff("", ""), "");
  EXPECT_EQ(diff("a\nb", "a\nb"), "");
}

TEST(UnifiedDiff, HasThreeLinesOfContext) {
  EXPECT_EQ(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, JoinsHunksWhoseContextTouches) {
  const auto numbers = [](int first_changed, int second_changed) {
    std::string text;
    for (int i = 1; i <= 20; ++i) {
      text += fmt::format("{}{}\n", i, i == first_changed || i == second_changed ? "x" : "");
    }
    return text;
  };
  const auto hunks = [&](int second_changed) {
    const std::string text = diff(numbers(0, 0), numbers(5, second_changed));
    size_t count = 0;
    for (size_t at = 0; (at = text.find("@@ -", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  EXPECT_EQ(hunks(12), 1u);
  EXPECT_EQ(hunks(13), 2u);
}

TEST(UnifiedDiff, NamesTheLineBeforeAnEmptyRange) {
  EXPECT_EQ(diff("", "a\nb\n"), "--- old\n+++ new\n@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(diff("a\n", ""), "--- old\n+++ new\n@@ -1 +0,0 @@\n-a\n");
}

TEST(UnifiedDiff, SaysWhereTheLastLineHasNoEnd) {
  EXPECT_EQ(diff("a", "a\n"),
            "--- old\n+++ new\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  EXPECT_EQ(diff("x\na", "y\na"),
            "--- old\n+++ new\n@@ -1,2 +1,2 @@\n-x\n+y\n a\n\\ No newline at end of file\n");
}

TEST(UnifiedDiff, KeepsCarriageReturns) {
  EXPECT_EQ(diff("a\r\n", "b\r\n"), "--- old\n+++ new\n@@ -1 +1 @@\n-a\r\n+b\r\n");
}

TEST(UnifiedDiff, PutsATabBehindANameWithSpaces) {
  EXPECT_EQ(unified_diff("a\n", "b\n", "my file", "new"),
            "--- my file\t\n+++ new\n@@ -1 +1 @@\n-a\n+b\n");
}

TEST(UnifiedDiff, FindsTheShortestWay) {
  // The example of Myers' paper: three lines removed, two added.
  const std::string text = diff("A\nB\nC\nA\nB\nB\nA\n", "C\nB\nA\nB\nA\nC\n");
  EXPECT_EQ(std::count(text.begin(), text.end(), '-') - 1 - 3, 3) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '+') - 1 - 3, 2) << text;
}

std::string distinct_lines(size_t count, char first) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += fmt::format("{}{}\n", first, i);
  return text;
}

TEST(UnifiedDiff, ReplacesAllBetweenWhenTheTextsHaveTooLittleInCommon) {
  const auto diff_of = [](size_t lines) {
    const std::string old_text = distinct_lines(lines, 'a') + "same\nx\nback\n";
    const std::string new_text = distinct_lines(lines, 'b') + "same\ny\nback\n";
    std::string text = diff(old_text, new_text);
    EXPECT_EQ(apply_unified_diff(old_text, text), new_text);
    return text;
  };
  // x and y are one line removed and one added more.
  constexpr size_t kLines = kDiffEditsMax / 2 - 1;
  EXPECT_NE(diff_of(kLines).find("\n same\n"), std::string::npos);
  EXPECT_NE(diff_of(kLines + 1).find("\n-same\n"), std::string::npos);
}

TEST(UnifiedDiff, TakesTextsOfAMebibyteOfEmptyLines) {
  const std::string old_text(1 << 20, '\n');
  const std::string new_text = distinct_lines(100'000, 'b');
  EXPECT_EQ(apply_unified_diff(old_text, diff(old_text, new_text)), new_text);
}

// Few different lines, so that much is in common.
std::string any_text() {
  const auto lines = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "a\n", "b\n", "\n", "-\n", "+x\n", "\\ y\n", "@@ -1 +1 @@\n", "--- old\n", "\r\n"));
  std::string text;
  for (const std::string& line : lines) text += line;
  return text + *rc::gen::element<std::string>("", "a", "end", "\r");
}

RC_GTEST_PROP(UnifiedDiffProperty, AppliedToTheOldTextItGivesTheNew, ()) {
  const std::string old_text = any_text();
  const std::string new_text = *rc::gen::arbitrary<bool>() ? any_text() : old_text + any_text();
  const auto applied = apply_unified_diff(old_text, diff(old_text, new_text));
  RC_ASSERT(applied.has_value());
  RC_ASSERT(*applied == new_text);
}

}  // namespace
}  // namespace portway
