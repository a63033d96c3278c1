#include "plan/values.h"

#include <gtest/gtest.h>

namespace portway::plan {
namespace {

TEST(Values, Durations) {
  EXPECT_EQ(parse_duration_ms("500ms"), 500);
  EXPECT_EQ(parse_duration_ms("60s"), 60'000);
  EXPECT_EQ(parse_duration_ms("5m"), 300'000);
  EXPECT_EQ(parse_duration_ms("2h"), 7'200'000);
  EXPECT_EQ(parse_duration_ms("0"), 0);
  for (const char* text : {"", "60", "s", "1.5s", "-1s", "60 s", "60S", "1s1", "1m30s",
                           "9999999999999999999s", "9223372036854775807h"}) {
    EXPECT_FALSE(parse_duration_ms(text)) << text;
  }
}

TEST(Values, Sizes) {
  EXPECT_EQ(parse_size_bytes("104857600"), 104'857'600);
  EXPECT_EQ(parse_size_bytes("100MiB"), 104'857'600);
  EXPECT_EQ(parse_size_bytes("64KiB"), 65'536);
  EXPECT_EQ(parse_size_bytes("1GiB"), 1'073'741'824);
  for (const char* text : {"", "MiB", "1MB", "1mib", "1.5MiB", "-1", "99999999999GiB"}) {
    EXPECT_FALSE(parse_size_bytes(text)) << text;
  }
}

TEST(Values, AreWrittenInTheLargestUnitThatDivides) {
  EXPECT_EQ(duration_text(0), "0");
  EXPECT_EQ(duration_text(1500), "1500ms");
  EXPECT_EQ(duration_text(60'000), "1m");
  EXPECT_EQ(duration_text(90'000), "90s");
  EXPECT_EQ(size_text(0), "0");
  EXPECT_EQ(size_text(1000), "1000");
  EXPECT_EQ(size_text(104'857'600), "100MiB");
}

TEST(Values, IdRanges) {
  EXPECT_EQ(parse_id_range("7"), (IdRange{7, 7}));
  EXPECT_EQ(parse_id_range("1-64"), (IdRange{1, 64}));
  EXPECT_EQ(parse_id_range("0-2147483647"), (IdRange{0, 2'147'483'647}));
  for (const char* text : {"", "-", "-1", "1-", "2-1", "1-2-3", "0-2147483648", "a", "1 - 2"}) {
    EXPECT_FALSE(parse_id_range(text)) << text;
  }
}

TEST(Values, DnsNames) {
  for (const char* text : {"a", "b1.abc.us-west1.gcp.3199745.tidbcloud.com", "a_b.c", "1.2.x",
                           "xn--bcher-kva.example"}) {
    EXPECT_TRUE(is_dns_name(text)) << text;
  }
  const std::string long_label(64, 'a');
  for (const std::string& text :
       {std::string(), std::string("."), std::string("a."), std::string("a..b"), std::string("-a"),
        std::string("a-"), std::string("a b"), std::string("10.0.0.256"), long_label,
        std::string("a:1"), std::string("b\xc3\xbc"), "a" + std::string(253, '.')}) {
    EXPECT_FALSE(is_dns_name(text)) << text;
  }
}

TEST(Values, Addresses) {
  EXPECT_TRUE(is_ip_address("10.0.0.1"));
  EXPECT_TRUE(is_ip_address("::"));
  EXPECT_FALSE(is_ip_address("10.0.0"));
  EXPECT_FALSE(is_ip_address("localhost"));
  EXPECT_FALSE(is_ip_address("[::1]"));
  EXPECT_FALSE(is_ipv6_address("10.0.0.1"));
}

TEST(Values, SubstitutesEveryPlaceholder) {
  EXPECT_EQ(substitute_id("b{id}.r{id}.x", 12), "b12.r12.x");
  EXPECT_EQ(substitute_id("brokers.x", 12), "brokers.x");
  EXPECT_EQ(substitute_id("", 12), "");
}

TEST(Values, NearestFindsSlipsOfTheKeyboardOnly) {
  const std::vector<std::string_view> words = {"name", "bootstrap", "idle_timeout"};
  EXPECT_EQ(nearest("nmae", words), "name");
  EXPECT_EQ(nearest("boostrap", words), "bootstrap");
  EXPECT_EQ(nearest("idle-timeout", words), "idle_timeout");
  EXPECT_EQ(nearest("listen", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'a'), words), std::nullopt);
}

TEST(Values, PlainUtf8HasNoControlCharactersAndNoBrokenOnes) {
  EXPECT_TRUE(is_plain_utf8("orders"));
  EXPECT_TRUE(is_plain_utf8("\xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80"));
  for (const char* text : {"\n", "\x7f", "\xc2\x85", "a\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80",
                           "\xf5\x80\x80\x80", "\xe0\x80\xaf"}) {
    EXPECT_FALSE(is_plain_utf8(text)) << text;
  }
}

}  // namespace
}  // namespace portway::plan
