#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/change/change_parts.h"
#include "plan/deployment.h"

namespace portway::plan {
namespace {

bool is_mapped(const ExternalListenerSpec& listener) {
  return listener.method == Method::kPortMapping;
}

void added(const ExternalListenerSpec& listener, ChangeList& list) {
  if (is_mapped(listener)) {
    list.add(Turn::kBrokers,
             {Impact::kRestart,
              fmt::format("external listener {} is new", listener.name),
              fmt::format("Every broker binds {} and advertises its new names; the other listeners "
                          "stay as they are.",
                          listener.listen_port),
              {"render kafka (with the brokers' own files), copy", kRollingRestart,
               "gcloud/port-mapping/create.sh: firewall, endpoints, accept list"}});
    return;
  }
  list.add(Turn::kExpose,
           {Impact::kRestart,
            fmt::format("external listener {} is new", listener.name),
            "The proxies bind its ports beside the others. A fleet of VMs or pods is replaced one "
            "by one for "
            "it; where serve runs by hand, connections of the others stay.",
            {"gcloud/proxy/create.sh (firewall, accept list, proxies one by one), or where serve "
             "runs by hand: the new file to every replica, then kill -HUP"}});
}

void removed(const ExternalListenerSpec& listener, ChangeList& list) {
  Change change{Impact::kOutage,
                fmt::format("external listener {} is gone", listener.name),
                "Its clients lose the cluster: be sure that there are none left.",
                {}};
  if (is_mapped(listener)) {
    change.steps = {"gcloud/port-mapping/create.sh removes its endpoints from the NEG",
                    "render kafka, copy", kRollingRestart};
  } else {
    change.steps = {"gcloud/proxy/create.sh, or the new file to every replica and kill -HUP"};
  }
  list.add(Turn::kRemove, std::move(change));
}

void method_change(const ExternalListenerSpec& before, const ExternalListenerSpec& after,
                   ChangeList& list) {
  list.add(
      Turn::kMove,
      {Impact::kOutage,
       fmt::format("{} goes from {} to {}", after.name, method_name(before.method),
                   method_name(after.method)),
       "The other method has another load balancer and another service attachment: its clients "
       "connect anew.",
       {"make the new one beside the old one (an external listener with another name), move the "
        "clients, then remove the old one"}});
}

void pattern_change(const ExternalListenerSpec& before, const ExternalListenerSpec& after,
                    ChangeList& list) {
  if (before.advertise == after.advertise) return;
  Change change{
      is_mapped(after) ? Impact::kRestart : Impact::kOutage,
      fmt::format("{} advertises {} instead of {}", after.name, after.advertise, before.advertise),
      "Clients learn the new names with their next Metadata; the new names must lead to the "
      "endpoint before that, and the old ones until then.",
      {"let the new names lead to the endpoint (in TiDB Cloud: the new pattern)"}};
  if (is_mapped(after)) {
    change.steps.push_back("render kafka, copy");
    change.steps.push_back(kRollingRestart);
  } else {
    change.impact = Impact::kRestart;
    change.steps.push_back(
        "the new file to every replica at once: while they differ, clients are "
        "told different names, which both must lead to the endpoint");
  }
  list.add(Turn::kMove, std::move(change));
}

void listen_port_change(const ExternalListenerSpec& before, const ExternalListenerSpec& after,
                        ChangeList& list) {
  if (!is_mapped(after) || before.listen_port == after.listen_port) return;
  list.add(Turn::kMove,
           {Impact::kOutage,
            fmt::format("brokers listen on {} instead of {} for {}", after.listen_port,
                        before.listen_port, after.name),
            "From a broker's restart until its endpoint is changed, its clients cannot reach it.",
            {"open the new port in the firewall", "render kafka, copy",
             "restart one broker, change its endpoint, go on with the next"}});
}

void consumer_changes(const ExternalListenerSpec& before, const ExternalListenerSpec& after,
                      ChangeList& list) {
  const std::set<std::string> old_projects(before.consumers.begin(), before.consumers.end());
  const std::set<std::string> new_projects(after.consumers.begin(), after.consumers.end());
  const std::string script =
      fmt::format("gcloud/{}/create.sh updates the accept list", method_name(after.method));
  for (const std::string& project : new_projects) {
    if (old_projects.contains(project)) continue;
    list.add(Turn::kPrepare, {Impact::kNone,
                              fmt::format("project {} may connect to {}", project, after.name),
                              "Its endpoint goes from PENDING to ACCEPTED.",
                              {script}});
  }
  for (const std::string& project : old_projects) {
    if (new_projects.contains(project)) continue;
    list.add(Turn::kRemove,
             {Impact::kOutage,
              fmt::format("project {} may not connect to {} any more", project, after.name),
              "With reconciliation its traffic is cut at once; without, what is connected stays.",
              {script}});
  }
  if (before.connection_limit != after.connection_limit) {
    list.add(Turn::kPrepare,
             {Impact::kNone,
              fmt::format("each project may connect {} endpoints to {}, not {}",
                          after.connection_limit, after.name, before.connection_limit),
              "A higher limit lets waiting endpoints in; a lower one cuts none that is connected.",
              {script}});
  }
}

void security_change(const ExternalListenerSpec& before, const ExternalListenerSpec& after,
                     ChangeList& list) {
  if (before.security == after.security && before.sasl_mechanisms == after.sasl_mechanisms) return;
  list.add(
      Turn::kMove,
      {Impact::kOutage,
       fmt::format("{} speaks {} instead of {}", after.name, security_name(after.security),
                   security_name(before.security)),
       "A client that speaks the other protocol cannot connect: a broker changes at its restart, "
       "all clients cannot change at the same moment.",
       {"better: an external listener with another name beside this one, move the clients, then "
        "remove this one"}});
}

}  // namespace

void listener_changes(const Spec& before, const Spec& after, ChangeList& list) {
  for (const ExternalListenerSpec& listener : after.external_listeners) {
    const ExternalListenerSpec* old = find_listener(before, listener.name);
    if (old == nullptr) {
      added(listener, list);
    } else if (old->method != listener.method) {
      method_change(*old, listener, list);
    } else {
      pattern_change(*old, listener, list);
      listen_port_change(*old, listener, list);
      security_change(*old, listener, list);
      consumer_changes(*old, listener, list);
    }
  }
  for (const ExternalListenerSpec& listener : before.external_listeners) {
    if (find_listener(after, listener.name) == nullptr) removed(listener, list);
  }
}

}  // namespace portway::plan
