#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "proxy/server.h"

namespace portway::proxy {

// Runs a proxy over Linux until it is told to stop; what `portway serve` and `portway server` do.
//   SIGTERM  readiness fails for serve.drain.notice, then listeners close and connections drain for
//            at most serve.drain.timeout
//   SIGINT   the same without the notice
//   a second of either: stops at once
//   SIGHUP   reads the configuration again
// Returns when everything is closed. An error (operator): it could not start.
//
// Must be called before any other thread runs: it blocks these signals for the whole process. The
// limit on open files is raised to what the machine allows.
Result<void> serve(ServerInput input);

// Waits for so long; false at once when it is asked to stop at once.
using WaitUnlessStopped = std::function<bool(int64_t timeout_us)>;

// The part of serve() between the signal and the end: returns when nothing is open any more, when
// what was still busy at the deadline was cut, or when `wait` says so.
void drain(Server& server, bool with_notice, const WaitUnlessStopped& wait);

}  // namespace portway::proxy
