#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "plan/change/change_parts.h"

namespace portway::plan {
namespace {

constexpr const char* kNewNames =
    "Google Cloud renames nothing: under another name it is another resource, made beside the old "
    "one.";

void renamed(std::string_view what, const std::string& before, const std::string& after,
             Impact impact, std::vector<std::string> steps, ChangeList& list) {
  if (before == after) return;
  list.add(Turn::kMove, {impact, fmt::format("{} {} becomes {}", what, before, after), kNewNames,
                         std::move(steps)});
}

void nat_subnet_change(const SubnetSpec& before, const SubnetSpec& after, ChangeList& list) {
  if (before == after) return;
  list.add(Turn::kPrepare,
           {Impact::kNone,
            fmt::format("the NAT subnet {} {} becomes {} {}", before.name, before.range, after.name,
                        after.range),
            "A subnet's range cannot change; a service attachment may have several NAT subnets.",
            {"make the new subnet, add it to the service attachment and to the firewall rule",
             "remove the old one when no endpoint uses it"}});
}

void attachment_changes(const std::string& before, const std::string& after, ChangeList& list) {
  renamed("the service attachment", before, after, Impact::kOutage,
          {"make the new one, let every consumer connect a new endpoint to it, remove the old one"},
          list);
}

void place_of_all(const CloudSpec& before, const CloudSpec& after, ChangeList& list) {
  if (before.project == after.project && before.region == after.region &&
      before.network == after.network && before.provider == after.provider &&
      before.subnet == after.subnet) {
    return;
  }
  list.add(
      Turn::kMove,
      {Impact::kOutage,
       "provider, project, region, network or subnet changes",
       "Everything is made anew there; nothing moves by itself.",
       {"make all of it from the new file, move the clients, tear down the old one with the old "
        "file's teardown.sh"}});
}

void load_balancer_change(const std::string& before, const std::string& after, ChangeList& list) {
  renamed("the load balancer", before, after, Impact::kOutage,
          {"make the new one, then change the service attachment's target to it: a short "
           "interruption"},
          list);
}

// Changes under names of a method that no external listener has are none.
bool has_method(const Spec& spec, Method method) {
  return std::any_of(
      spec.external_listeners.begin(), spec.external_listeners.end(),
      [method](const ExternalListenerSpec& listener) { return listener.method == method; });
}

void port_mapping_changes(const PortMappingSpec& before, const PortMappingSpec& after,
                          ChangeList& list) {
  attachment_changes(before.service_attachment, after.service_attachment, list);
  renamed("the NEG", before.network_endpoint_group, after.network_endpoint_group, Impact::kOutage,
          {"a backend service has one port mapping NEG: make a new load balancer for it"}, list);
  load_balancer_change(before.load_balancer, after.load_balancer, list);
  nat_subnet_change(before.nat_subnet, after.nat_subnet, list);
}

void fleet_changes(const ProxyFleetSpec& before, const ProxyFleetSpec& after, ChangeList& list) {
  attachment_changes(before.service_attachment, after.service_attachment, list);
  load_balancer_change(before.load_balancer, after.load_balancer, list);
  nat_subnet_change(before.nat_subnet, after.nat_subnet, list);
  if (before.binary != after.binary || before.binary_sha256 != after.binary_sha256 ||
      before.machine_type != after.machine_type) {
    list.add(Turn::kMove,
             {Impact::kRestart,
              "the proxies' binary or machine type changes",
              "A new instance template; the group replaces its proxies one by one. What is still "
              "connected to "
              "one is cut after the load balancer's draining time; clients connect again.",
              {"gcloud/proxy/create.sh"}});
  }
  if (before.replicas_min != after.replicas_min || before.replicas_max != after.replicas_max) {
    list.add(Turn::kPrepare,
             {Impact::kNone,
              fmt::format("{} to {} proxies instead of {} to {}", after.replicas_min,
                          after.replicas_max, before.replicas_min, before.replicas_max),
              "The autoscaler adds or drains proxies.",
              {"gcloud/proxy/create.sh"}});
  }
}

}  // namespace

void cloud_changes(const Spec& before, const Spec& after, ChangeList& list) {
  if (!before.cloud || !after.cloud) {
    if (before.cloud.has_value() == after.cloud.has_value()) return;
    list.add(Turn::kPrepare, {Impact::kNone,
                              after.cloud ? "a cloud is named for the first time"
                                          : "the cloud is not named any more",
                              after.cloud ? "gcloud, terraform and kubernetes can be rendered now."
                                          : "What was made with it stays until it is torn down.",
                              {after.cloud ? "portway render all" : "the old file's teardown.sh"}});
    return;
  }
  place_of_all(*before.cloud, *after.cloud, list);
  if (has_method(before, Method::kPortMapping) && has_method(after, Method::kPortMapping)) {
    port_mapping_changes(before.cloud->port_mapping, after.cloud->port_mapping, list);
  }
  if (has_method(before, Method::kProxy) && has_method(after, Method::kProxy)) {
    fleet_changes(before.cloud->proxy, after.cloud->proxy, list);
  }
  if (before.cloud->global_access != after.cloud->global_access) {
    list.add(
        Turn::kMove,
        {Impact::kOutage,
         "global access changes",
         "The forwarding rule changes in place, and the consumer's endpoint must have the same; it "
         "is "
         "better done in a quiet hour.",
         {"gcloud compute forwarding-rules update RULE --region=REGION --allow-global-access (or "
          "--no-allow-global-access), then create.sh"}});
  }
}

void serve_changes(const Spec& before, const Spec& after, ChangeList& list) {
  if (before.serve == after.serve || !has_method(after, Method::kProxy)) return;
  list.add(
      Turn::kMove,
      {Impact::kRestart,
       "fields under serve change",
       "They take effect when a proxy starts; SIGHUP does not read them.",
       {"gcloud/proxy/create.sh replaces the proxies one by one, or restart each replica after "
        "the other: SIGTERM, wait until it is gone, start"}});
}

}  // namespace portway::plan
