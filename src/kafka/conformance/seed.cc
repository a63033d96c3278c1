#include "kafka/conformance/seed.h"

#include <fmt/format.h>

#include <cstdlib>
#include <random>

namespace portway::kafka::conformance {

uint64_t seed() {
  static const uint64_t value = [] {
    const char* given = std::getenv("PORTWAY_SEED");
    const uint64_t chosen =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
    fmt::print("PORTWAY_SEED={}\n", chosen);
    return chosen;
  }();
  return value;
}

}  // namespace portway::kafka::conformance
