#include "plan/properties/properties_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace portway::plan {
namespace {

TEST(PropertiesText, LinesEndInThreeWays) {
  const std::string_view text = "a\r\nb\rc\n\r\r\nd";
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const NaturalLine line = natural_line_at(text, at);
    lines.push_back(text.substr(at, line.end - at));
    at = line.end;
  }
  EXPECT_EQ(lines, (std::vector<std::string_view>{"a\r\n", "b\r", "c\n", "\r", "\r\n", "d"}));
}

TEST(PropertiesText, DecodesEscapes) {
  EXPECT_EQ(decode_property(R"(a\tb\nc\rd\fe\\f)"), "a\tb\nc\rd\fe\\f");
  EXPECT_EQ(decode_property(R"(\a\=\:\ \#\0)"), "a=: #0");
  EXPECT_EQ(decode_property(R"(\u0041\u00e9\u20AC)"), "A\u00e9\u20ac");
  EXPECT_EQ(decode_property("end\\"), "end");
}

TEST(PropertiesText, DecodesSurrogatePairs) {
  EXPECT_EQ(decode_property(R"(\ud83d\ude00)"), "\U0001f600");
  EXPECT_EQ(decode_property(R"(\ud83dx)"), "\xed\xa0\xbdx");
  EXPECT_EQ(decode_property(R"(\ude00\ud83d)"), "\xed\xb8\x80\xed\xa0\xbd");
}

TEST(PropertiesText, TakesBytesForLatin1) {
  EXPECT_EQ(decode_property("\xe9"), "\u00e9");
  EXPECT_EQ(decode_property("\xc3\xa9"),
            "\u00c3\u00a9");  // an UTF-8 e with acute, as Kafka sees it
}

TEST(PropertiesText, RefusesHalfAnEscape) {
  for (const char* raw :
       {"\\u", "\\u12", "\\u12g4", "\\u-123", "\\u 123", "\\u+123", "\\uuuu1234"}) {
    EXPECT_FALSE(decode_property(raw)) << raw;
  }
}

TEST(PropertiesText, EncodesWithFewEscapes) {
  EXPECT_EQ(encode_property_key("#a b=c:d#"), R"(\#a\ b\=c\:d#)");
  EXPECT_EQ(encode_property_value(" a b=c:d ", false), R"(\ a b=c:d )");
  EXPECT_EQ(encode_property_value("=a", false), "=a");
  EXPECT_EQ(encode_property_value("=a", true), R"(\=a)");
  EXPECT_EQ(encode_property_value("\t\\\n\x01\x7f\u00e9\U0001f600", false),
            R"(\t\\\n\u0001\u007F\u00E9\uD83D\uDE00)");
}

TEST(PropertiesText, RefusesWhatIsNotUtf8) {
  for (const char* text : {"\xe9", "\xc3", "\xc0\x80", "\x80", "\xe0\x80\x80", "\xed\xa0\xbd",
                           "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82z"}) {
    EXPECT_FALSE(encode_property_value(text, false));
    EXPECT_FALSE(encode_property_key(text));
  }
}

RC_GTEST_PROP(PropertiesTextProperty, WhatIsEncodedIsDecoded, (const std::string& raw)) {
  const auto text = decode_property(raw);
  RC_PRE(text.has_value());
  const auto encoded = encode_property_value(*text, true);
  RC_PRE(encoded.has_value());  // not with half a surrogate pair
  RC_ASSERT(decode_property(*encoded) == text);
  RC_ASSERT(decode_property(*encode_property_key(*text)) == text);
}

}  // namespace
}  // namespace portway::plan
