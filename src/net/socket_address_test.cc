#include "net/socket_address.h"

#include <gtest/gtest.h>

namespace portway::net {
namespace {

TEST(SocketAddress, ReadsBothFamilies) {
  EXPECT_EQ(SocketAddress::parse("10.64.0.2", 9092).value().text(), "10.64.0.2:9092");
  EXPECT_EQ(SocketAddress::parse("2001:db8::1", 9093).value().text(), "[2001:db8::1]:9093");
  EXPECT_EQ(SocketAddress().text(), "-");
}

TEST(SocketAddress, RefusesNames) {
  const auto result = SocketAddress::parse("localhost", 1);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, "bad_ip");
}

TEST(SocketAddress, ChangesItsPortOnly) {
  const auto v6 = SocketAddress::parse("::1", 1).value();
  EXPECT_EQ(v6.with_port(65535).text(), "[::1]:65535");
  EXPECT_EQ(v6.with_port(2).with_port(1), v6);
  EXPECT_NE(v6, SocketAddress::parse("127.0.0.1", 1).value());
}

}  // namespace
}  // namespace portway::net
