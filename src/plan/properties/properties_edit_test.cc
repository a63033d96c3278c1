#include "plan/properties/properties_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <utility>

#include "base/unified_diff.h"
#include "plan/golden_testing.h"
#include "plan/properties/properties_testing.h"

namespace portway::plan {
namespace {

using testing::HasSubstr;

PropertiesFile file_of(std::string text) {
  return parse_properties(std::move(text), "server.properties").value();
}

std::string set(std::string text, std::string_view key, std::string_view value,
                const PropertyPlace& place = {}) {
  const auto edited = set_property(file_of(std::move(text)), key, value, place);
  if (!edited) return "error: " + edited.error().code;
  EXPECT_EQ(find_property(*edited, key)->value, value);
  EXPECT_EQ(set_property(*edited, key, value, place).value().text, edited->text);
  return edited->text;
}

std::string removed(std::string text, std::string_view key) {
  return remove_property(file_of(std::move(text)), key)->text;
}

TEST(PropertiesEdit, ReplacesTheValueAlone) {
  EXPECT_EQ(set("# c\n  k = v\nl=w\n", "k", "new"), "# c\n  k = new\nl=w\n");
  EXPECT_EQ(set("k:v\r\nl=w\r\n", "k", "new"), "k:new\r\nl=w\r\n");
  EXPECT_EQ(set("k\t v", "k", "new"), "k\t new");
  EXPECT_EQ(set("\xc3\xa9=\xff\nk=v\n", "k", "new"), "\xc3\xa9=\xff\nk=new\n");
}

TEST(PropertiesEdit, GivesAKeyWithoutSeparatorOne) {
  EXPECT_EQ(set("k\nl\n", "k", "new"), "k=new\nl\n");
  EXPECT_EQ(set("k\\\nl\n", "kl", "new"), "k\\\nl=new\n");
}

TEST(PropertiesEdit, WritesWhatIsReadBack) {
  EXPECT_EQ(set("k v\n", "k", "=a"), "k \\=a\n");
  EXPECT_EQ(set("k=v\n", "k", "=a"), "k==a\n");
  EXPECT_EQ(set("k= v\n", "k", " a\\"), "k= \\ a\\\\\n");
  EXPECT_EQ(set("k=v\n", "k", "\u00e9"), "k=\\u00E9\n");
  EXPECT_EQ(set("k=v\n", "k", ""), "k=\n");
}

TEST(PropertiesEdit, MakesOneLineOfSeveral) {
  EXPECT_EQ(set("k=a,\\\n  b,\\\n  c\nl=w\n", "k", "new"), "k=new\nl=w\n");
  EXPECT_EQ(set("k=\\\n  a\nl=w\n", "k", "new"), "k=new\nl=w\n");
  EXPECT_EQ(set("k=a\\", "k", "new"), "k=new");
  EXPECT_EQ(set("k=a\\\n", "k", "new"), "k=new\n");
}

TEST(PropertiesEdit, LeavesAnEntryThatHasTheValue) {
  for (const char* text : {"k=a,\\\n  b\n", "k : a,b", "k=\\u0061,b\n"}) {
    EXPECT_EQ(set(text, "k", "a,b"), text);
  }
}

TEST(PropertiesEdit, CommentsOtherEntriesOfTheKeyOut) {
  EXPECT_EQ(set("k=1\nl=w\n k=2,\\\n  3\nk=4\n", "k", "new"), "#k=1\nl=w\n# k=2,\\\n#  3\nk=new\n");
  EXPECT_EQ(set("k=1\nk=2\n", "k", "2"), "#k=1\nk=2\n");
}

TEST(PropertiesEdit, AddsBehindAnotherKey) {
  EXPECT_EQ(set("a=1\nb=2\n", "k", "v", {"a", ""}), "a=1\nk=v\nb=2\n");
  EXPECT_EQ(set("a=1\r\nb=2", "k", "v", {"b", ""}), "a=1\r\nb=2\r\nk=v\r\n");
  EXPECT_EQ(set("a=1,\\\n  2\nb=2\n", "k", "v", {"a", ""}), "a=1,\\\n  2\nk=v\nb=2\n");
  EXPECT_EQ(set("a=1\na=2\n#\n", "k", "v", {"a", ""}), "a=1\na=2\nk=v\n#\n");
}

TEST(PropertiesEdit, AddsAtTheEnd) {
  EXPECT_EQ(set("", "k", "v"), "k=v\n");
  EXPECT_EQ(set("a=1", "k", "v", {"other", ""}), "a=1\nk=v\n");
  EXPECT_EQ(set("a=1\n", "a b", "v"), "a=1\na\\ b=v\n");
}

TEST(PropertiesEdit, AddsUnderAHeading) {
  const PropertyPlace place{"other", "For Portway"};
  EXPECT_EQ(set("", "k", "v", place), "# For Portway\nk=v\n");
  EXPECT_EQ(set("a=1", "k", "v", place), "a=1\n\n# For Portway\nk=v\n");
  EXPECT_EQ(set("a=1\r\n\r\n", "k", "v", place), "a=1\r\n\r\n# For Portway\r\nk=v\r\n");
  EXPECT_EQ(set("a=1\n\n# For Portway\nk=v\n\n# Else\nb=2\n", "l", "w", place),
            "a=1\n\n# For Portway\nk=v\nl=w\n\n# Else\nb=2\n");
  EXPECT_EQ(set("# For Portway", "k", "v", place), "# For Portway\nk=v\n");
  EXPECT_EQ(set("a=\\\n# For Portway\n", "k", "v", place),
            "a=\\\n# For Portway\n\n# For Portway\nk=v\n");
}

TEST(PropertiesEdit, AddsNothingToAValueThatGoesOn) {
  EXPECT_EQ(set("a=1\\\n", "k", "v"), "a=1\\\n\nk=v\n");
  EXPECT_EQ(set("a=1\\", "k", "v", {"a", ""}), "a=1\\\n\nk=v\n");
  EXPECT_EQ(set("a=1\\\r\n", "k", "v", {"", "C"}), "a=1\\\r\n\r\n# C\r\nk=v\r\n");
  EXPECT_EQ(set("b=1\na=1\\\r", "k", "v"), "b=1\na=1\\\r\rk=v\n");
}

TEST(PropertiesEdit, RemovedKeysBecomeComments) {
  EXPECT_EQ(removed("a=1\nk=v,\\\n  w\nb=2\nk=x", "k"), "a=1\n#k=v,\\\n#  w\nb=2\n#k=x");
  EXPECT_EQ(removed("a=1\n", "k"), "a=1\n");
  EXPECT_EQ(removed("k=1\\\n\na=2\n", "k"), "#k=1\\\n\na=2\n");
}

TEST(PropertiesEdit, RefusesWhatCannotBeWritten) {
  EXPECT_EQ(set("a=1\n", "", "v"), "error: bad_property");
  EXPECT_EQ(set("a=1\n", "a", "\xff"), "error: bad_property");
  EXPECT_EQ(set("a=1\n", "k", "\xff"), "error: bad_property");
  EXPECT_EQ(set("a=1\n", "\xff", "v"), "error: bad_property");
  EXPECT_EQ(set("a=1\n", "k", "v", {"", "a\nb=1"}), "error: bad_property");
  EXPECT_EQ(set("a=1\n", "a", std::string(kPropertiesBytesMax, 'v')), "error: bad_properties");
}

// Kafka's file with what the document asks to add.
TEST(PropertiesEdit, ChangesAServerPropertiesAsAPersonWould) {
  const std::string base = "src/plan/testdata/properties/";
  const std::string before = read_source_file(base + "server.properties");
  const std::vector<std::pair<const char*, const char*>> settings = {
      {"listeners", "INTERNAL://0.0.0.0:9092,CONTROLLER://0.0.0.0:29092,EXTERNAL://0.0.0.0:39092"},
      {"advertised.listeners", "INTERNAL://10.0.0.1:9092,EXTERNAL://b1.example.com:9093"},
      {"listener.security.protocol.map",
       "INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,EXTERNAL:PLAINTEXT"},
      {"max.connections.per.ip", "100"},
      {"connection.failed.authentication.delay.ms", "1000"}};
  PropertiesFile file = file_of(before);
  for (const auto& [key, value] : settings) {
    file = set_property(file, key, value, {"", "External listener"}).value();
  }
  file = remove_property(file, "host.name").value();
  expect_golden(base + "server.properties.diff",
                unified_diff(before, file.text, "a/server.properties", "b/server.properties"));
}

// Every entry of another key, as it stands in the file.
std::vector<std::string> lines_of_others(const PropertiesFile& file, std::string_view key) {
  std::vector<std::string> lines;
  for (const PropertiesEntry& entry : file.entries) {
    if (entry.key != key) lines.emplace_back(raw_lines(file, entry));
  }
  return lines;
}

// A last line without an end gets one, and a blank one when it goes on with a backslash.
std::string without_line_ends(std::string line) {
  line.resize(line.find_last_not_of("\r\n") + 1);
  return line;
}

void require_same_others(const PropertiesFile& before, const PropertiesFile& after,
                         std::string_view key) {
  auto old_lines = lines_of_others(before, key);
  auto new_lines = lines_of_others(after, key);
  RC_ASSERT(old_lines.size() == new_lines.size());
  for (size_t i = 0; i < old_lines.size(); ++i) {
    if (i + 1 == old_lines.size()) {
      RC_ASSERT(without_line_ends(old_lines[i]) == without_line_ends(new_lines[i]));
    } else {
      RC_ASSERT(old_lines[i] == new_lines[i]);
    }
  }
}

std::string any_value() {
  return *rc::gen::container<std::string>(
      rc::gen::element('a', '=', ':', ' ', '\t', '\n', '\r', '\f', '\\', '#', '!', 'u', '\0'));
}

RC_GTEST_PROP(PropertiesEditProperty, SettingChangesOneKeyAndTwiceNothingMore, ()) {
  const auto file = parse_properties(any_properties_text(), "f");
  if (!file) return;
  const auto key = *rc::gen::element<std::string>("a", "b", "ab", "k=", "aa");
  const std::string value = any_value();
  const PropertyPlace place{*rc::gen::element<std::string>("", "a", "b"),
                            *rc::gen::element<std::string>("", "a=0", "h")};
  const auto edited = set_property(*file, key, value, place);
  RC_ASSERT(edited.has_value());
  RC_ASSERT(find_property(*edited, key)->value == value);
  const auto has_key = [&](const PropertiesEntry& entry) { return entry.key == key; };
  RC_ASSERT(std::count_if(edited->entries.begin(), edited->entries.end(), has_key) == 1);
  require_same_others(*file, *edited, key);
  RC_ASSERT(set_property(*edited, key, value, place).value().text == edited->text);
}

RC_GTEST_PROP(PropertiesEditProperty, ReplacingKeepsEveryByteAround, ()) {
  const std::string before = any_properties_text() + "\n\n";
  const std::string after = "\n" + any_properties_text();
  const auto file = parse_properties(before + " key : old" + after, "f");
  if (!file) return;
  const auto edited = set_property(*file, "key", "new");
  RC_ASSERT(edited.has_value());
  RC_ASSERT(edited->text == before + " key : new" + after);
}

RC_GTEST_PROP(PropertiesEditProperty, RemovingOnlyAddsCommentSigns, ()) {
  const auto file = parse_properties(any_properties_text(), "f");
  if (!file) return;
  const auto edited = remove_property(*file, "a");
  RC_ASSERT(edited.has_value());
  RC_ASSERT(find_property(*edited, "a") == nullptr);
  require_same_others(*file, *edited, "a");
  RC_ASSERT(remove_property(*edited, "a").value().text == edited->text);
  const auto without_signs = [](std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '#'), text.end());
    return text;
  };
  RC_ASSERT(without_signs(edited->text) == without_signs(file->text));
}

}  // namespace
}  // namespace portway::plan
