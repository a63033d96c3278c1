#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
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

TEST_F(LogTest, TheLogThreadWritesAllBeforeItEnds) {
  capture_log(nullptr);
  testing::internal::CaptureStderr();
  {
    const LogThread thread;
    log(LogLevel::kInfo, "ready", "topology known");
  }
  log(LogLevel::kInfo, "stopped", "written by this thread");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("event=ready msg=\"topology known\"\n"), std::string::npos) << text;
  EXPECT_LT(text.find("event=ready"), text.find("event=stopped")) << text;
}

// Standard error is a pipe while this lives.
class StandardErrorPipe {
 public:
  StandardErrorPipe() : before_(::dup(STDERR_FILENO)) {
    if (::pipe(ends_) != 0) std::abort();
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  ~StandardErrorPipe() {
    give_back();
    ::close(ends_[0]);
    ::close(before_);
  }
  StandardErrorPipe(const StandardErrorPipe&) = delete;
  StandardErrorPipe& operator=(const StandardErrorPipe&) = delete;

  void give_back() { ::dup2(before_, STDERR_FILENO); }

  // All that came so far, at least until `text` and the rest of its line.
  const std::string& read_until_line_with(const std::string& text) {
    char piece[4096];
    while (all_.find('\n', all_.find(text)) == std::string::npos) {
      const ssize_t got = ::read(ends_[0], piece, sizeof piece);
      if (got <= 0) break;
      all_.append(piece, static_cast<size_t>(got));
    }
    return all_;
  }

 private:
  const int before_;
  int ends_[2] = {-1, -1};
  std::string all_;
};

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

size_t sum_of_dropped(const std::string& text) {
  static const std::string kKey = " dropped=";
  size_t sum = 0;
  for (size_t at = 0; (at = text.find(kKey, at)) != std::string::npos; at += kKey.size()) {
    sum += std::stoul(text.substr(at + kKey.size()));
  }
  return sum;
}

// It would never end if a line waited for the reader.
TEST_F(LogTest, AReaderThatStallsHoldsUpNobodyAndIsToldWhatItMissed) {
  capture_log(nullptr);
  StandardErrorPipe pipe;
  const LogThread thread;
  const std::string text(2000, 'x');
  constexpr size_t kLines = 1000;
  for (size_t i = 0; i < kLines; ++i) {
    log(LogLevel::kWarning, "stalled_" + std::to_string(i), text);
  }
  pipe.read_until_line_with("event=stalled_400 ");
  log(LogLevel::kWarning, "read_again", "the reader is back");
  const std::string& all = pipe.read_until_line_with("event=read_again ");
  EXPECT_NE(all.find("event=stalled_0 "), std::string::npos);
  EXPECT_GT(sum_of_dropped(all), 0u);
  EXPECT_EQ(count_of(all, "event=stalled_") + sum_of_dropped(all), kLines);
}

}  // namespace
}  // namespace portway
