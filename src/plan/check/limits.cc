// Numbers that clouds do not go beyond.
#include <fmt/format.h>

#include <algorithm>

#include "plan/check/check_plan.h"
#include "plan/planned_brokers.h"

namespace portway::plan {
namespace {

constexpr size_t kNegEndpointsMost = 1000;  // Google Cloud: of one port mapping NEG
constexpr size_t kNlbListenersMost = 50;    // AWS: of one Network Load Balancer
constexpr size_t kListedPortsMost = 5;      // Google Cloud: of a rule that does not take all
constexpr uint32_t kEndpointConnectionsMost = 64'512;  // of one endpoint to one VM

size_t count_ports(const std::vector<PortRange>& ranges) {
  size_t ports = 0;
  for (const PortRange& range : ranges) ports += size_t{1} + range.last - range.first;
  return ports;
}

// One listener for each broker, and one in front of all of them to bootstrap from.
size_t planned_nlb_listeners(const PlanToCheck& plan, const Exposure& exposure) {
  size_t listeners = 0;
  for (const size_t index : exposure.external_listeners) {
    listeners += planned_brokers(plan.spec, index).size() + 1;
  }
  return listeners;
}

void check_aws(const PlanToCheck& plan, const Exposure& exposure, SpecReport& report) {
  const size_t now = exposure.places.size() + exposure.external_listeners.size();
  const size_t later = planned_nlb_listeners(plan, exposure);
  const std::string key = listener_key(exposure.external_listeners.front()) + ".ports";
  if (now > kNlbListenersMost) {
    report.add(Check::kNlbFull, key,
               fmt::format("{} brokers and their bootstrap port need {} listeners",
                           exposure.places.size(), now));
  } else if (later > kNlbListenersMost) {
    report.add(Check::kNlbFullSoon, key,
               fmt::format("the brokers that have a place and their bootstrap port need {} "
                           "listeners",
                           later));
  }
}

void check_gke(const PlanToCheck& plan, SpecReport& report) {
  if (!plan.spec.kubernetes || !plan.deployment.proxy) return;
  const size_t ports = count_ports(plan.deployment.proxy->client_ports);
  if (ports > kListedPortsMost) return;
  const size_t index = plan.deployment.proxy->external_listeners.front();
  report.add(Check::kFewPortsOnGke, listener_key(index) + ".ports",
             fmt::format("{} port{}, which GKE lists one by one", ports, ports == 1 ? "" : "s"));
}

void check_other_cloud(const PlanToCheck& plan, SpecReport& report) {
  const CloudProvider provider = plan.spec.cloud->provider;
  if (provider == CloudProvider::kGcp) return;
  report.add(Check::kNotRendered, "cloud.provider",
             fmt::format("no files are rendered for {}", provider_name(provider)));
  if (provider != CloudProvider::kAzure) return;
  for (const Exposure* exposure : exposures(plan.deployment)) {
    if (exposure->external_listeners.size() < 2) continue;
    report.add(Check::kOneListenerPerLoadBalancer, listener_key(exposure->external_listeners[1]),
               fmt::format("{} is the second external listener of the method {}",
                           plan.spec.external_listeners[exposure->external_listeners[1]].name,
                           method_name(exposure->method)));
  }
}

}  // namespace

void check_limits(const PlanToCheck& plan, SpecReport& report) {
  check_gke(plan, report);
  if (!plan.spec.cloud) return;
  check_other_cloud(plan, report);
  if (plan.spec.cloud->provider == CloudProvider::kAws) {
    for (const Exposure* exposure : exposures(plan.deployment)) check_aws(plan, *exposure, report);
  }
  const auto& mapping = plan.deployment.port_mapping;
  if (plan.spec.cloud->provider == CloudProvider::kGcp && mapping &&
      mapping->places.size() > kNegEndpointsMost) {
    report.add(Check::kNegFull, "cloud.port_mapping.network_endpoint_group",
               fmt::format("{} endpoints, one for each broker of each external listener",
                           mapping->places.size()));
  }
  if (plan.deployment.proxy && plan.spec.serve.connections_max > kEndpointConnectionsMost) {
    report.add(Check::kConnectionsPerEndpoint, "serve.connections_max",
               fmt::format("{} is more than one endpoint can connect to one VM",
                           plan.spec.serve.connections_max));
  }
}

}  // namespace portway::plan
