#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace portway::kafka {

// Api keys that Portway treats by name. The source of keys and names: Apache Kafka's
// message definitions (common/message/*.json in kafka-clients).
enum ApiKey : int16_t {
  kProduce = 0,
  kFetch = 1,
  kMetadata = 3,
  kFindCoordinator = 10,
  kSaslHandshake = 17,
  kApiVersions = 18,
  kSaslAuthenticate = 36,
  kDescribeQuorum = 55,
  kDescribeCluster = 60,
  kShareFetch = 78,
  kShareAcknowledge = 79,
};

// Every api of Kafka 4.3 by name ("Produce"), and "unknown" for any other key: bounded, so that it
// may label a metric whatever a client sends.
std::string_view api_name(int16_t api_key);

// A dense index of the same: 0 .. kApiSlots - 1, the last for unknown keys.
size_t api_slot(int16_t api_key);
std::string_view api_slot_name(size_t slot);
extern const size_t kApiSlots;

// The first version with the flexible header (KIP-482) of this api's requests, or INT16_MAX.
int16_t first_flexible_version(int16_t api_key);

// The highest version of this api whose response Portway can rewrite, or INT16_MAX when nothing in
// it is rewritten: what ApiVersions is clamped to.
int16_t clamp_version(int16_t api_key);

}  // namespace portway::kafka
