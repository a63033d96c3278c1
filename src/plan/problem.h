#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "plan/check/codes.h"

namespace portway::plan {

// A place in a file, counted from 1; 0: unknown.
struct Place {
  int line = 0;
  int column = 0;
};

// One thing that is wrong with a configuration.
struct Problem {
  Place place;
  std::string key;      // "external_listeners[0].ports.ids"; may be empty
  std::string message;  // what is wrong; what would be right
  Check code = Check::kBadValue;
};

// Further ones are not collected: nobody reads them, and a hostile file could make millions.
inline constexpr size_t kProblemsMax = 1000;

// Where each key of a file stands, by the key as problems name it.
using Places = std::map<std::string, Place>;

}  // namespace portway::plan
