#include "net/log/log_limiter.h"

#include <utility>

namespace portway {

std::optional<uint64_t> LogLimiter::admit(std::string_view event, uint64_t now_ms) {
  auto found = windows_.find(event);
  if (found == windows_.end()) found = windows_.emplace(event, Window{now_ms, 0, 0}).first;
  Window& window = found->second;
  if (now_ms - window.begin_ms >= window_ms_) {
    window.begin_ms = now_ms;
    window.written = 0;
  }
  if (window.written == burst_) {
    ++window.suppressed;
    return std::nullopt;
  }
  ++window.written;
  return std::exchange(window.suppressed, 0);
}

}  // namespace portway
