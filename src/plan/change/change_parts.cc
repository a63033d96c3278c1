#include "plan/change/change_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "plan/deployment.h"

namespace portway::plan {
namespace {

std::map<int32_t, const NodeSpec*> nodes_by_id(const Spec& spec) {
  std::map<int32_t, const NodeSpec*> nodes;
  for (const NodeSpec& node : spec.cluster.nodes) nodes.emplace(node.id, &node);
  return nodes;
}

std::set<std::pair<int32_t, std::string>> controllers_of(const Spec& spec) {
  std::set<std::pair<int32_t, std::string>> controllers;
  for (const NodeSpec& node : spec.cluster.nodes) {
    if (node.is_controller) controllers.emplace(node.id, node.address);
  }
  return controllers;
}

void inside_listener_change(const InsideListenerSpec& before, const InsideListenerSpec& after,
                            ChangeList& list) {
  if (before == after) return;
  list.add(
      Turn::kMove,
      {Impact::kOutage,
       fmt::format("the inside listener {} changes", before.name),
       "Brokers among themselves and inside clients use it: changed in one step, restarted and "
       "other brokers cannot speak to each other.",
       {"add the new listener beside the old one and restart the brokers one by one",
        "move inter.broker.listener.name, inside clients and cluster.bootstrap to it",
        "restart one by one again, without the old one"}});
}

void node_changes(const NodeSpec& before, const NodeSpec& after, ChangeList& list) {
  if (before.address != after.address || before.instance != after.instance) {
    list.add(Turn::kMove,
             {Impact::kRestart,
              fmt::format("node {} moves to {} ({})", after.id, after.instance, after.address),
              "Its VM is another one: a port mapping drops with the VM and is made anew; the proxy "
              "learns the new address from the cluster.",
              {"let the new VM join with the same node.id and an empty log.dirs, and catch up",
               "with port-mapping: gcloud/port-mapping/create.sh maps its client ports to the new "
               "VM; until then its clients wait"}});
  }
  if (before.is_broker != after.is_broker || before.is_controller != after.is_controller) {
    list.add(
        Turn::kBrokers,
        {Impact::kRestart,
         fmt::format("node {} changes its roles", after.id),
         "process.roles is read at start; the number of controllers must stay odd all the time.",
         {"render kafka, copy, restart this node"}});
  }
}

}  // namespace

std::vector<Change> ChangeList::in_safe_order() const {
  std::vector<Change> changes;
  for (const auto& [turn, change] : changes_) changes.push_back(change);
  return changes;
}

const ExternalListenerSpec* find_listener(const Spec& spec, const std::string& name) {
  const auto found =
      std::find_if(spec.external_listeners.begin(), spec.external_listeners.end(),
                   [&](const ExternalListenerSpec& listener) { return listener.name == name; });
  return found == spec.external_listeners.end() ? nullptr : &*found;
}

size_t listener_index(const Spec& spec, const ExternalListenerSpec& listener) {
  return static_cast<size_t>(&listener - spec.external_listeners.data());
}

void cluster_changes(const Spec& before, const Spec& after, ChangeList& list) {
  if (after.cluster.is_new && controllers_of(before) != controllers_of(after)) {
    list.add(Turn::kBrokers, {Impact::kOutage,
                              "the controllers are other ones",
                              "controller.quorum.voters must be the same on every node at any "
                              "time, so a static quorum is "
                              "not changed by a rolling restart.",
                              {"write roles: [broker] for a node that joins",
                               "otherwise: stop all nodes, render kafka, copy, start all"}});
  }
  inside_listener_change(before.cluster.internal, after.cluster.internal, list);
  inside_listener_change(before.cluster.controller, after.cluster.controller, list);
  if (before.cluster.kafka_version != after.cluster.kafka_version) {
    list.add(
        Turn::kBrokers,
        {Impact::kRestart,
         fmt::format("Kafka {} becomes {}", before.cluster.kafka_version,
                     after.cluster.kafka_version),
         "Brokers are upgraded one by one; Portway passes whatever version both sides agree on.",
         {"render scripts, run install.sh on every node", kRollingRestart,
          "kafka-features.sh upgrade, when all run the new version"}});
  }
  const bool other_id = after.cluster.is_new &&
                        make_deployment(before).cluster_id != make_deployment(after).cluster_id;
  if (other_id || before.cluster.log_dirs != after.cluster.log_dirs) {
    list.add(Turn::kMove,
             {Impact::kOutage,
              "the cluster id or cluster.log_dirs changes",
              "Brokers refuse to start on data of another cluster id, and find no data in another "
              "folder. Nothing of this is done by rendered files.",
              {"put the old value back, or set up another cluster and copy the data"}});
  }
  const auto old_nodes = nodes_by_id(before);
  for (const auto& [id, node] : nodes_by_id(after)) {
    const auto old = old_nodes.find(id);
    if (old != old_nodes.end()) node_changes(*old->second, *node, list);
  }
}

}  // namespace portway::plan
