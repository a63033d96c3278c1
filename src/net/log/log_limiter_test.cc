#include "net/log/log_limiter.h"

#include <gtest/gtest.h>

namespace portway {
namespace {

TEST(LogLimiter, WritesABurstAndCountsTheRest) {
  LogLimiter limiter(3, 1000);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.admit("event", 10), 0u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.admit("event", 1009), std::nullopt);
  EXPECT_EQ(limiter.admit("event", 1010), 5u) << "a new window tells what the last one held back";
  EXPECT_EQ(limiter.admit("event", 1011), 0u);
}

TEST(LogLimiter, EventsDoNotShareABurst) {
  LogLimiter limiter(1, 1000);
  EXPECT_EQ(limiter.admit("first", 0), 0u);
  EXPECT_EQ(limiter.admit("second", 0), 0u);
  EXPECT_EQ(limiter.admit("first", 999), std::nullopt);
}

}  // namespace
}  // namespace portway
