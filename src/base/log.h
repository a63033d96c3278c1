#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace portway {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

// One field of a log line. Values are quoted and escaped by the format as it needs.
struct LogField {
  std::string_view key;
  std::string value;
};

// One line per event that an operator acts on. Any thread. `event` is a stable snake_case name;
// `message` says what happened and, where there is one, what to do. Lines of the same event beyond
// kLogBurst within kLogWindowMs are counted instead of written, and the count is told with the next
// line that is written ("suppressed=123"): a hostile client cannot fill a disk.
void log(LogLevel level, std::string_view event, std::string_view message,
         std::span<const LogField> fields);
inline void log(LogLevel level, std::string_view event, std::string_view message,
                std::initializer_list<LogField> fields = {}) {
  log(level, event, message, std::span(fields.begin(), fields.size()));
}

inline constexpr uint32_t kLogBurst = 20;
inline constexpr uint32_t kLogWindowMs = 10'000;

enum class LogFormat : uint8_t { kLogfmt, kJson };

// Names of the three fixed fields, which kafka-proxy's flags let the user choose.
struct LogFieldNames {
  std::string time = "ts";
  std::string level = "level";
  std::string message = "msg";
};

// Set once before threads start. Lines go to standard error.
void configure_logging(LogFormat format, LogLevel least, LogFieldNames names = {});

// While it lives, a thread of its own writes the lines: whoever logs never waits for a reader that
// stalls. Lines for which there is no room then are lost, and counted with the next one that is
// written ("dropped=123"). Its end waits for what is still to be written, for two seconds at most.
// One at a time; without it, lines are written by whoever logs.
class LogThread {
 public:
  LogThread();
  ~LogThread();
  LogThread(const LogThread&) = delete;
  LogThread& operator=(const LogThread&) = delete;
};

// Tests only: lines go here instead of standard error until called with nullptr.
void capture_log(std::function<void(std::string_view line)> sink);

}  // namespace portway
