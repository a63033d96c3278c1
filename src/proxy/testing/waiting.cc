#include "proxy/testing/waiting.h"

#include <poll.h>

#include <chrono>

namespace portway::proxy {

bool wait_until(const std::function<bool()>& condition, int patience_ms) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(patience_ms);
  while (!condition()) {
    if (Clock::now() >= deadline) return false;
    ::poll(nullptr, 0, 1);  // leaves the processor to those that are waited for
  }
  return true;
}

}  // namespace portway::proxy
