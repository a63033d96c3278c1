#include "base/host_port.h"

#include <gtest/gtest.h>

namespace portway {
namespace {

TEST(HostPort, ReadsNamesAndAddresses) {
  EXPECT_EQ(parse_host_port("10.64.0.2:9092").value(), (HostPort{"10.64.0.2", 9092}));
  EXPECT_EQ(parse_host_port("broker1.example:1").value(), (HostPort{"broker1.example", 1}));
  EXPECT_EQ(parse_host_port("[2001:db8::1]:65535").value(), (HostPort{"2001:db8::1", 65535}));
}

TEST(HostPort, WritesWhatItReads) {
  for (const char* text : {"10.64.0.2:9092", "[::1]:9092", "b1.abc.example:9093"}) {
    EXPECT_EQ(to_string(parse_host_port(text).value()), text);
  }
}

TEST(HostPort, RefusesWithTheText) {
  for (const char* text : {"", "broker1", ":9092", "b:0", "b:65536", "b:9092x", "b:", "::1:9092",
                           "{broker-node1-ip}:9092", "b 1:9092", "b:-1", "[]:9092"}) {
    const auto result = parse_host_port(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code, "bad_address");
    EXPECT_NE(result.error().message.find(text), std::string::npos);
  }
}

}  // namespace
}  // namespace portway
