#pragma once

#include <functional>

namespace portway::proxy {

// The longest that a test waits for anything that is sure to come. Generous: sanitizers and a busy
// machine are slow, and nobody waits for it while tests pass.
inline constexpr int kPatienceMs = 20'000;

// Looks at `condition` again and again until it holds; false when the patience is over. For what
// announces itself by no event, as counters do; sockets are waited for by themselves.
bool wait_until(const std::function<bool()>& condition, int patience_ms = kPatienceMs);

}  // namespace portway::proxy
