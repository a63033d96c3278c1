#include "render/kafka_new_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/host_port.h"
#include "plan/planned_brokers.h"
#include "plan/properties/kafka_listeners.h"
#include "render/kafka_edit.h"
#include "render/kafka_security.h"
#include "render/template.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;
using plan::KafkaListener;

constexpr plan::KafkaVersion kFirstWithShareGroups{4, 0, 0};
constexpr size_t kReplicasMax = 3;

struct Listeners {
  std::vector<KafkaListener> bound;
  std::vector<KafkaListener> advertised;
  std::string protocols;
};

class Node {
 public:
  Node(const RenderInput& input, const plan::NodeSpec& node)
      : input_(input), cluster_(input.spec.cluster), node_(node), wildcard_(any_address(node)) {}

  Result<std::string> properties() {
    list_listeners();
    const auto added = add_settings();
    if (!added) return tl::unexpected(added.error());
    return fill("kafka/server.properties", values());
  }

 private:
  void list_listeners() {
    if (node_.is_broker) {
      listeners_.bound.push_back({cluster_.internal.name, wildcard_, cluster_.internal.port});
      listeners_.advertised.push_back(
          {cluster_.internal.name, node_.address, cluster_.internal.port});
      add_protocol(cluster_.internal.name, cluster_.internal.security);
    }
    if (node_.is_controller) {
      listeners_.bound.push_back({cluster_.controller.name, wildcard_, cluster_.controller.port});
    }
    add_protocol(cluster_.controller.name, cluster_.controller.security);
    if (!input_.deployment.port_mapping) return;
    for (const plan::BrokerPlace& place : input_.deployment.port_mapping->places) {
      if (place.broker_id != node_.id || !node_.is_broker) continue;
      const auto& listener = input_.spec.external_listeners[place.external_listener];
      listeners_.bound.push_back({listener.name, wildcard_, place.vm_port});
      listeners_.advertised.push_back(
          {listener.name, place.advertised.host, place.advertised.port});
      add_protocol(listener.name, listener.security);
      externals_.push_back(place.external_listener);
    }
  }

  void add_protocol(const std::string& name, plan::Security security) {
    if (!listeners_.protocols.empty()) listeners_.protocols += ",";
    listeners_.protocols += fmt::format("{}:{}", name, plan::security_name(security));
  }

  Result<void> add_settings() {
    if (node_.is_broker) {
      const auto added = add_settings_of("cluster.listeners.internal", cluster_.internal.name,
                                         cluster_.internal.security, {}, ListenerUse::kBrokers);
      if (!added) return added;
    }
    const auto added = add_settings_of("cluster.listeners.controller", cluster_.controller.name,
                                       cluster_.controller.security, {}, ListenerUse::kControllers);
    if (!added) return added;
    for (const size_t index : externals_) {
      const auto& listener = input_.spec.external_listeners[index];
      const auto done = add_settings_of(plan::listener_key(index), listener.name, listener.security,
                                        listener.sasl_mechanisms, ListenerUse::kClients);
      if (!done) return done;
    }
    return {};
  }

  Result<void> add_settings_of(std::string_view key, const std::string& name,
                               plan::Security security, const std::vector<std::string>& mechanisms,
                               ListenerUse use) {
    const auto settings = listener_settings(key, name, security, mechanisms, use);
    if (!settings) return tl::unexpected(settings.error());
    if (settings->lines.empty()) return {};
    security_.push_back({{"name", name},
                         {"protocol", std::string(plan::security_name(security))},
                         {"comments", settings->comments},
                         {"lines", lines_of(settings->lines)}});
    has_secret_ |= settings->has_secret;
    return {};
  }

  static Json lines_of(const std::vector<PropertyLine>& lines) {
    Json list = Json::array();
    for (const PropertyLine& line : lines)
      list.push_back({{"key", line.key}, {"value", line.value}});
    return list;
  }

  std::string voters() const {
    std::vector<plan::QuorumVoter> voters;
    for (const plan::NodeSpec& node : cluster_.nodes) {
      if (node.is_controller) {
        voters.push_back({node.id, {node.address, cluster_.controller.port}});
      }
    }
    return to_string(voters);
  }

  Json values() const {
    const auto brokers = static_cast<size_t>(
        std::count_if(cluster_.nodes.begin(), cluster_.nodes.end(),
                      [](const plan::NodeSpec& node) { return node.is_broker; }));
    const size_t replicas = std::min(brokers, kReplicasMax);
    const std::string roles =
        node_.is_broker ? (node_.is_controller ? "broker,controller" : "broker") : "controller";
    return {{"instance", node_.instance},
            {"cluster", cluster_.name},
            {"roles", roles},
            {"id", node_.id},
            {"is_broker", node_.is_broker},
            {"is_combined", node_.is_broker && node_.is_controller},
            {"voters", voters()},
            {"controller", cluster_.controller.name},
            {"internal", cluster_.internal.name},
            {"listeners", to_string(listeners_.bound)},
            {"advertised", to_string(listeners_.advertised)},
            {"has_external", !externals_.empty()},
            {"protocols", listeners_.protocols},
            {"has_zone", !node_.zone.empty()},
            {"zone", node_.zone},
            {"log_dirs", cluster_.log_dirs},
            {"brokers", brokers},
            {"is_many", brokers > 1},
            {"replicas", replicas},
            {"in_sync", replicas == kReplicasMax ? 2 : 1},
            {"has_share_groups", plan::kafka_version(input_.spec) >= kFirstWithShareGroups},
            {"has_security", !security_.empty()},
            {"security", security_},
            {"has_secret", has_secret_},
            {"provider", lines_of(secret_provider(""))}};
  }

  const RenderInput& input_;
  const plan::ClusterSpec& cluster_;
  const plan::NodeSpec& node_;
  std::string wildcard_;
  Listeners listeners_;
  std::vector<size_t> externals_;  // indexes into Spec::external_listeners
  Json security_ = Json::array();
  bool has_secret_ = false;
};

}  // namespace

Result<std::string> new_node_properties(const RenderInput& input, const plan::NodeSpec& node) {
  return Node(input, node).properties();
}

}  // namespace portway::render
