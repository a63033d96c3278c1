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
#include "plan/problem.h"

namespace portway::plan {

// portway.yaml, read and checked. Every field's meaning, unit, default and bounds stand in the
// table of spec_fields.h, from which the reader takes them and the reference page is written.

// How a client and a broker speak on a listener: Kafka's security.protocol.
enum class Security : uint8_t { kPlaintext, kSsl, kSaslPlaintext, kSaslSsl };

std::string_view security_name(Security security);  // "SASL_SSL"
Security security_of(std::string_view name);        // kPlaintext for what is no name
bool uses_tls(Security security);
bool uses_sasl(Security security);

// One Kafka node: a broker, a controller or both (process.roles).
struct NodeSpec {
  int32_t id = 0;
  std::string address;   // inside: an IP address or a host name
  std::string zone;      // empty: not said
  std::string instance;  // the VM's name
  bool is_broker = true;
  bool is_controller = true;

  bool operator==(const NodeSpec&) const = default;
};

// A listener that only the inside uses.
struct InsideListenerSpec {
  std::string name;
  uint16_t port = 0;
  Security security = Security::kPlaintext;

  bool operator==(const InsideListenerSpec&) const = default;
};

struct ClusterSpec {
  std::string name;
  std::vector<HostPort> bootstrap;  // never empty: the brokers' inside listeners unless given
  std::string kafka_version;        // "4.3.0"
  std::string id;                   // KRaft cluster id; empty: not said
  bool is_new = false;              // Portway's files set the cluster up; else it runs already
  std::string log_dirs;             // absolute path
  std::vector<NodeSpec> nodes;      // in ascending id; may be empty
  InsideListenerSpec internal;
  InsideListenerSpec controller;

  bool operator==(const ClusterSpec&) const = default;
};

// How clients of an external listener reach the brokers.
enum class Method : uint8_t {
  kProxy,        // through `portway serve`; brokers need no change
  kPortMapping,  // through a port mapping NEG; brokers advertise the ports themselves
};

std::string_view method_name(Method method);  // "port-mapping"

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
  std::optional<uint16_t> bootstrap_port;      // kProxy
  uint32_t connections_max = 0;                // kProxy
  Method method = Method::kProxy;
  uint16_t listen_port = 0;  // kPortMapping: what every broker binds for this external listener
  Security security = Security::kPlaintext;
  std::vector<std::string> sasl_mechanisms;
  std::vector<std::string> consumers;  // Google Cloud projects that may connect
  uint32_t connection_limit = 0;       // endpoints that each of them may have

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

enum class CloudProvider : uint8_t { kGcp, kAws, kAzure };

std::string_view provider_name(CloudProvider provider);  // "gcp"

struct SubnetSpec {
  std::string name;
  std::string range;         // IPv4 CIDR, host bits zero
  bool is_existing = false;  // there already; else made by the rendered files

  bool operator==(const SubnetSpec&) const = default;
};

// Method port-mapping: names of what is made for it.
struct PortMappingSpec {
  std::string network_endpoint_group;
  std::string load_balancer;  // the forwarding rule and the backend service
  std::string service_attachment;
  std::string firewall_rule;
  SubnetSpec nat_subnet;

  bool operator==(const PortMappingSpec&) const = default;
};

// Method proxy: the fleet of `portway serve` and names of what is made for it.
struct ProxyFleetSpec {
  std::string instance_group;
  std::string instance_template;
  std::string load_balancer;
  std::string health_check;
  std::string service_attachment;
  std::string firewall_rule;
  SubnetSpec nat_subnet;
  std::string machine_type;
  uint32_t replicas_min = 0;
  uint32_t replicas_max = 0;
  std::string binary;         // gs:// or https:// address of the portway executable; may be empty
  std::string binary_sha256;  // 64 lowercase hex digits; may be empty

  bool operator==(const ProxyFleetSpec&) const = default;
};

// The host from which people look after a new cluster.
struct BastionSpec {
  bool is_wanted = true;
  std::string name;
  std::string zone;  // empty: the first zone
  std::string machine_type;
  SubnetSpec subnet;

  bool operator==(const BastionSpec&) const = default;
};

struct CloudSpec {
  CloudProvider provider = CloudProvider::kGcp;
  std::string project;
  std::string region;
  std::vector<std::string> zones;  // never empty: the nodes' zones unless given
  std::string network;
  bool network_is_existing = false;
  SubnetSpec subnet;  // of the brokers, the load balancers' addresses and the proxies
  bool global_access = false;
  std::string node_machine_type;
  uint32_t node_disk_gb = 0;
  BastionSpec bastion;
  PortMappingSpec port_mapping;
  ProxyFleetSpec proxy;

  bool operator==(const CloudSpec&) const = default;
};

struct KubernetesSpec {
  std::string namespace_name;
  std::string name;
  std::string image;
  uint32_t replicas_min = 0;
  uint32_t replicas_max = 0;

  bool operator==(const KubernetesSpec&) const = default;
};

struct Spec {
  ClusterSpec cluster;
  std::vector<ExternalListenerSpec> external_listeners;
  ServeSpec serve;
  std::optional<CloudSpec> cloud;            // absent: nothing of a cloud can be rendered
  std::optional<KubernetesSpec> kubernetes;  // absent: no manifests can be rendered

  bool operator==(const Spec&) const = default;
};

// A spec, and where in its file everything stands.
struct LoadedSpec {
  Spec spec;
  Places places;                   // of every key, list entry and block that the file has
  std::vector<size_t> node_order;  // spec.cluster.nodes[i] is cluster.nodes[node_order[i]] there
};

// Reads and checks the text of portway.yaml, at most 1 MiB. All problems that can be found in one
// pass are found, in the order of the file.
tl::expected<LoadedSpec, std::vector<Problem>> read_spec(std::string_view text);

// The same for a file called `file_name` (for messages only). The error is the operator's,
// "bad_spec", and has a line for each problem: "FILE:LINE:COLUMN: KEY: what is wrong; what would be
// right [PW003]".
Result<Spec> parse_spec(std::string_view text, std::string_view file_name);

// The text of a file, cut behind the first byte too many; "spec_unreadable".
Result<std::string> read_spec_file(const std::string& path);

// Reads `path` from disk, then as above.
Result<Spec> load_spec(const std::string& path);

// What `portway serve` is to do of it: the external listeners with the method proxy. An error (the
// operator's, "nothing_to_serve") when there is none.
Result<Spec> spec_to_serve(Spec spec);

// The port plan of a checked spec: what clients are told for every external listener, and the ports
// that `portway serve` binds (none for port mappings). Cannot fail: parse_spec refuses what would
// collide.
PortPlan make_port_plan(const Spec& spec);

// The spec as text that parse_spec reads back to the same; used by `portway convert`.
std::string to_yaml(const Spec& spec);

}  // namespace portway::plan
