#include <fmt/format.h>

#include <algorithm>

#include "base/unified_diff.h"
#include "plan/planned_brokers.h"
#include "render/kafka_edit.h"
#include "render/kafka_new_node.h"
#include "render/targets.h"

namespace portway::render {
namespace {

// Brokers advertise where they can be found, so none may be without a place.
Result<void> check_places(const RenderInput& input) {
  if (!input.deployment.port_mapping) return {};
  const auto& places = input.deployment.port_mapping->places;
  for (const size_t index : input.deployment.port_mapping->external_listeners) {
    for (const plan::NodeSpec& node : input.spec.cluster.nodes) {
      const bool has_place =
          std::any_of(places.begin(), places.end(), [&](const plan::BrokerPlace& place) {
            return place.external_listener == index && place.broker_id == node.id;
          });
      if (!node.is_broker || has_place) continue;
      return fail(Fault::kOperator, "no_place",
                  fmt::format("{}: broker {} has no port on {}; widen ports.ids, or give it one "
                              "below brokers",
                              plan::listener_key(index), node.id,
                              input.spec.external_listeners[index].name));
    }
  }
  return {};
}

Result<void> check_nodes(const RenderInput& input) {
  const auto& nodes = input.spec.cluster.nodes;
  const auto have = [&](bool plan::NodeSpec::*role) {
    return std::any_of(nodes.begin(), nodes.end(), [&](const auto& node) { return node.*role; });
  };
  if (!have(&plan::NodeSpec::is_broker)) {
    return fail(Fault::kOperator, "no_brokers",
                "cluster.nodes: no node is a broker; list the cluster's nodes");
  }
  if (input.spec.cluster.is_new && !have(&plan::NodeSpec::is_controller)) {
    return fail(Fault::kOperator, "no_controllers",
                "cluster.nodes: no node is a controller; give one or three nodes the role");
  }
  for (const auto& [id, text] : input.server_properties) {
    const auto is_node = [id = id](const plan::NodeSpec& node) { return node.id == id; };
    if (std::any_of(nodes.begin(), nodes.end(), is_node)) continue;
    return fail(Fault::kOperator, "unknown_node",
                fmt::format("a server.properties was given for node {}, which is not among "
                            "cluster.nodes",
                            id));
  }
  return check_places(input);
}

Result<RenderedFiles> new_cluster(const RenderInput& input) {
  if (!input.server_properties.empty()) {
    return fail(Fault::kOperator, "contradiction",
                "cluster.new: true, and a server.properties was given; for a cluster that runs "
                "already write new: false");
  }
  // Before, KRaft was not for production (KIP-833).
  if (plan::kafka_version(input.spec) < plan::KafkaVersion{3, 3, 1}) {
    return fail(Fault::kOperator, "old_version",
                fmt::format("cluster.kafka_version: a new cluster runs in KRaft mode, which needs "
                            "3.3.1 or newer; {} is older",
                            input.spec.cluster.kafka_version));
  }
  RenderedFiles files;
  for (const plan::NodeSpec& node : input.spec.cluster.nodes) {
    auto text = new_node_properties(input, node);
    if (!text) return tl::unexpected(text.error());
    files.push_back({fmt::format("kafka/{}/server.properties", node.instance), std::move(*text)});
  }
  return files;
}

// Controllers have no external listener: a node that is only that is left as it is.
Result<RenderedFiles> existing_cluster(const RenderInput& input) {
  RenderedFiles files;
  for (const plan::NodeSpec& node : input.spec.cluster.nodes) {
    if (!node.is_broker) continue;
    const std::string folder = fmt::format("kafka/{}/", node.instance);
    const auto own = input.server_properties.find(node.id);
    if (own == input.server_properties.end()) {
      auto fragment = external_listener_fragment(input, node);
      if (!fragment) return tl::unexpected(fragment.error());
      files.push_back({folder + "external-listener.properties", std::move(*fragment)});
      continue;
    }
    auto edited = edited_properties(input, node, own->second);
    if (!edited) return tl::unexpected(edited.error());
    const std::string name = folder + "server.properties";
    files.push_back({name, *edited});
    files.push_back({name + ".diff", unified_diff(own->second, *edited, "a/server.properties",
                                                  "b/server.properties")});
  }
  return files;
}

}  // namespace

Result<RenderedFiles> render_kafka(const RenderInput& input) {
  if (!input.spec.cluster.is_new && !input.deployment.port_mapping) {
    return fail(Fault::kOperator, "no_files",
                "the cluster runs already, and no external listener has the method "
                "port-mapping: its server.properties stay as they are");
  }
  const auto checked = check_nodes(input);
  if (!checked) return tl::unexpected(checked.error());
  return input.spec.cluster.is_new ? new_cluster(input) : existing_cluster(input);
}

}  // namespace portway::render
