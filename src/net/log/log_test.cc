#include "base/log.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace portway {
namespace {

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    capture_log([this](std::string_view line) { lines_.emplace_back(line); });
  }
  void TearDown() override {
    capture_log(nullptr);
    configure_logging(LogFormat::kLogfmt, LogLevel::kInfo);
  }

  std::vector<std::string> lines_;
};

TEST_F(LogTest, WritesOneLinePerEvent) {
  log(LogLevel::kInfo, "listening", "clients may connect", {{"port", "9092"}});
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_NE(lines_[0].find(" level=info event=listening msg=\"clients may connect\" port=9092"),
            std::string::npos);
}

TEST_F(LogTest, LevelsBelowTheLeastAreNotWritten) {
  log(LogLevel::kDebug, "quiet", "not by default");
  EXPECT_TRUE(lines_.empty());
  configure_logging(LogFormat::kLogfmt, LogLevel::kError);
  log(LogLevel::kWarning, "quiet", "below error");
  EXPECT_TRUE(lines_.empty());
  log(LogLevel::kError, "loud", "an error");
  EXPECT_EQ(lines_.size(), 1u);
}

TEST_F(LogTest, OneEventCannotFillTheDisk) {
  for (uint32_t i = 0; i < 100 * kLogBurst; ++i) {
    log(LogLevel::kWarning, "foreign_protocol", "an HTTP request");
  }
  // More than one burst only where this loop took longer than a window.
  EXPECT_GE(lines_.size(), kLogBurst);
  EXPECT_LT(lines_.size(), 50 * kLogBurst);
}

TEST_F(LogTest, ThreadsDoNotMixLines) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 5; ++n) log(LogLevel::kInfo, "busy", std::string(500, 'x'));
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(lines_.size(), 20u);
  for (const std::string& line : lines_) EXPECT_EQ(line.size(), lines_[0].size());
}

TEST_F(LogTest, GoesToStandardErrorWithoutASink) {
  capture_log(nullptr);
  testing::internal::CaptureStderr();
  log(LogLevel::kInfo, "ready", "topology known");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("event=ready msg=\"topology known\"\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace portway
