#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/host_port.h"

namespace portway::plan {

// What a bound port leads to.
enum class Target : uint8_t {
  kBroker,     // the broker with `broker_id`
  kAnyBroker,  // any live broker: a bootstrap port
  kAddress,    // `address`, whatever broker id it has (a bootstrap mapping of kafka-proxy)
};

// One TCP port that `serve` listens on.
struct BoundPort {
  size_t external_listener = 0;  // index into PortPlan::external_listeners
  std::string listen;            // an IP address, v4 or v6
  uint16_t port = 0;
  Target target = Target::kBroker;
  int32_t broker_id = -1;  // kBroker
  HostPort address;        // kAddress

  bool operator==(const BoundPort&) const = default;
};

// One set of addresses for one kind of client (Kafka's EXTERNAL, EXTERNAL2, ...).
struct ExternalListenerPlan {
  std::string name;
  std::map<int32_t, HostPort> advertised;  // broker id -> what clients are told
  uint32_t connections_max = 0;            // 0: only the limit of the process
  std::string widen_hint;  // what to write into the file to give one more broker a place

  // What clients are told instead of these inside addresses, before anything is looked up by broker
  // id: what is known of a broker by its address needs no topology.
  std::map<HostPort, HostPort> advertised_by_address{};

  bool operator==(const ExternalListenerPlan&) const = default;
};

// Broker id -> host:port, and the ports to bind. A pure function of configuration (and, for
// kafka-proxy's sequential ports only, of the set of known brokers): no two replicas disagree.
struct PortPlan {
  std::vector<ExternalListenerPlan> external_listeners;
  std::vector<BoundPort> ports;

  bool operator==(const PortPlan&) const = default;
};

}  // namespace portway::plan
