#pragma once

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

}  // namespace portway::proxy
