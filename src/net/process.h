#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace portway::net {

// The process's own affairs with the operating system, beside sockets.

enum class Signal : uint8_t { kHangUp, kInterrupt, kTerminate };

// From now on SIGHUP, SIGINT and SIGTERM are told by wait_for_signal() alone, in every thread
// started after this.
void block_signals();

// Waits for one of them; nullopt: the time is over. < 0: for ever.
std::optional<Signal> wait_for_signal(int64_t timeout_us);

// The same for SIGINT and SIGTERM alone: whether one came within the time. A SIGHUP stays where it
// is.
bool wait_for_stop_signal(int64_t timeout_us);

// Raises the soft limit on open files to the hard one; returns the limit in force.
uint64_t raise_descriptor_limit();

// Processors this process may run on.
uint32_t usable_processors();

// Bytes that nobody can guess (getrandom(2)).
std::string random_bytes(size_t count);

}  // namespace portway::net
