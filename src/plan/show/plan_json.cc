#include "plan/show/plan_json.h"

#include <map>
#include <nlohmann/json.hpp>

#include "plan/planned_brokers.h"
#include "plan/port_plan.h"
#include "plan/show/console_card.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

using Json = nlohmann::ordered_json;

Json port_json(const Spec& spec, const ExternalListenerSpec& listener, const PlannedBroker& broker,
               const NodeSpec* node) {
  Json json = {
      {"port", broker.port},
      {"target", "broker"},
      {"broker_id", broker.broker_id},
      {"advertised", to_string(HostPort{substitute_id(listener.advertise, broker.broker_id),
                                        broker.advertised_port})}};
  if (node == nullptr) return json;
  if (listener.method == Method::kPortMapping) {
    json["instance"] = node->instance;
    json["vm_port"] = listener.listen_port;
  } else {
    json["inside"] = to_string(HostPort{node->address, spec.cluster.internal.port});
  }
  return json;
}

Json ports_json(const Spec& spec, size_t index) {
  const ExternalListenerSpec& listener = spec.external_listeners[index];
  std::map<int32_t, const NodeSpec*> nodes;
  for (const NodeSpec& node : spec.cluster.nodes) {
    if (node.is_broker) nodes.emplace(node.id, &node);
  }
  Json ports = Json::array();
  if (listener.bootstrap_port) {
    ports.push_back({{"port", *listener.bootstrap_port}, {"target", "any_broker"}});
  }
  for (const PlannedBroker& broker : planned_brokers(spec, index)) {
    const auto node = nodes.find(broker.broker_id);
    ports.push_back(
        port_json(spec, listener, broker, node == nodes.end() ? nullptr : node->second));
  }
  return ports;
}

Json card_json(const Spec& spec, const Deployment& deployment, size_t index) {
  Json forms = Json::array();
  for (const CardForm& form : console_card(spec, deployment, index)) {
    Json fields = Json::object();
    for (const CardField& field : form.fields) fields[field.field] = field.value;
    forms.push_back({{"form", form.title}, {"fields", std::move(fields)}});
  }
  return forms;
}

Json listener_json(const Spec& spec, const Deployment& deployment, const PortPlan& plan,
                   size_t index) {
  const ExternalListenerSpec& listener = spec.external_listeners[index];
  Json servers = Json::array();
  for (const HostPort& server : bootstrap_servers(spec, index)) {
    servers.push_back(to_string(server));
  }
  Json json = {{"name", listener.name},
               {"method", method_name(listener.method)},
               {"connections_max", listener.connections_max},
               {"bootstrap_servers", std::move(servers)},
               {"bootstrap_ports", bootstrap_ports(spec, index)},
               {"widen_hint", plan.external_listeners[index].widen_hint},
               {"ports", ports_json(spec, index)}};
  if (!spec.cloud) return json;
  const Exposure& exposure =
      listener.method == Method::kProxy ? *deployment.proxy : *deployment.port_mapping;
  json["service_attachment"] = service_attachment_uri(spec, exposure);
  json["console"] = card_json(spec, deployment, index);
  return json;
}

Json firewall_json(const FirewallRule& rule) {
  Json ports = Json::array();
  for (const PortRange& range : rule.ports) ports.push_back(to_string(range));
  return {{"name", rule.name},
          {"sources", rule.sources},
          {"target_tags", rule.target_tags},
          {"tcp_ports", std::move(ports)}};
}

}  // namespace

std::string plan_json(const Spec& spec, const Deployment& deployment) {
  const PortPlan plan = make_port_plan(spec);
  Json listeners = Json::array();
  for (size_t i = 0; i < spec.external_listeners.size(); ++i) {
    listeners.push_back(listener_json(spec, deployment, plan, i));
  }
  Json all = {{"cluster", spec.cluster.name},
              {"listen", spec.serve.listen},
              {"external_listeners", std::move(listeners)}};
  if (spec.cloud) {
    Json rules = Json::array();
    for (const FirewallRule& rule : deployment.firewall_rules) rules.push_back(firewall_json(rule));
    all["firewall_rules"] = std::move(rules);
  }
  return all.dump(2) + "\n";
}

}  // namespace portway::plan
