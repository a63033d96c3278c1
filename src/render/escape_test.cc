#include <gtest/gtest.h>

#include "render/template.h"

namespace portway::render {
namespace {

TEST(Escape, ShellWordsAreQuotedWhereTheyMustBe) {
  EXPECT_EQ(shell_word("kafka-vpc"), "kafka-vpc");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("$(id)"), "'$(id)'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("~root"), "'~root'");
}

TEST(Escape, HclTextCannotLeaveItsQuotes) {
  EXPECT_EQ(hcl_text("kafka-vpc"), "kafka-vpc");
  EXPECT_EQ(hcl_text("\"x\\"), "\\\"x\\\\");
  EXPECT_EQ(hcl_text("${a} %{b} $c"), "$${a} %%{b} $c");
  EXPECT_EQ(hcl_text("a\nb"), "a\\u000ab");
}

TEST(Escape, YamlScalarsAreStrings) {
  EXPECT_EQ(yaml_scalar("kafka-vpc"), "kafka-vpc");
  EXPECT_EQ(yaml_scalar("yes"), "\"yes\"");
  EXPECT_EQ(yaml_scalar("1.5"), "\"1.5\"");
  EXPECT_EQ(yaml_scalar("a: b"), "\"a: b\"");
  EXPECT_EQ(yaml_scalar("a\"\n"), "\"a\\\"\\x0a\"");
}

TEST(Escape, OtherKinds) {
  EXPECT_EQ(systemd_value("50%\n"), "50%%");
  EXPECT_EQ(systemd_value("a\\"), "a\\\\");  // at the end of a line it would join the next one
  EXPECT_EQ(properties_value(" a\\b\nc"), "\\ a\\\\b\\nc");
  EXPECT_EQ(markdown_text("a|b<c>"), "a\\|b\\<c\\>");
}

}  // namespace
}  // namespace portway::render
