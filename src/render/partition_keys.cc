#include "render/partition_keys.h"

#include <fmt/format.h>

namespace portway::render {

uint32_t kafka_murmur2(std::string_view bytes) {
  constexpr uint32_t kSeed = 0x9747b28c;
  constexpr uint32_t kMultiplier = 0x5bd1e995;
  const auto byte = [&](size_t at) { return uint32_t{static_cast<unsigned char>(bytes[at])}; };
  const size_t whole = bytes.size() & ~size_t{3};
  uint32_t hash = kSeed ^ static_cast<uint32_t>(bytes.size());
  for (size_t i = 0; i < whole; i += 4) {
    uint32_t word = byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
    word *= kMultiplier;
    word ^= word >> 24;
    word *= kMultiplier;
    hash = hash * kMultiplier ^ word;
  }
  for (size_t i = bytes.size(); i > whole; --i) hash ^= byte(i - 1) << 8 * (i - 1 - whole);
  if (whole < bytes.size()) hash *= kMultiplier;
  hash ^= hash >> 13;
  hash *= kMultiplier;
  return hash ^ hash >> 15;
}

std::vector<std::string> partition_keys(size_t partitions) {
  std::vector<std::string> keys(partitions);
  size_t missing = partitions;
  for (size_t number = 0; missing > 0; ++number) {
    std::string key = fmt::format("k{}", number);
    std::string& place = keys[(kafka_murmur2(key) & 0x7fffffff) % partitions];
    if (!place.empty()) continue;
    place = std::move(key);
    --missing;
  }
  return keys;
}

}  // namespace portway::render
