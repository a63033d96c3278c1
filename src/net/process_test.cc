#include "net/process.h"

#include <gtest/gtest.h>

#include <csignal>

namespace portway::net {
namespace {

constexpr int64_t kFiveSecondsUs = 5'000'000;

TEST(Signals, AreToldOneByOne) {
  block_signals();
  EXPECT_FALSE(wait_for_signal(0));
  raise(SIGHUP);
  EXPECT_EQ(wait_for_signal(kFiveSecondsUs), Signal::kHangUp);
}

// A drain that waits must not be cut short by a request to read the configuration again.
TEST(Signals, AHangUpDoesNotEndTheWaitForAStop) {
  block_signals();
  raise(SIGHUP);
  EXPECT_FALSE(wait_for_stop_signal(1000));
  raise(SIGTERM);
  EXPECT_TRUE(wait_for_stop_signal(kFiveSecondsUs));
  EXPECT_EQ(wait_for_signal(kFiveSecondsUs), Signal::kHangUp);
}

TEST(Random, IsAsLongAsAskedForAndNeverTheSame) {
  EXPECT_EQ(random_bytes(0).size(), 0u);
  EXPECT_EQ(random_bytes(16).size(), 16u);
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

}  // namespace
}  // namespace portway::net
