#include "plan/deployment.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "plan/planned_brokers.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr uint16_t kHealthPortDefault = 9080;
constexpr uint32_t kSecondMs = 1000;
constexpr uint32_t kHealthIntervalMaxS = 5;  // Google's own default
constexpr uint32_t kDrainingMaxS = 3600;     // the most that a backend service takes
constexpr size_t kBootstrapListLength = 3;   // one broker per zone is what clients are given
constexpr size_t kClusterIdBytes = 16;       // a UUID, in base64url (Kafka's Uuid)

// Of what stays the same when the cluster grows: brokers refuse to start under another id.
std::string derived_cluster_id(const Spec& spec) {
  std::string text = spec.cluster.name;
  if (spec.cloud) text += fmt::format("\n{}\n{}", spec.cloud->project, spec.cloud->network);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  digest[0] &= 0x7f;  // Kafka's own never start with a hyphen, which tools take for a flag
  return base64url({reinterpret_cast<const char*>(digest), kClusterIdBytes});
}

std::vector<Consumer> consumers_of(const Spec& spec, const std::vector<size_t>& listeners) {
  std::vector<Consumer> consumers;
  for (const size_t index : listeners) {
    const ExternalListenerSpec& listener = spec.external_listeners[index];
    for (const std::string& project : listener.consumers) {
      const auto known = std::find_if(consumers.begin(), consumers.end(),
                                      [&](const Consumer& one) { return one.project == project; });
      if (known == consumers.end()) {
        consumers.push_back({project, listener.connection_limit});
      } else {
        known->connection_limit = std::max(known->connection_limit, listener.connection_limit);
      }
    }
  }
  return consumers;
}

// The brokers that are there, on one external listener. Those without a place are left out.
void add_places(const Spec& spec, size_t index, std::vector<BrokerPlace>& places) {
  const ExternalListenerSpec& listener = spec.external_listeners[index];
  std::map<int32_t, PlannedBroker> planned;
  for (PlannedBroker& broker : planned_brokers(spec, index)) {
    planned.emplace(broker.broker_id, std::move(broker));
  }
  for (size_t i = 0; i < spec.cluster.nodes.size(); ++i) {
    const NodeSpec& node = spec.cluster.nodes[i];
    const auto found = planned.find(node.id);
    if (!node.is_broker || found == planned.end()) continue;
    const bool is_mapped = listener.method == Method::kPortMapping;
    places.push_back({index,
                      i,
                      node.id,
                      found->second.advertised_port,
                      is_mapped ? uint16_t{0} : found->second.port,
                      is_mapped ? listener.listen_port : uint16_t{0},
                      {substitute_id(listener.advertise, node.id), found->second.advertised_port}});
  }
}

std::vector<PortRange> bound_ports(const Spec& spec, const std::vector<size_t>& listeners) {
  std::vector<uint16_t> ports;
  for (const size_t index : listeners) {
    for (const PlannedBroker& broker : planned_brokers(spec, index)) ports.push_back(broker.port);
    const auto& bootstrap = spec.external_listeners[index].bootstrap_port;
    if (bootstrap) ports.push_back(*bootstrap);
  }
  return port_ranges(std::move(ports));
}

std::optional<Exposure> exposure_of(const Spec& spec, Method method) {
  Exposure exposure;
  exposure.method = method;
  for (size_t i = 0; i < spec.external_listeners.size(); ++i) {
    if (spec.external_listeners[i].method != method) continue;
    exposure.external_listeners.push_back(i);
    add_places(spec, i, exposure.places);
  }
  if (exposure.external_listeners.empty()) return std::nullopt;
  exposure.consumers = consumers_of(spec, exposure.external_listeners);
  if (method == Method::kProxy) {
    exposure.client_ports = bound_ports(spec, exposure.external_listeners);
  } else {
    std::vector<uint16_t> ports;
    for (const BrokerPlace& place : exposure.places) ports.push_back(place.client_port);
    exposure.client_ports = port_ranges(std::move(ports));
  }
  if (!spec.cloud) return exposure;
  const PortMappingSpec& mapping = spec.cloud->port_mapping;
  const ProxyFleetSpec& fleet = spec.cloud->proxy;
  const bool is_proxy = method == Method::kProxy;
  exposure.load_balancer = is_proxy ? fleet.load_balancer : mapping.load_balancer;
  exposure.service_attachment = is_proxy ? fleet.service_attachment : mapping.service_attachment;
  exposure.nat_subnet = is_proxy ? fleet.nat_subnet : mapping.nat_subnet;
  return exposure;
}

std::vector<PortRange> listen_ports(const Spec& spec, const Exposure& exposure) {
  std::vector<uint16_t> ports;
  for (const size_t index : exposure.external_listeners) {
    ports.push_back(spec.external_listeners[index].listen_port);
  }
  return port_ranges(std::move(ports));
}

// A new cluster: its nodes among themselves and from the bastion, and SSH through IAP.
void add_cluster_rules(const Spec& spec, const Deployment& deployment,
                       std::vector<FirewallRule>& rules) {
  const CloudSpec& cloud = *spec.cloud;
  std::vector<uint16_t> ports = {spec.cluster.internal.port, spec.cluster.controller.port};
  if (deployment.port_mapping) {
    for (const size_t index : deployment.port_mapping->external_listeners) {
      ports.push_back(spec.external_listeners[index].listen_port);
    }
  }
  std::vector<std::string> sources = {cloud.subnet.range};
  if (cloud.bastion.is_wanted) sources.push_back(cloud.bastion.subnet.range);
  rules.push_back({cloud.network + "-allow-custom",
                   "Kafka between the nodes, and from the bastion",
                   std::move(sources),
                   {std::string(kNodeTag)},
                   port_ranges(std::move(ports))});
  std::vector<std::string> tags = {std::string(kNodeTag)};
  if (cloud.bastion.is_wanted) tags.insert(tags.begin(), std::string(kBastionTag));
  rules.push_back({cloud.network + "-allow-ssh",
                   "SSH through Identity-Aware Proxy",
                   {std::string(kIapRange)},
                   std::move(tags),
                   {{22, 22}}});
}

