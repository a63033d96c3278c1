#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/host_port.h"
#include "base/result.h"
#include "plan/port_plan.h"

namespace portway::plan {

// portway.yaml, read and checked. Every field's meaning, unit, default and bounds stand in the
// table of spec_fields.h, from which the reader takes them and the reference page is written.

struct ClusterSpec {
  std::string name;
  std::vector<HostPort> bootstrap;

  bool operator==(const ClusterSpec&) const = default;
};

struct IdRange {  // inclusive
  int32_t first = 0;
  int32_t last = 0;

  bool operator==(const IdRange&) const = default;
};

// port(id) = first + (id - lowest id of `ids`), for every id inside one of the ranges.
struct PortBlock {
  uint16_t first = 0;
  uint16_t advertised_first = 0;  // what clients are told instead; equals `first` unless given
  std::vector<IdRange> ids;       // in ascending order, never empty

  bool operator==(const PortBlock&) const = default;
};

struct BrokerException {
  uint16_t port = 0;
  uint16_t advertised_port = 0;

  bool operator==(const BrokerException&) const = default;
};

struct ExternalListenerSpec {
  std::string name;
  std::string advertise;  // with {id} for the broker's id, or one name for all
  std::vector<PortBlock> ports;
  std::map<int32_t, BrokerException> brokers;  // explicit exceptions
  std::optional<uint16_t> bootstrap_port;
  uint32_t connections_max = 0;

  bool operator==(const ExternalListenerSpec&) const = default;
};

// Kafka's own api keys are below 100; what else there is cannot be forbidden.
inline constexpr int16_t kForbiddenApiKeyMax = 255;

struct ServeSpec {
  std::vector<std::string> listen;  // IP addresses to bind; each port is bound on each
  std::optional<HostPort> admin;    // absent: no admin HTTP
  uint32_t workers = 0;             // 0: one per usable core
  std::string log_format;           // "logfmt" or "json"
  std::string log_level;            // "debug", "info", "warning", "error"
  std::string client_id;            // of Portway's own requests to brokers
  uint32_t keep_alive_ms = 0;       // TCP keep-alive idle time, both sides; 0: off
  uint32_t dial_timeout_ms = 0;
  uint32_t first_byte_timeout_ms = 0;
  uint32_t idle_timeout_ms = 0;
  uint32_t drain_notice_ms = 0;   // from failing readiness until the listeners close
  uint32_t drain_timeout_ms = 0;  // then until connections are cut
  uint32_t topology_refresh_ms = 0;
  uint32_t connections_max = 0;
  uint32_t requests_in_flight_max = 0;  // per connection; further requests wait
  uint32_t request_bytes_max = 0;
  uint32_t response_bytes_max = 0;
  uint32_t splice_bytes_min = 0;      // bodies from this size on move by splice(2); 0: never
  uint32_t receive_buffer_bytes = 0;  // SO_RCVBUF, 0: the system's
  uint32_t send_buffer_bytes = 0;     // SO_SNDBUF, 0: the system's
  std::vector<int16_t> forbidden_api_keys;

  bool operator==(const ServeSpec&) const = default;
};

struct Spec {
  ClusterSpec cluster;
  std::vector<ExternalListenerSpec> external_listeners;
  ServeSpec serve;

  bool operator==(const Spec&) const = default;
};

// Reads and checks the text of a file called `file_name` (for messages only). At most 1 MiB.
// Errors are the operator's and read "FILE:LINE:COLUMN: KEY: what is wrong; what would be right";
// all that can be found in one pass are found, one a line.
Result<Spec> parse_spec(std::string_view text, std::string_view file_name);

// Reads `path` from disk, then as above.
Result<Spec> load_spec(const std::string& path);

// The port plan of a checked spec. Cannot fail: parse_spec refuses what would collide.
PortPlan make_port_plan(const Spec& spec);

// The spec as text that parse_spec reads back to the same; used by `portway convert`.
std::string to_yaml(const Spec& spec);

}  // namespace portway::plan
