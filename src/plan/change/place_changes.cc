#include <fmt/format.h>

#include <map>
#include <vector>

#include "plan/change/change_parts.h"
#include "plan/planned_brokers.h"

namespace portway::plan {
namespace {

using ListenerPlaces = std::map<int32_t, PlannedBroker>;

ListenerPlaces places_of(const Spec& spec, const ExternalListenerSpec& listener) {
  ListenerPlaces places;
  for (PlannedBroker& broker : planned_brokers(spec, listener_index(spec, listener))) {
    places.emplace(broker.broker_id, std::move(broker));
  }
  return places;
}

std::map<int32_t, const NodeSpec*> brokers_of(const Spec& spec) {
  std::map<int32_t, const NodeSpec*> brokers;
  for (const NodeSpec& node : spec.cluster.nodes) {
    if (node.is_broker) brokers.emplace(node.id, &node);
  }
  return brokers;
}

// Ids as ranges, for lists that may have thousands.
std::string ids_text(const std::vector<int32_t>& ids) {
  std::string text;
  for (size_t i = 0; i < ids.size();) {
    size_t end = i + 1;
    while (end < ids.size() && ids[end] == ids[end - 1] + 1) ++end;
    text += fmt::format("{}{}", text.empty() ? "" : ",", ids[i]);
    if (end - i > 1) text += fmt::format("-{}", ids[end - 1]);
    i = end;
  }
  return (ids.size() == 1 ? "broker " : "brokers ") + text;
}

// A new broker that has a place already: with method proxy that is all.
void broker_added(const Spec& after, const std::vector<ListenerPlaces>& all_places,
                  const NodeSpec& node, ChangeList& list) {
  const bool is_plain_broker = !after.cluster.is_new || !node.is_controller;
  for (const ExternalListenerSpec& listener : after.external_listeners) {
    const ListenerPlaces& places = all_places[listener_index(after, listener)];
    const auto place = places.find(node.id);
    if (place == places.end()) {
      list.add(
          Turn::kPrepare,
          {Impact::kNone,
           fmt::format("broker {} has no place in {}", node.id, listener.name),
           "Its clients are not told of it and cannot use its partitions.",
           {fmt::format("widen the ids of {}", listener_key(listener_index(after, listener)))}});
    } else if (listener.method == Method::kProxy) {
      list.add(
          Turn::kExpose,
          {Impact::kNone,
           fmt::format("broker {} joins {}", node.id, listener.name),
           fmt::format("Its port is {}, bound already: the proxies learn of it from the cluster.",
                       place->second.port),
           {"nothing to do"}});
    } else {
      list.add(Turn::kExpose,
               {Impact::kNone,
                fmt::format("broker {} joins {}", node.id, listener.name),
                fmt::format("One NEG endpoint: client port {} to {}:{}.{}", place->second.port,
                            node.instance, listener.listen_port,
                            is_plain_broker ? " No other broker restarts." : ""),
                {fmt::format("render kafka; start {} with its server.properties", node.instance),
                 "gcloud/port-mapping/create.sh adds the endpoint"}});
    }
  }
}

void broker_removed(const Spec& before, const NodeSpec& node, ChangeList& list) {
  Change change{Impact::kNone,
                fmt::format("broker {} leaves", node.id),
                "Its partitions must be elsewhere first; then nobody asks for it any more.",
                {"kafka-reassign-partitions.sh moves its partitions away", "stop it"}};
  for (const ExternalListenerSpec& listener : before.external_listeners) {
    if (listener.method == Method::kProxy) continue;
    change.steps.push_back("gcloud/port-mapping/create.sh removes its endpoints from the NEG");
    break;
  }
  list.add(Turn::kRemove, std::move(change));
}

struct PlaceLists {
  std::vector<int32_t> moved;    // another port for clients
  std::vector<int32_t> rebound;  // the same for clients, another one bound by the proxy
  std::vector<int32_t> gained;
  std::vector<int32_t> lost;
};

PlaceLists compare(const ListenerPlaces& before, const ListenerPlaces& after) {
  PlaceLists lists;
  for (const auto& [id, place] : after) {
    const auto old = before.find(id);
    if (old == before.end()) {
      lists.gained.push_back(id);
    } else if (old->second.advertised_port != place.advertised_port) {
      lists.moved.push_back(id);
    } else if (old->second.port != place.port) {
      lists.rebound.push_back(id);
    }
  }
  for (const auto& [id, place] : before) {
    if (!after.contains(id)) lists.lost.push_back(id);
  }
  return lists;
}

void ports_moved(const ExternalListenerSpec& listener, const std::vector<int32_t>& ids,
                 ChangeList& list) {
  Change change{Impact::kOutage,
                fmt::format("{}: the client ports of {} move", listener.name, ids_text(ids)),
                "Clients go on with the ports that they know until their next Metadata: they get "
                "errors, or another broker, until then. Bootstrap lists must be typed anew.",
                {}};
  if (listener.method == Method::kPortMapping) {
    change.steps = {"render kafka, copy",
                    "gcloud/port-mapping/create.sh maps the new client ports (old ones of the same "
                    "broker's port go: one listen port has one client port)",
                    "scripts/rolling-restart.sh at once"};
  } else {
    change.steps = {
        "the new file to every replica at the same moment: replicas that differ send "
        "clients to the wrong broker",
        "better: an external listener with another name on new ports, move the clients"};
  }
  list.add(Turn::kMove, std::move(change));
}

void listener_places(const ExternalListenerSpec& listener, const PlaceLists& lists,
                     ChangeList& list) {
  if (!lists.gained.empty()) {
    const bool is_proxy = listener.method == Method::kProxy;
    list.add(
        Turn::kPrepare,
        {is_proxy ? Impact::kRestart : Impact::kNone,
         fmt::format("{} gains places for {}", listener.name, ids_text(lists.gained)),
         is_proxy
             ? "The proxies bind more ports. A fleet of VMs or pods is replaced one by one for it; "
               "where serve runs by hand, connections stay."
             : "Room in the plan only, until such brokers are there.",
         {is_proxy ? "gcloud/proxy/create.sh opens the ports, the new file to every replica "
                     "(kill -HUP, or the rolling replacement)"
                   : "nothing to do"}});
  }
  if (!lists.moved.empty()) ports_moved(listener, lists.moved, list);
  if (!lists.rebound.empty()) {
    list.add(Turn::kMove,
             {Impact::kOutage,
              fmt::format("{}: the proxies bind other ports for {}", listener.name,
                          ids_text(lists.rebound)),
              "What stands between clients and proxies must change at the same moment.",
              {"change the device that translates ports and every replica together"}});
  }
  if (!lists.lost.empty()) {
    list.add(Turn::kRemove,
             {Impact::kOutage,
              fmt::format("{} has no places for {} any more", listener.name, ids_text(lists.lost)),
              "Such a broker is left out of what clients are told; nothing happens where there is "
              "none.",
              {"be sure that the cluster has no such broker"}});
  }
}

void bootstrap_port_change(const ExternalListenerSpec& before, const ExternalListenerSpec& after,
                           ChangeList& list) {
  if (before.bootstrap_port == after.bootstrap_port) return;
  const bool is_new = !before.bootstrap_port && after.bootstrap_port;
  list.add(is_new ? Turn::kExpose : Turn::kMove,
           {is_new ? Impact::kNone : Impact::kOutage,
            fmt::format("{}: the bootstrap port {}", after.name,
                        is_new ? fmt::format("{} is new", *after.bootstrap_port) : "moves or goes"),
            is_new ? "Clients may use it from now on."
                   : "Clients that start with the old one find nothing there.",
            {"type the bootstrap ports anew where clients are set up"}});
}

}  // namespace

void place_changes(const Spec& before, const Spec& after, ChangeList& list) {
  const auto old_brokers = brokers_of(before);
  const auto new_brokers = brokers_of(after);
  std::vector<ListenerPlaces> all_places;
  for (const ExternalListenerSpec& listener : after.external_listeners) {
    all_places.push_back(places_of(after, listener));
  }
  for (const auto& [id, node] : new_brokers) {
    if (!old_brokers.empty() && !old_brokers.contains(id)) {
      broker_added(after, all_places, *node, list);
    }
  }
  for (const auto& [id, node] : old_brokers) {
    if (!new_brokers.empty() && !new_brokers.contains(id)) broker_removed(before, *node, list);
  }
  for (const ExternalListenerSpec& listener : after.external_listeners) {
    const ExternalListenerSpec* old = find_listener(before, listener.name);
    if (old == nullptr || old->method != listener.method) continue;
    listener_places(listener, compare(places_of(before, *old), places_of(after, listener)), list);
    bootstrap_port_change(*old, listener, list);
  }
}

}  // namespace portway::plan
