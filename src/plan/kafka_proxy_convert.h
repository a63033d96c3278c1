#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/host_port.h"
#include "base/result.h"
#include "plan/kafka_proxy_settings.h"
#include "plan/spec.h"

namespace portway::plan {

// How many brokers without a mapping get a place where the flags name no number.
inline constexpr uint32_t kConvertedBrokers = 64;

// A kafka-proxy command line as a portway.yaml.
struct Conversion {
  Spec spec;
  std::vector<std::string> notes;  // what was assumed, what changes, what could not be carried over
};

// `broker_ids` are the ids of mapped brokers by their address, where they are known; the others are
// assumed to count from 1 in the order of the mappings, and a note says so. The error (operator,
// "bad_conversion"): an id or address that does not fit, or flags from which no plan without
// collisions follows.
Result<Conversion> convert_kafka_proxy(const KafkaProxySettings& settings,
                                       const std::map<HostPort, int32_t>& broker_ids);

// The file: the notes as comments, then the YAML.
std::string to_yaml(const Conversion& conversion);

}  // namespace portway::plan
