// What is expected here is what java.util.Properties of Java 17 reads from the same bytes.
#include "plan/properties/properties_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <utility>

#include "plan/properties/properties_testing.h"

namespace portway::plan {
namespace {

using testing::HasSubstr;

using KeysAndValues = std::vector<std::pair<std::string, std::string>>;

KeysAndValues read(std::string text) {
  const auto file = parse_properties(std::move(text), "server.properties");
  if (!file) return {{"error", file.error().message}};
  KeysAndValues all;
  for (const PropertiesEntry& entry : file->entries) all.emplace_back(entry.key, entry.value);
  return all;
}

PropertiesFile file_of(std::string text) {
  return parse_properties(std::move(text), "server.properties").value();
}

TEST(PropertiesFile, SeparatorsAreSignsAndBlanks) {
  for (const char* text : {"k=v", "k:v", "k v", "k = v", "k\t:\fv", "  k=v", "k   v", "k= v\n"}) {
    EXPECT_EQ(read(text), (KeysAndValues{{"k", "v"}})) << text;
  }
  EXPECT_EQ(read("k==v"), (KeysAndValues{{"k", "=v"}}));
  EXPECT_EQ(read("k = = v"), (KeysAndValues{{"k", "= v"}}));
  EXPECT_EQ(read("k :=v"), (KeysAndValues{{"k", "=v"}}));
  EXPECT_EQ(read("k v=w"), (KeysAndValues{{"k", "v=w"}}));
  EXPECT_EQ(read("=v\n:\n"), (KeysAndValues{{"", "v"}, {"", ""}}));
  EXPECT_EQ(read("k\nl=\nm \n"), (KeysAndValues{{"k", ""}, {"l", ""}, {"m", ""}}));
}

TEST(PropertiesFile, BlanksAtTheEndBelongToTheValue) {
  EXPECT_EQ(read("k = v \t\n"), (KeysAndValues{{"k", "v \t"}}));
}

TEST(PropertiesFile, SeparatorsInAKeyAreEscaped) {
  EXPECT_EQ(read(R"(a\=b\:c\ d=v)"), (KeysAndValues{{"a=b:c d", "v"}}));
  EXPECT_EQ(read(R"(a\\=v)"), (KeysAndValues{{"a\\", "v"}}));
}

TEST(PropertiesFile, CommentsAndEmptyLinesAreSkipped) {
  EXPECT_EQ(read("# a=1\n! b=2\n \t#c=3\n\n \f\nd=4 # no comment\n"),
            (KeysAndValues{{"d", "4 # no comment"}}));
  EXPECT_EQ(read("# goes not on\\\na=1\n"), (KeysAndValues{{"a", "1"}}));
}

TEST(PropertiesFile, ABackslashGoesOnInTheNextLine) {
  EXPECT_EQ(read("k=a,\\\n   b,\\\r\n\tc\nl=d"), (KeysAndValues{{"k", "a,b,c"}, {"l", "d"}}));
  EXPECT_EQ(read("k=a\\\\\nl=b\n"), (KeysAndValues{{"k", "a\\"}, {"l", "b"}}));
  EXPECT_EQ(read("k=a\\\n# b\n"), (KeysAndValues{{"k", "a# b"}}));
  EXPECT_EQ(read("k=a\\\n\nl=b\n"), (KeysAndValues{{"k", "a"}, {"l", "b"}}));
  EXPECT_EQ(read("lis\\\n  teners\\\n = \\\n A"), (KeysAndValues{{"listeners", "A"}}));
}

TEST(PropertiesFile, ABackslashAtTheEndIsNothing) {
  for (const char* text : {"k=a\\", "k=a\\\n", "k=a\\\r\n", "k=a\\\n  "}) {
    EXPECT_EQ(read(text), (KeysAndValues{{"k", "a"}})) << text;
  }
  EXPECT_EQ(read("\\"), KeysAndValues());  // Java: an empty key
  EXPECT_EQ(read("\\\n# comment\n\\\n\nk=v"), (KeysAndValues{{"k", "v"}}));
}

TEST(PropertiesFile, AByteOrderMarkBelongsToTheFirstKey) {
  EXPECT_EQ(read("\xef\xbb\xbfk=v"), (KeysAndValues{{"\u00ef\u00bb\u00bfk", "v"}}));
}

TEST(PropertiesFile, TheLastOfSeveralEntriesCounts) {
  const PropertiesFile file = file_of("k=1\nl=2\nk=3\n\\u006b=4\n");
  EXPECT_EQ(find_property(file, "k")->value, "4");
  EXPECT_EQ(find_property(file, "m"), nullptr);
  std::vector<bool> overridden;
  for (const PropertiesEntry& entry : file.entries) overridden.push_back(entry.overridden);
  EXPECT_EQ(overridden, (std::vector<bool>{true, false, true, false}));
}

TEST(PropertiesFile, EntriesKnowTheirLines) {
  const PropertiesFile file = file_of("# c\r\n\r\na=1,\\\r\n  2\r\n b=3");
  ASSERT_EQ(file.entries.size(), 2u);
  EXPECT_EQ(file.entries[0].line, 3);
  EXPECT_EQ(raw_lines(file, file.entries[0]), "a=1,\\\r\n  2\r\n");
  EXPECT_EQ(file.entries[1].line, 5);
  EXPECT_EQ(raw_lines(file, file.entries[1]), " b=3");
  EXPECT_EQ(file.line_end, "\r\n");
}

TEST(PropertiesFile, ErrorsNameTheLine) {
  const auto file = parse_properties("a=1\n\nb=\\u12\n", "config/server.properties");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, "bad_properties");
  EXPECT_THAT(file.error().message, HasSubstr("config/server.properties:3: "));
}

TEST(PropertiesFile, HasALimit) {
  std::string text(kPropertiesBytesMax, '\n');
  EXPECT_TRUE(parse_properties(text, "f").has_value());
  text += '\n';
  const auto file = parse_properties(text, "f");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, "bad_properties");
}

RC_GTEST_PROP(PropertiesFileProperty, EntriesStandInOrderAndReadTheSameAlone, ()) {
  const auto file = parse_properties(any_properties_text(), "f");
  if (!file) return;
  size_t at = 0;
  for (const PropertiesEntry& entry : file->entries) {
    RC_ASSERT(at <= entry.begin && entry.begin < entry.value_begin);
    RC_ASSERT(entry.value_begin <= entry.value_end && entry.value_end <= entry.end);
    at = entry.end;
    const auto alone = parse_properties(std::string(raw_lines(*file, entry)), "f");
    RC_ASSERT(alone.has_value());
    RC_ASSERT(alone->entries.size() == 1u);
    RC_ASSERT(alone->entries[0].key == entry.key);
    RC_ASSERT(alone->entries[0].value == entry.value);
  }
  RC_ASSERT(at <= file->text.size());
}

}  // namespace
}  // namespace portway::plan
