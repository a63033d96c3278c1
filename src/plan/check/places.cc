// Nodes and their places: every broker that clients can hear of needs a port that leads to it.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "plan/check/check_plan.h"
#include "plan/planned_brokers.h"

namespace portway::plan {
namespace {

constexpr uint16_t kLastPrivilegedPort = 1023;

// Linux: net.ipv4.ip_local_port_range, unless changed.
constexpr PortRange kEphemeralPorts = {32768, 60999};

// On AWS one external listener stands for one zone: brokers of other zones have theirs elsewhere.
bool is_expected(const NodeSpec& node, const ExternalListenerSpec& listener) {
  if (!node.is_broker) return false;
  const auto name = parse_tidb_cloud_name(listener.advertise);
  return !name || name->cloud != "aws" || node.zone.empty() || name->az_id == node.zone;
}

void check_nodes_have_places(const PlanToCheck& plan, size_t index,
                             const std::set<int32_t>& planned, SpecReport& report) {
  const ExternalListenerSpec& listener = plan.spec.external_listeners[index];
  const bool is_mapped = listener.method == Method::kPortMapping;
  for (size_t i = 0; i < plan.spec.cluster.nodes.size(); ++i) {
    const NodeSpec& node = plan.spec.cluster.nodes[i];
    if (!is_expected(node, listener) || planned.contains(node.id)) continue;
    report.add(is_mapped ? Check::kNodeUnmapped : Check::kNodeUnplaced, report.node_key(i) + ".id",
               fmt::format("broker {} has no port on {}", node.id, listener.name),
               fmt::format("widen {}.ports.ids to take in {}", listener_key(index), node.id));
  }
}

void check_room(const PlanToCheck& plan, size_t index, const std::set<int32_t>& planned,
                SpecReport& report) {
  const auto& nodes = plan.spec.cluster.nodes;
  const auto taken = static_cast<size_t>(std::count_if(
      nodes.begin(), nodes.end(), [&](const NodeSpec& node) { return planned.contains(node.id); }));
  if (nodes.empty() || taken < planned.size()) return;
  report.add(Check::kNoRoom, listener_key(index) + ".ports",
             fmt::format("all {} places of {} are taken", planned.size(),
                         plan.spec.external_listeners[index].name));
}

void check_port_numbers(size_t index, const ExternalListenerSpec& listener,
                        const std::vector<PlannedBroker>& brokers, SpecReport& report) {
  if (listener.method == Method::kPortMapping) {
    if (listener.listen_port <= kLastPrivilegedPort) {
      report.add(Check::kLowPort, listener_key(index) + ".listen_port",
                 fmt::format("brokers are to listen on port {}", listener.listen_port));
    }
    return;
  }
  uint16_t lowest = listener.bootstrap_port.value_or(UINT16_MAX);
  bool is_ephemeral = false;
  for (const PlannedBroker& broker : brokers) {
    lowest = std::min(lowest, broker.port);
    is_ephemeral |= broker.port >= kEphemeralPorts.first && broker.port <= kEphemeralPorts.last;
  }
  if (lowest <= kLastPrivilegedPort) {
    report.add(Check::kLowPort, listener_key(index) + ".ports",
               fmt::format("portway serve is to listen on port {}", lowest));
  }
  if (is_ephemeral) {
    report.add(Check::kEphemeralPort, listener_key(index) + ".ports",
               fmt::format("ports of {} are within {}", listener.name, to_string(kEphemeralPorts)));
  }
}

// A passthrough load balancer does not change ports.
void check_bound(const PlanToCheck& plan, SpecReport& report) {
  if (!plan.deployment.proxy || !plan.spec.cloud ||
      plan.spec.cloud->provider != CloudProvider::kGcp) {
    return;
  }
  for (const size_t index : plan.deployment.proxy->external_listeners) {
    for (const PlannedBroker& broker : planned_brokers(plan.spec, index)) {
      if (broker.advertised_port == broker.port) continue;
      report.add(Check::kAdvertisedNotBound, broker.key,
                 fmt::format("clients are told port {} for broker {}, and the proxy binds {}",
                             broker.advertised_port, broker.broker_id, broker.port));
      break;  // one for each listener: the others are the same mistake
    }
  }
}

// Asking a listener that advertises the endpoint's names leads the proxy back to itself.
void check_bootstrap(const PlanToCheck& plan, SpecReport& report) {
  std::map<uint16_t, const ExternalListenerSpec*> external;
  for (const ExternalListenerSpec& listener : plan.spec.external_listeners) {
    if (listener.method == Method::kPortMapping) external.emplace(listener.listen_port, &listener);
  }
  if (!plan.deployment.proxy) return;
  for (const HostPort& address : plan.spec.cluster.bootstrap) {
    const auto found = external.find(address.port);
    if (found == external.end()) continue;
    report.add(
        Check::kBootstrapIsExternal, "cluster.bootstrap",
        fmt::format("{} is the brokers' listener {}", to_string(address), found->second->name),
        fmt::format("write port {}, that of {}", plan.spec.cluster.internal.port,
                    plan.spec.cluster.internal.name));
  }
}

}  // namespace

void check_places(const PlanToCheck& plan, SpecReport& report) {
  for (size_t i = 0; i < plan.spec.external_listeners.size(); ++i) {
    const ExternalListenerSpec& listener = plan.spec.external_listeners[i];
    const std::vector<PlannedBroker> brokers = planned_brokers(plan.spec, i);
    std::set<int32_t> planned;
    for (const PlannedBroker& broker : brokers) planned.insert(broker.broker_id);
    check_nodes_have_places(plan, i, planned, report);
    check_room(plan, i, planned, report);
    check_port_numbers(i, listener, brokers, report);
    if (listener.method == Method::kPortMapping && plan.spec.cluster.nodes.empty()) {
      report.add(
          Check::kNoNodesToMap, listener_key(i) + ".method",
          fmt::format("{} maps ports to nodes, and cluster.nodes names none", listener.name));
    }
  }
  check_bound(plan, report);
  check_bootstrap(plan, report);
}

}  // namespace portway::plan
