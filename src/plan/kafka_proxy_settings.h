#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/host_port.h"
#include "base/log.h"
#include "base/result.h"
#include "plan/kafka_proxy_command_line.h"
#include "plan/spec.h"

namespace portway::plan {

// One --bootstrap-server-mapping.
struct ServerMapping {
  HostPort broker;      // as the cluster advertises it
  HostPort listen;      // an IP address of this machine and a port
  HostPort advertised;  // what clients are told

  bool operator==(const ServerMapping&) const = default;
};

// Ports for brokers that no mapping names ("dynamic listeners").
struct DynamicPorts {
  bool enabled = true;
  bool deterministic = false;  // port = first + id mod count, instead of one after the other
  uint16_t first = 0;          // 0: any free port
  uint32_t count = 0;          // ports from `first` on; 0 only when `first` is
  std::string listen;          // an IP address
  std::string advertise;       // a host name, with {id} for the broker's id
  std::optional<uint16_t> advertised_port;  // instead of the bound one
};

// A kafka-proxy command line, understood.
struct KafkaProxySettings {
  // `serve` as portway.yaml would have it, and the mapped brokers as cluster.bootstrap;
  // external_listeners is empty: ports come from a KafkaProxyPlanner.
  Spec spec;
  std::vector<ServerMapping> mappings;        // of --bootstrap-server-mapping, each broker once
  std::map<HostPort, HostPort> external;      // broker -> what clients are told; nothing is bound
  std::map<HostPort, HostPort> dial_mapping;  // address in the cluster -> address to connect to
  DynamicPorts dynamic;
  std::string health_path;   // beside /livez
  std::string metrics_path;  // beside /metrics
  LogFieldNames log_fields;
  std::vector<std::string> warnings;  // for the log, one a line
};

// What the flags mean. The error (operator, "bad_flags") has a line for each thing that is wrong:
// flags that Portway does not support yet, values out of bounds, mappings that contradict each
// other.
Result<KafkaProxySettings> kafka_proxy_settings(const KafkaProxyCommandLine& line);

}  // namespace portway::plan
