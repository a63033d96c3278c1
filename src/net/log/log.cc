#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include "net/log/log_limiter.h"
#include "net/log/log_line.h"

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
                                                 std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_pattern("%v");
  logger->flush_on(spdlog::level::trace);
  return logger;
}

// Where all lines of the process meet. The mutex orders lines and guards what is below it.
class Log {
 public:
  void configure(LogFormat format, LogLevel least, LogFieldNames names) {
    const std::lock_guard lock(mutex_);
    format_ = format;
    names_ = std::move(names);
    least_.store(least, std::memory_order_relaxed);
  }

  void capture(std::function<void(std::string_view)> sink) {
    const std::lock_guard lock(mutex_);
    sink_ = std::move(sink);
    limiter_ = LogLimiter(kLogBurst, kLogWindowMs);
  }

  bool wants(LogLevel level) const { return level >= least_.load(std::memory_order_relaxed); }

  void write(LogLine line) {
    const std::lock_guard lock(mutex_);
    const auto suppressed = limiter_.admit(line.event, monotonic_ms());
    if (!suppressed.has_value()) return;
    line.suppressed = *suppressed;
    line.unix_ms = unix_ms();
    const std::string text = format_log_line(format_, names_, line);
    if (sink_) {
      sink_(text);
    } else {
      logger_->log(spdlog::level::info, text);
    }
  }

 private:
  std::atomic<LogLevel> least_{LogLevel::kInfo};
  std::mutex mutex_;
  LogFormat format_ = LogFormat::kLogfmt;
  LogFieldNames names_;
  LogLimiter limiter_{kLogBurst, kLogWindowMs};
  std::function<void(std::string_view)> sink_;
  std::shared_ptr<spdlog::logger> logger_ = stderr_logger();
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
                   .suppressed = 0});
}

void configure_logging(LogFormat format, LogLevel least, LogFieldNames names) {
  the_log().configure(format, least, std::move(names));
}

void capture_log(std::function<void(std::string_view line)> sink) {
  the_log().capture(std::move(sink));
}

}  // namespace portway
