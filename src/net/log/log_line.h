#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/log.h"

namespace portway {

// What goes into one line of the log. Pure: the time comes from the caller.
struct LogLine {
  int64_t unix_ms = 0;
  LogLevel level = LogLevel::kInfo;
  std::string_view event;
  std::string_view message;
  std::span<const LogField> fields;
  uint64_t suppressed = 0;  // earlier lines of this event that were not written; 0: not told
  uint64_t dropped = 0;     // earlier lines of any event that found no room; 0: not told
};

// Values longer than this are cut and end in "...": a client chooses some of them.
inline constexpr size_t kLogValueBytesMax = 2048;

// One line without its newline, printable ASCII only in either format: what a client sent can
// neither end the line nor steer a terminal. The line is
//   ts level event msg, then the fields in their order, then suppressed and dropped.
// Timestamps are UTC with milliseconds (RFC 3339).
std::string format_log_line(LogFormat format, const LogFieldNames& names, const LogLine& line);

std::string_view log_level_name(LogLevel level);

}  // namespace portway
