#pragma once

#include <cstdint>

namespace portway::kafka::conformance {

// The seed of this run, printed once; PORTWAY_SEED replays one.
uint64_t seed();

}  // namespace portway::kafka::conformance
