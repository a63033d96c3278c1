// server.properties against portway.yaml: whether the brokers do what ports, names, firewall rules
// and consumers are planned for.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "plan/check/check_brokers.h"
#include "plan/check/report.h"
#include "plan/check/tidb_cloud_name_check.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr std::string_view kListeners = "listeners";
constexpr std::string_view kAdvertised = "advertised.listeners";
constexpr std::string_view kProtocols = "listener.security.protocol.map";

class ByPlan {
 public:
  ByPlan(const BrokerFile& broker, const Spec& spec, const Deployment& deployment,
         std::vector<Finding>& findings)
      : broker_(broker),
        spec_(spec),
        deployment_(deployment),
        report_(broker.file.name, findings) {}

  void run() {
    const NodeSpec* node = find_node();
    if (node == nullptr) return;
    check_roles(*node);
    check_internal(*node);
    if (deployment_.port_mapping) {
      for (const BrokerPlace& place : deployment_.port_mapping->places) {
        if (place.broker_id == node->id) check_external(place);
      }
    }
    check_unplanned();
    check_idle();
  }

 private:
  void add(Check check, std::string_view key, std::string message, std::string instead = {}) {
    report_.add(check, broker_.entry(key), key, std::move(message), std::move(instead));
  }

  const NodeSpec* find_node() {
    if (!broker_.node_id || spec_.cluster.nodes.empty()) return nullptr;
    for (const NodeSpec& node : spec_.cluster.nodes) {
      if (node.id == *broker_.node_id) return &node;
    }
    if (broker_.is_broker) {
      add(Check::kNodeNotInPlan, "node.id",
          fmt::format("broker {} is not among cluster.nodes", *broker_.node_id));
    }
    return nullptr;
  }

  void check_roles(const NodeSpec& node) {
    if (!broker_.is_kraft) return;
    if (node.is_broker == broker_.is_broker && node.is_controller == broker_.is_controller) return;
    const auto text = [](bool is_broker, bool is_controller) {
      return fmt::format("{}{}{}", is_broker ? "broker" : "", is_broker && is_controller ? "," : "",
                         is_controller ? "controller" : "");
    };
    add(Check::kRolesDiffer, "process.roles",
        fmt::format("{} here and {} in the plan", text(broker_.is_broker, broker_.is_controller),
                    text(node.is_broker, node.is_controller)));
  }

  std::optional<SecurityProtocol> protocol_of(const std::string& name) const {
    if (!broker_.protocols) return std::nullopt;
    const auto found = broker_.protocols->find(name);
    return found == broker_.protocols->end() ? std::nullopt : std::optional(found->second);
  }

  void check_internal(const NodeSpec& node) {
    if (!broker_.is_broker || !broker_.listeners) return;
    const InsideListenerSpec& inside = spec_.cluster.internal;
    const std::string name = in_capitals(inside.name);
    const KafkaListener* listener = find_listener(*broker_.listeners, name);
    if (listener == nullptr || listener->port != inside.port) {
      add(Check::kInsideListenerDiffers, kListeners,
          fmt::format("the plan has {} on port {}, and here it is {}", inside.name, inside.port,
                      listener == nullptr ? "missing" : fmt::format("on {}", listener->port)));
      return;
    }
    const auto protocol = protocol_of(name);
    if (protocol && to_string(*protocol) != security_name(inside.security)) {
      add(Check::kInsideListenerDiffers, kProtocols,
          fmt::format("{} is {} here and {} in the plan", inside.name, to_string(*protocol),
                      security_name(inside.security)));
    }
    const KafkaListener* told =
        broker_.advertised ? find_listener(*broker_.advertised, name) : nullptr;
    // Two names, or a name and an address, may well mean one machine.
    if (told == nullptr || !is_ip_address(told->host) || !is_ip_address(node.address)) return;
    if (told->host != node.address && told->host != "0.0.0.0") {
      add(Check::kAddressDiffers, kAdvertised,
          fmt::format("{} is advertised at {}, and the plan has {}", inside.name, told->host,
                      node.address));
    }
  }