std::vector<FirewallRule> firewall_rules(const Spec& spec, const Deployment& deployment) {
  std::vector<FirewallRule> rules;
  const CloudSpec& cloud = *spec.cloud;
  if (spec.cluster.is_new) add_cluster_rules(spec, deployment, rules);
  if (deployment.port_mapping) {
    rules.push_back({cloud.port_mapping.firewall_rule,
                     "From the endpoint to the brokers: the ports they bind, not the client ports",
                     {cloud.port_mapping.nat_subnet.range},
                     {std::string(kNodeTag)},
                     listen_ports(spec, *deployment.port_mapping)});
  }
  if (deployment.proxy) {
    rules.push_back({cloud.proxy.firewall_rule,
                     "From the endpoint to the proxies",
                     {cloud.proxy.nat_subnet.range},
                     {std::string(kProxyTag)},
                     deployment.proxy->client_ports});
    rules.push_back({cloud.proxy.health_check + "-probes",
                     "Google's health checks to the proxies",
                     {std::begin(kProbeRanges), std::end(kProbeRanges)},
                     {std::string(kProxyTag)},
                     {{deployment.health_port, deployment.health_port}}});
  }
  return rules;
}

// Places for a bootstrap list: of brokers that are there, else of those that have a place.
std::vector<std::pair<std::string, HostPort>> bootstrap_candidates(const Spec& spec, size_t index) {
  std::vector<BrokerPlace> places;
  add_places(spec, index, places);
  std::vector<std::pair<std::string, HostPort>> candidates;
  for (const BrokerPlace& place : places) {
    candidates.emplace_back(spec.cluster.nodes[place.node].zone, place.advertised);
  }
  if (!candidates.empty()) return candidates;
  const ExternalListenerSpec& listener = spec.external_listeners[index];
  for (const PlannedBroker& broker : planned_brokers(spec, index)) {
    candidates.emplace_back(
        "", HostPort{substitute_id(listener.advertise, broker.broker_id), broker.advertised_port});
  }
  return candidates;
}

}  // namespace

std::string to_string(const PortRange& range) {
  return range.first == range.last ? fmt::format("{}", range.first)
                                   : fmt::format("{}-{}", range.first, range.last);
}

std::vector<PortRange> port_ranges(std::vector<uint16_t> ports) {
  std::sort(ports.begin(), ports.end());
  std::vector<PortRange> ranges;
  for (const uint16_t port : ports) {
    if (!ranges.empty() && port <= ranges.back().last + 1) {
      ranges.back().last = port;
    } else {
      ranges.push_back({port, port});
    }
  }
  return ranges;
}

Deployment make_deployment(const Spec& spec) {
  Deployment deployment;
  deployment.cluster_id = spec.cluster.id.empty() ? derived_cluster_id(spec) : spec.cluster.id;
  deployment.health_port = spec.serve.admin ? spec.serve.admin->port : kHealthPortDefault;
  deployment.health_interval_s =
      std::clamp(spec.serve.drain_notice_ms / kSecondMs / 2, 1u, kHealthIntervalMaxS);
  const uint64_t drain_ms = uint64_t{spec.serve.drain_notice_ms} + spec.serve.drain_timeout_ms;
  deployment.draining_s = static_cast<uint32_t>(
      std::min<uint64_t>((drain_ms + kSecondMs - 1) / kSecondMs, kDrainingMaxS));
  deployment.port_mapping = exposure_of(spec, Method::kPortMapping);
  deployment.proxy = exposure_of(spec, Method::kProxy);
  if (spec.cloud) deployment.firewall_rules = firewall_rules(spec, deployment);
  return deployment;
}

std::vector<const Exposure*> exposures(const Deployment& deployment) {
  std::vector<const Exposure*> list;
  if (deployment.port_mapping) list.push_back(&*deployment.port_mapping);
  if (deployment.proxy) list.push_back(&*deployment.proxy);
  return list;
}

std::string service_attachment_uri(const Spec& spec, const Exposure& exposure) {
  return fmt::format("projects/{}/regions/{}/serviceAttachments/{}", spec.cloud->project,
                     spec.cloud->region, exposure.service_attachment);
}

std::vector<HostPort> bootstrap_servers(const Spec& spec, size_t external_listener) {
  const auto candidates = bootstrap_candidates(spec, external_listener);
  const auto port = spec.external_listeners[external_listener].bootstrap_port;
  if (port) return {{candidates.front().second.host, *port}};
  std::vector<HostPort> servers;
  std::set<size_t> taken;
  std::set<std::string> zones;
  for (const bool any_zone : {false, true}) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (servers.size() == kBootstrapListLength || taken.contains(i)) continue;
      if (!any_zone && !zones.insert(candidates[i].first).second) continue;
      taken.insert(i);
      servers.push_back(candidates[i].second);
    }
  }
  std::sort(servers.begin(), servers.end(),
            [](const HostPort& a, const HostPort& b) { return a.port < b.port; });
  return servers;
}

KafkaVersion kafka_version(const Spec& spec) {
  KafkaVersion version;
  int* const parts[] = {&version.major, &version.minor, &version.patch};
  std::string_view rest = spec.cluster.kafka_version;
  for (int* part : parts) {
    const size_t dot = std::min(rest.find('.'), rest.size());
    *part = static_cast<int>(parse_number(rest.substr(0, dot)).value_or(0));
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  return version;
}

}  // namespace portway::plan
