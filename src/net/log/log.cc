#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include "net/log/log_limiter.h"
#include "net/log/log_line.h"
#include "net/log/log_queue.h"

namespace portway {
namespace {

uint64_t monotonic_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

int64_t unix_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::shared_ptr<spdlog::logger> stderr_logger() {
  auto logger = std::make_shared<spdlog::logger>("portway",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->flush_on(spdlog::level::trace);
  return logger;
}

// How long the end of the process waits for the log's reader.
constexpr uint32_t kLogFlushMs = 2'000;

// Where all lines of the process meet. Lines that the limiter holds back cost its own lock only,
// which nobody keeps while a line is formatted or written.
class Log {
 public:
  void configure(LogFormat format, LogLevel least, LogFieldNames names) {
    const std::lock_guard lock(mutex_);
    format_ = format;
    names_ = std::move(names);
    least_.store(least, std::memory_order_relaxed);
  }

  void capture(std::function<void(std::string_view)> sink) {
    const std::scoped_lock lock(limiter_mutex_, mutex_);
    sink_ = std::move(sink);
    limiter_ = LogLimiter(kLogBurst, kLogWindowMs);
  }

  void start_queue() {
    const std::lock_guard lock(mutex_);
    queue_ =
        std::make_unique<LogQueue>([this](std::string_view line) { write_out(line); }, kLogFlushMs);
  }

  void stop_queue() {
    std::unique_ptr<LogQueue> ended;
    const std::lock_guard lock(mutex_);
    ended = std::move(queue_);
  }

  bool wants(LogLevel level) const { return level >= least_.load(std::memory_order_relaxed); }

  void write(LogLine line) {
    if (!admit(line)) return;
    const std::lock_guard lock(mutex_);
    line.unix_ms = unix_ms();
    line.dropped = dropped_;
    const std::string text = format_log_line(format_, names_, line);
    if (queue_ && !sink_) {
      dropped_ = queue_->push(text) ? 0 : dropped_ + 1;
    } else {
      sink_ ? sink_(text) : write_out(text);
    }
  }

 private:
  bool admit(LogLine& line) {
    const std::lock_guard lock(limiter_mutex_);
    const auto suppressed = limiter_.admit(line.event, monotonic_ms());
    line.suppressed = suppressed.value_or(0);
    return suppressed.has_value();
  }

  void write_out(std::string_view text) { logger_->log(spdlog::level::info, text); }

  std::atomic<LogLevel> least_{LogLevel::kInfo};
  const std::shared_ptr<spdlog::logger> logger_ = stderr_logger();

  std::mutex limiter_mutex_;
  LogLimiter limiter_{kLogBurst, kLogWindowMs};

  std::mutex mutex_;  // orders lines, and guards what follows
  LogFormat format_ = LogFormat::kLogfmt;
  LogFieldNames names_;
  std::function<void(std::string_view)> sink_;
  std::unique_ptr<LogQueue> queue_;
  uint64_t dropped_ = 0;
};

// Never destroyed: threads may log while the process ends.
Log& the_log() {
  static Log& log = *new Log;
  return log;
}

}  // namespace

void log(LogLevel level, std::string_view event, std::string_view message,
         std::span<const LogField> fields) {
  if (!the_log().wants(level)) return;
  the_log().write({.unix_ms = 0,
                   .level = level,
                   .event = event,
                   .message = message,
                   .fields = fields,
                   .suppressed = 0,
                   .dropped = 0});
}

void configure_logging(LogFormat format, LogLevel least, LogFieldNames names) {
  the_log().configure(format, least, std::move(names));
}

void capture_log(std::function<void(std::string_view line)> sink) {
  the_log().capture(std::move(sink));
}

LogThread::LogThread() { the_log().start_queue(); }
LogThread::~LogThread() { the_log().stop_queue(); }

}  // namespace portway