  void check_external(const BrokerPlace& place) {
    const ExternalListenerSpec& external = spec_.external_listeners[place.external_listener];
    const std::string name = in_capitals(external.name);
    if (broker_.listeners) {
      const KafkaListener* listener = find_listener(*broker_.listeners, name);
      if (listener == nullptr) {
        add(Check::kExternalMissing, kListeners, fmt::format("{} is not here", external.name),
            fmt::format("add {}://0.0.0.0:{}", external.name, external.listen_port));
        return;
      }
      if (listener->port != place.vm_port) {
        add(Check::kListenPortDiffers, kListeners,
            fmt::format("{} is on port {}, and the endpoint forwards to {}", external.name,
                        listener->port, place.vm_port));
      }
    }
    check_advertised(place, external, name);
    const auto protocol = protocol_of(name);
    if (protocol && to_string(*protocol) != security_name(external.security)) {
      add(Check::kSecurityDiffers, kProtocols,
          fmt::format("{} is {} here and {} in the plan", external.name, to_string(*protocol),
                      security_name(external.security)));
    }
  }

  void check_advertised(const BrokerPlace& place, const ExternalListenerSpec& external,
                        const std::string& name) {
    if (!broker_.advertised) return;
    const KafkaListener* told = find_listener(*broker_.advertised, name);
    const std::string right =
        fmt::format("write {}://{}", external.name, to_string(place.advertised));
    if (told == nullptr) {
      // What is not advertised at all was found in the file by itself.
      return;
    }
    if (told->port != place.advertised.port) {
      add(Check::kAdvertisedPortDiffers, kAdvertised,
          fmt::format("{} is advertised at port {}, and port {} leads to broker {}", external.name,
                      told->port, place.advertised.port, place.broker_id),
          right);
    }
    if (told->host != place.advertised.host && !is_placeholder(told->host) &&
        !tidb_cloud_name_fault(told->host)) {
      add(Check::kAdvertisedNameDiffers, kAdvertised,
          fmt::format("{} is advertised as {}, and the plan has {}", external.name, told->host,
                      place.advertised.host),
          right);
    }
  }

  void check_unplanned() {
    if (!broker_.advertised) return;
    for (const KafkaListener& listener : *broker_.advertised) {
      if (!is_meant_for_tidb_cloud(listener.host)) continue;
      const bool is_planned = std::any_of(
          spec_.external_listeners.begin(), spec_.external_listeners.end(),
          [&](const ExternalListenerSpec& one) { return in_capitals(one.name) == listener.name; });
      if (is_planned) continue;
      add(Check::kExternalNotInPlan, kAdvertised,
          fmt::format("{} ({}) is no external listener of the plan", listener.name, listener.host));
    }
  }

  void check_idle() {
    if (!deployment_.proxy || spec_.serve.idle_timeout_ms == 0) return;
    static constexpr std::string_view kKey = "connections.max.idle.ms";
    const PropertiesEntry* entry = broker_.entry(kKey);
    const auto idle_ms = entry == nullptr ? std::nullopt : parse_number(trimmed(entry->value));
    if (!idle_ms || *idle_ms <= spec_.serve.idle_timeout_ms) return;
    add(Check::kBrokerIdleLonger, kKey,
        fmt::format("{} ms, and serve.idle_timeout is {}", *idle_ms,
                    duration_text(spec_.serve.idle_timeout_ms)));
  }

  const BrokerFile& broker_;
  const Spec& spec_;
  const Deployment& deployment_;
  BrokerReport report_;
};

}  // namespace

void check_brokers_by_plan(const std::vector<BrokerFile>& brokers, bool is_whole,
                           const LoadedSpec& loaded, const std::string& spec_file,
                           std::vector<Finding>& findings) {
  const Deployment deployment = make_deployment(loaded.spec);
  std::set<int32_t> ids;
  for (const BrokerFile& broker : brokers) {
    ByPlan(broker, loaded.spec, deployment, findings).run();
    if (broker.node_id) ids.insert(*broker.node_id);
  }
  if (!is_whole) return;
  SpecReport report(loaded, spec_file, findings);
  for (size_t i = 0; i < loaded.spec.cluster.nodes.size(); ++i) {
    const NodeSpec& node = loaded.spec.cluster.nodes[i];
    if (ids.contains(node.id)) continue;
    report.add(Check::kNodeWithoutFile, report.node_key(i) + ".id",
               fmt::format("no file has node.id={}", node.id));
  }
}

}  // namespace portway::plan
