#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace portway {

// Decides which lines of an event are written: the first `burst` of every window of `window_ms`,
// which begins with its first line. Pure: the time comes from the caller. One thread at a time.
class LogLimiter {
 public:
  LogLimiter(uint32_t burst, uint32_t window_ms) : burst_(burst), window_ms_(window_ms) {}

  // nullopt: count the line and do not write it. Otherwise write it, and tell how many lines of
  // this event were held back since the last one written. `now_ms` is monotonic.
  std::optional<uint64_t> admit(std::string_view event, uint64_t now_ms);

 private:
  struct Window {
    uint64_t begin_ms = 0;
    uint32_t written = 0;
    uint64_t suppressed = 0;
  };

  uint32_t burst_;
  uint32_t window_ms_;
  std::map<std::string, Window, std::less<>> windows_;  // as many as there are event names
};

}  // namespace portway
