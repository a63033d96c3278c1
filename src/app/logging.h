#pragma once

#include "base/log.h"
#include "plan/spec.h"

namespace portway::app {

// Logging as `serve` says. Before any thread starts.
void configure_logging_by(const plan::ServeSpec& serve, const LogFieldNames& names = {});

}  // namespace portway::app
