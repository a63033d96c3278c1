#include "plan/cluster_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "plan/spec_fields.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

void read_bootstrap(const Section& cluster, std::vector<HostPort>& bootstrap, Findings& findings) {
  for (const Text& text : cluster.texts("bootstrap")) {
    const auto address = parse_host_port(text.text);
    if (!address) {
      findings.add(text.place, text.key, address.error().message);
    } else if (std::find(bootstrap.begin(), bootstrap.end(), *address) != bootstrap.end()) {
      findings.add(text.place, text.key, fmt::format("{} is listed twice", text.text),
                   Check::kGivenTwice);
    } else {
      bootstrap.push_back(*address);
    }
  }
}

NodeSpec read_node(const Section& section) {
  NodeSpec node;
  node.id = static_cast<int32_t>(section.quantity("id"));
  node.address = section.text("address");
  if (section.has("address") && !is_ip_address(node.address) && !is_dns_name(node.address)) {
    section.add("address", fmt::format("'{}' is neither an IP address nor a host name; write for "
                                       "example 10.64.0.2, without a port",
                                       node.address));
  }
  node.zone = section.text("zone");
  node.instance = section.text("instance");
  if (node.instance.empty()) node.instance = fmt::format("broker-node{}", node.id);
  node.is_broker = node.is_controller = false;
  for (const Text& role : section.texts("roles")) {
    bool& has_role = role.text == "broker" ? node.is_broker : node.is_controller;
    if (has_role)
      section.add("roles", fmt::format("{} is listed twice", role.text), Check::kGivenTwice);
    has_role = true;
  }
  return node;
}

void read_nodes(const Section& cluster, std::vector<NodeSpec>& nodes, Findings& findings) {
  std::vector<NodeSpec> read;
  for (const Section& section : cluster.mappings("nodes")) read.push_back(read_node(section));
  std::vector<size_t>& order = findings.node_order;
  order.resize(read.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&read](size_t a, size_t b) { return read[a].id < read[b].id; });
  for (const size_t index : order) nodes.push_back(std::move(read[index]));
}

InsideListenerSpec read_inside_listener(const Section& section) {
  return {section.text("name"), static_cast<uint16_t>(section.quantity("port")),
          security_of(section.choice("security"))};
}

}  // namespace

ClusterSpec read_cluster(const Section& cluster, Findings& findings) {
  ClusterSpec spec;
  spec.name = cluster.text("name");
  read_bootstrap(cluster, spec.bootstrap, findings);
  spec.kafka_version = cluster.text("kafka_version");
  spec.is_new = cluster.flag("new");
  spec.id = cluster.text("id");
  spec.log_dirs = cluster.text("log_dirs");
  read_nodes(cluster, spec.nodes, findings);
  const Section listeners = cluster.mapping("listeners");
  spec.internal = read_inside_listener(listeners.mapping("internal"));
  spec.controller = read_inside_listener(listeners.mapping("controller"));
  if (cluster.has_keys() && !cluster.has("bootstrap") && !cluster.has("nodes")) {
    cluster.add("bootstrap",
                "missing, and nodes too; write for example bootstrap: "
                "[\"10.64.0.2:9092\", \"10.64.0.3:9092\"]",
                Check::kMissing);
  }
  return spec;
}

void complete_cluster(ClusterSpec& cluster, const std::optional<CloudSpec>& cloud) {
  if (cluster.bootstrap.empty()) {
    for (const NodeSpec& node : cluster.nodes) {
      if (cluster.bootstrap.size() == kBootstrapServersMax) break;
      if (node.is_broker) cluster.bootstrap.push_back({node.address, cluster.internal.port});
    }
  }
  if (!cloud || !cluster.is_new) return;
  const size_t count = cloud->zones.size();
  for (NodeSpec& node : cluster.nodes) {
    // By id, so that a broker to come moves no other.
    const size_t turn = static_cast<size_t>(node.id) + count - 1;
    if (node.zone.empty()) node.zone = cloud->zones[turn % count];
  }
}

}  // namespace portway::plan
