#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plan/spec.h"

namespace portway::plan {

// What it costs to carry out one change.
enum class Impact : uint8_t {
  kNone,     // nothing that clients or brokers notice
  kRestart,  // brokers restart one by one, or proxies are replaced one by one
  kOutage,   // the clients named lose their connections, or must be set up anew
};

std::string_view impact_text(Impact impact);

// One thing that changing portway.yaml means in operations.
struct Change {
  Impact impact = Impact::kNone;
  std::string what;                // "broker 4 joins external listener EXTERNAL"
  std::string why;                 // what follows from it, and for whom
  std::vector<std::string> steps;  // what to do, in this order
};

// What going from one spec to the other means, in the order that is safe: what clients can already
// use is made first, what they may still use is removed last. Empty when the two mean the same.
std::vector<Change> spec_changes(const Spec& before, const Spec& after);

// The same as text, numbered; a line that says so when there is none.
std::string changes_text(const std::vector<Change>& changes);

}  // namespace portway::plan
