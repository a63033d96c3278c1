// Answers to Portway's own questions: read or refused, and every broker has an address.
//
// Input: Metadata's version (one byte; from 128 on, an ApiVersions answer instead), the frame.
#include <cstdlib>
#include <string>

#include "kafka/metadata.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace portway::kafka;
  if (size == 0) return 0;
  const std::string frame(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] >= 128) {
    if (const auto range = metadata_versions(frame)) {
      const int16_t version = choose_metadata_version(*range);
      if (version < -1 || version > 13) std::abort();
      if (version >= 0 && (version < range->min || version > range->max)) std::abort();
    }
    return 0;
  }
  const auto brokers = metadata_brokers(frame, static_cast<int16_t>(data[0] % 14));
  if (!brokers) return 0;
  for (const BrokerEntry& broker : *brokers) {
    if (broker.address.host.empty() || broker.address.port == 0) std::abort();
  }
  return 0;
}
