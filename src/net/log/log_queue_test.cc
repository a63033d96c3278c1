#include "net/log/log_queue.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <vector>

namespace portway {
namespace {

constexpr uint32_t kLongMs = 20'000;

TEST(LogQueue, WritesAllInOrderBeforeItEnds) {
  std::vector<std::string> written;
  {
    LogQueue queue([&](std::string_view line) { written.emplace_back(line); }, kLongMs);
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(queue.push(std::to_string(i)));
  }
  ASSERT_EQ(written.size(), 1000u);
  for (size_t i = 0; i < written.size(); ++i) EXPECT_EQ(written[i], std::to_string(i));
}

TEST(LogQueue, AReaderThatStallsCostsLinesAndNoTime) {
  std::promise<void> reads;
  std::vector<std::string> written;
  {
    LogQueue queue(
        [&, stalled = reads.get_future().share()](std::string_view line) {
          stalled.wait();
          written.emplace_back(line);
        },
        kLongMs);
    const std::string line(1000, 'x');
    size_t taken = 0;
    while (queue.push(line)) ++taken;
    // One line is with the thread, and no longer waits.
    EXPECT_GE(taken, LogQueue::kBytesMax / line.size());
    EXPECT_LE(taken, LogQueue::kBytesMax / line.size() + 1);
    reads.set_value();
  }
  EXPECT_GE(written.size(), LogQueue::kBytesMax / 1000);
}

// The test itself would never end.
TEST(LogQueue, AReaderThatStallsForEverDoesNotHoldUpTheEnd) {
  const auto reads = std::make_shared<std::promise<void>>();
  const auto ended = std::make_shared<std::promise<void>>();
  {
    LogQueue queue(
        [reads, ended](std::string_view) {
          reads->get_future().wait();
          ended->set_value();
        },
        1);
    ASSERT_TRUE(queue.push("lost"));
  }
  reads->set_value();
  ended->get_future().wait();  // the thread that was left behind
}

}  // namespace
}  // namespace portway
