#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/host_port.h"
#include "proxy/metrics.h"

namespace portway::proxy {

// What the running proxy tells its admin HTTP server. Called from that server's threads; returns
// copies, takes no lock that a worker waits for.

struct PortStatus {
  std::string listen;
  uint16_t port = 0;
  std::string target;  // "broker 4", "any broker", "10.0.0.2:9092"
  int32_t broker_id = -1;
  HostPort advertised;  // empty host: none
  HostPort broker;      // inside address; empty host: not known (yet)
  bool bound = false;
};

struct ListenerStatus {
  std::string name;
  std::vector<PortStatus> ports;
  std::vector<int32_t> brokers_without_place;
  std::string widen_hint;  // what to change in the file when there are any
  uint64_t connections = 0;
};

enum class TopologyState : uint8_t {
  kUnknown,  // not learnt yet: not ready
  kKnown,
  kNeedsAuthentication,  // brokers demand SASL: learnt from clients' connections; ready
};
std::string_view topology_state_name(TopologyState state);

struct ProxyStatus {
  bool ready = false;
  bool draining = false;
  std::string not_ready_reason;  // empty when ready
  std::string cluster;
  TopologyState topology = TopologyState::kUnknown;
  uint64_t topology_age_ms = 0;
  std::string topology_error;  // the last failure to refresh, empty when it worked
  uint64_t uptime_ms = 0;
  uint64_t configuration_generation = 0;  // grows with every reload that took
  std::string configuration_error;        // the last reload that was refused, else empty
  uint64_t configuration_failures = 0;    // reloads that were refused
  std::vector<uint64_t> connections_by_worker;
  std::vector<ListenerStatus> external_listeners;
};

class AdminSource {
 public:
  virtual ~AdminSource() = default;
  virtual ProxyStatus status() const = 0;
  virtual std::vector<const WorkerMetrics*> worker_metrics() const = 0;
};

}  // namespace portway::proxy
