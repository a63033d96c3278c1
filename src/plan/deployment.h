#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/host_port.h"
#include "plan/spec.h"

namespace portway::plan {

// What one file means in Kafka nodes and cloud resources. The plan's tables, the checks, the
// renderers and `portway diff` all take it from here, so that no two of them can disagree. A pure
// function of the spec; resources are those of Google Cloud.

// Network tags by which firewall rules find their instances.
inline constexpr std::string_view kNodeTag = "kafka-node";
inline constexpr std::string_view kProxyTag = "kafka-proxy";
inline constexpr std::string_view kBastionTag = "kafka-bastion";

// Where Google's health checks and its IAP tunnels come from (Google Cloud: "Probe IP ranges",
// "Using IAP for TCP forwarding").
inline constexpr std::string_view kProbeRanges[] = {"35.191.0.0/16", "130.211.0.0/22"};
inline constexpr std::string_view kIapRange = "35.235.240.0/20";

struct PortRange {  // inclusive
  uint16_t first = 0;
  uint16_t last = 0;

  bool operator==(const PortRange&) const = default;
};

std::string to_string(const PortRange& range);  // "9092-9155", "39092"

// Ports in ascending order, joined where they touch.
std::vector<PortRange> port_ranges(std::vector<uint16_t> ports);

// One broker's place on one external listener: what its clients are told, and what stands behind.
struct BrokerPlace {
  size_t external_listener = 0;  // index into Spec::external_listeners
  size_t node = 0;               // index into Spec::cluster.nodes
  int32_t broker_id = 0;
  uint16_t client_port = 0;  // at the endpoint; the proxies bind the same, but see proxy_port
  uint16_t proxy_port = 0;   // kProxy: what `portway serve` binds
  uint16_t vm_port = 0;      // kPortMapping: the broker's listen port
  HostPort advertised;       // what clients are told
};

struct Consumer {
  std::string project;
  uint32_t connection_limit = 0;

  bool operator==(const Consumer&) const = default;
};

// One service attachment with its load balancer: that of all external listeners of one method.
// Names that Google needs beyond those of the spec are the load balancer's.
struct Exposure {
  Method method = Method::kProxy;
  std::vector<size_t> external_listeners;
  std::string load_balancer;  // the forwarding rule and the backend service bear its name
  std::string service_attachment;
  SubnetSpec nat_subnet;
  std::vector<Consumer> consumers;      // each project once, with the highest limit it is given
  std::vector<BrokerPlace> places;      // of nodes that are there, by listener and id
  std::vector<PortRange> client_ports;  // kPortMapping: those of `places`; kProxy: every bound port
};

struct FirewallRule {
  std::string name;
  std::string description;
  std::vector<std::string> sources;      // IPv4 ranges
  std::vector<std::string> target_tags;  // empty: every instance of the network
  std::vector<PortRange> ports;          // TCP
};

struct Deployment {
  std::string cluster_id;  // of a new cluster
  std::optional<Exposure> port_mapping;
  std::optional<Exposure> proxy;
  std::vector<FirewallRule> firewall_rules;  // empty without a cloud
  uint16_t health_port = 0;                  // of the proxies' /readyz

  // For a load balancer in front of proxies that drain as serve.drain_* says. Asking /readyz every
  // health_interval_s, it has seen two failures within drain_notice; for draining_s, the notice and
  // the drain itself (Google allows an hour), it leaves connections of a leaving proxy alone.
  uint32_t health_interval_s = 0;
  uint32_t draining_s = 0;
};

Deployment make_deployment(const Spec& spec);

// The exposures there are, port mapping first.
std::vector<const Exposure*> exposures(const Deployment& deployment);

// "projects/P/regions/R/serviceAttachments/NAME", as consoles ask for it. Needs spec.cloud.
std::string service_attachment_uri(const Spec& spec, const Exposure& exposure);

// What clients of an external listener are to be given as bootstrap servers: the bootstrap port if
// there is one, else up to three brokers, of different zones where that is known; brokers that are
// there before those that only have a place.
std::vector<HostPort> bootstrap_servers(const Spec& spec, size_t external_listener);

// 4.3.0 -> {4, 3, 0}.
struct KafkaVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;

  auto operator<=>(const KafkaVersion&) const = default;
};
KafkaVersion kafka_version(const Spec& spec);

// A name that TiDB Cloud gives: LABEL[.AZ].UNIQUE.REGION.CLOUD.NUMBER.tidbcloud.com, or
// LABEL[.AZ].UNIQUE.CLOUD.plc.tidbcloud.com, which has neither region nor number. The label may
// hold {id}.
struct TidbCloudName {
  std::string label;
  std::string az_id;   // AWS only; may be empty
  std::string unique;  // what the console calls the unique random string
  std::string region;  // may be empty
  std::string cloud;   // "gcp", "aws", "azure", "alicloud"
  std::string number;  // may be empty
};
std::optional<TidbCloudName> parse_tidb_cloud_name(std::string_view advertise);

}  // namespace portway::plan
