// For any valid spec: the port plan that `serve` binds, brokers' server.properties, NEG endpoints,
// firewall rules and the card for the console say the same.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "plan/any_spec.h"
#include "plan/port_plan.h"
#include "plan/properties/kafka_listeners.h"
#include "plan/properties/properties_file.h"
#include "plan/show/console_card.h"
#include "render/targets.h"

namespace portway::render {
namespace {

using plan::BrokerPlace;
using plan::Deployment;
using plan::Method;
using plan::Spec;

bool has_port(const std::vector<plan::PortRange>& ranges, uint16_t port) {
  return std::any_of(ranges.begin(), ranges.end(), [port](const plan::PortRange& range) {
    return range.first <= port && port <= range.last;
  });
}

const plan::FirewallRule* find_rule(const Deployment& deployment, const std::string& name) {
  for (const plan::FirewallRule& rule : deployment.firewall_rules) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

std::vector<BrokerPlace> all_places(const Deployment& deployment) {
  std::vector<BrokerPlace> places;
  for (const plan::Exposure* exposure : plan::exposures(deployment)) {
    places.insert(places.end(), exposure->places.begin(), exposure->places.end());
  }
  return places;
}

RC_GTEST_PROP(Agreement, ClientsAreToldWhatIsMapped, ()) {
  const Spec spec = plan::any_spec();
  const Deployment deployment = plan::make_deployment(spec);
  const plan::PortPlan plan = plan::make_port_plan(spec);
  for (const BrokerPlace& place : all_places(deployment)) {
    const auto& told = plan.external_listeners[place.external_listener].advertised;
    RC_ASSERT(told.at(place.broker_id) == place.advertised);
    RC_ASSERT(place.advertised.port == place.client_port);
  }
}

RC_GTEST_PROP(Agreement, ProxiesBindWhatTheFirewallLetsIn, ()) {
  const Spec spec = plan::any_spec();
  const Deployment deployment = plan::make_deployment(spec);
  const auto served = plan::spec_to_serve(spec);
  RC_ASSERT(served.has_value() == deployment.proxy.has_value());
  if (!served) return;
  std::set<uint16_t> bound;
  for (const plan::BoundPort& port : plan::make_port_plan(*served).ports) bound.insert(port.port);
  std::set<uint16_t> let_in;
  for (const plan::PortRange& range : deployment.proxy->client_ports) {
    for (uint32_t port = range.first; port <= range.last; ++port) {
      let_in.insert(static_cast<uint16_t>(port));
    }
  }
  RC_ASSERT(bound == let_in);
  if (!spec.cloud) return;
  const plan::FirewallRule* rule = find_rule(deployment, spec.cloud->proxy.firewall_rule);
  RC_ASSERT(rule != nullptr && rule->ports == deployment.proxy->client_ports);
}

RC_GTEST_PROP(Agreement, BrokersBindWhatTheFirewallLetsIn, ()) {
  const Spec spec = plan::any_spec();
  const Deployment deployment = plan::make_deployment(spec);
  if (!spec.cloud || !deployment.port_mapping) return;
  const plan::FirewallRule* rule = find_rule(deployment, spec.cloud->port_mapping.firewall_rule);
  RC_ASSERT(rule != nullptr);
  for (const BrokerPlace& place : deployment.port_mapping->places) {
    RC_ASSERT(has_port(rule->ports, place.vm_port));
  }
}

RC_GTEST_PROP(Agreement, TheCardNamesPortsThatLeadToABroker, ()) {
  const Spec spec = plan::any_spec();
  const plan::PortPlan plan = plan::make_port_plan(spec);
  for (size_t i = 0; i < spec.external_listeners.size(); ++i) {
    for (const HostPort& server : plan::bootstrap_servers(spec, i)) {
      const auto& told = plan.external_listeners[i].advertised;
      const bool is_brokers = std::any_of(
          told.begin(), told.end(), [&](const auto& entry) { return entry.second == server; });
      RC_ASSERT(is_brokers || server.port == spec.external_listeners[i].bootstrap_port);
      RC_ASSERT(plan::bootstrap_ports(spec, i).find(std::to_string(server.port)) !=
                std::string::npos);
    }
  }
}

const plan::KafkaListener* find_listener(const std::vector<plan::KafkaListener>& listeners,
                                         const std::string& name) {
  for (const plan::KafkaListener& listener : listeners) {
    if (listener.name == name) return &listener;
  }
  return nullptr;
}

// The brokers' own words, where the target has a file for the node.
RC_GTEST_PROP(Agreement, BrokersAdvertiseTheirClientPorts, ()) {
  const Spec spec = plan::any_spec();
  const Deployment deployment = plan::make_deployment(spec);
  if (!deployment.port_mapping) return;
  const auto files = render_kafka({spec, deployment});
  RC_PRE(files.has_value());
  for (const BrokerPlace& place : deployment.port_mapping->places) {
    const plan::NodeSpec& node = spec.cluster.nodes[place.node];
    const std::string& name = spec.external_listeners[place.external_listener].name;
    bool found = false;
    for (const RenderedFile& file : *files) {
      if (!file.path.starts_with("kafka/" + node.instance + "/") ||
          !file.path.ends_with(".properties")) {
        continue;
      }
      const auto properties = plan::parse_properties(file.content, file.path);
      RC_ASSERT(properties.has_value());
      const auto* entry = plan::find_property(*properties, "advertised.listeners");
      if (entry == nullptr) continue;
      found = true;
      RC_ASSERT(entry->value.find(fmt::format("{}://{}", name, to_string(place.advertised))) !=
                std::string::npos);
      const auto* bound = plan::find_property(*properties, "listeners");
      RC_ASSERT(bound != nullptr);
      if (!spec.cluster.is_new) continue;  // a fragment: the user's own listeners stand before it
      const auto listeners = plan::parse_listeners("listeners", bound->value);
      RC_ASSERT(listeners.has_value());
      const plan::KafkaListener* listener = find_listener(*listeners, name);
      RC_ASSERT(listener != nullptr && listener->port == place.vm_port);
    }
    RC_ASSERT(found || !spec.cluster.is_new);
  }
}

RC_GTEST_PROP(Agreement, EndpointsOfTheNegAreThePlaces, ()) {
  const Spec spec = plan::any_spec();
  const Deployment deployment = plan::make_deployment(spec);
  if (!deployment.port_mapping) return;
  const auto scripts = render_gcloud({spec, deployment});
  RC_PRE(scripts.has_value());
  const auto script = std::find_if(scripts->begin(), scripts->end(), [](const RenderedFile& file) {
    return file.path == "gcloud/port-mapping/create.sh";
  });
  RC_ASSERT(script != scripts->end());
  for (const BrokerPlace& place : deployment.port_mapping->places) {
    const plan::NodeSpec& node = spec.cluster.nodes[place.node];
    RC_ASSERT(script->content.find(fmt::format("'{},{}/instances/{},{}'", place.client_port,
                                               node.zone, node.instance, place.vm_port)) !=
              std::string::npos);
  }
}

}  // namespace
}  // namespace portway::render
