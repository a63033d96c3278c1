#include "net/process.h"

#include <sched.h>
#include <sys/random.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>

namespace portway::net {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

sigset_t our_signals() {
  sigset_t set = stop_signals();
  sigaddset(&set, SIGHUP);
  return set;
}

// The signal's number; < 0 when the time was over.
int wait_for_one_of(const sigset_t& set, int64_t timeout_us) {
  if (timeout_us < 0) return sigwaitinfo(&set, nullptr);
  const timespec timeout{timeout_us / 1'000'000, (timeout_us % 1'000'000) * 1000};
  return sigtimedwait(&set, nullptr, &timeout);
}

}  // namespace

void block_signals() {
  const sigset_t set = our_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

std::optional<Signal> wait_for_signal(int64_t timeout_us) {
  switch (wait_for_one_of(our_signals(), timeout_us)) {
    case SIGHUP:
      return Signal::kHangUp;
    case SIGINT:
      return Signal::kInterrupt;
    case SIGTERM:
      return Signal::kTerminate;
    default:
      return std::nullopt;
  }
}

bool wait_for_stop_signal(int64_t timeout_us) {
  return wait_for_one_of(stop_signals(), timeout_us) > 0;
}

uint64_t raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

uint32_t usable_processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<uint32_t>(std::max(1, CPU_COUNT(&set)));
}

std::string random_bytes(size_t count) {
  std::string bytes(count, '\0');
  size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got > 0) filled += static_cast<size_t>(got);
    if (got < 0 && errno != EINTR) std::abort();  // every Linux since 3.17 has it
  }
  return bytes;
}

}  // namespace portway::net
