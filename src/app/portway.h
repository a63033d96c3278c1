#pragma once

#include <string>
#include <vector>

#include "app/console.h"

namespace portway::app {

// The whole program: `words` are the command line without the program's name. Returns the exit
// code.
int run_portway(const std::vector<std::string>& words, Console& console);

}  // namespace portway::app
