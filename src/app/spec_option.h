#pragma once

#include <string>

#include "app/console.h"
#include "plan/spec.h"

namespace CLI {
class App;
}

namespace portway::app {

// Adds -c/--config FILE to a command; portway.yaml in the current directory unless given. `path`
// outlives the command.
void add_spec_option(CLI::App& command, std::string& path);

// The spec at `path`; when it cannot be used, tells why and finishes with kExitBadUsage.
plan::Spec load_spec_or_finish(const std::string& path, Console& console);

}  // namespace portway::app
