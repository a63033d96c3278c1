// Cloud resources: who may connect, what things are called, and how the proxies run.
#include <fmt/format.h>

#include <map>
#include <utility>

#include "plan/check/check_plan.h"
#include "plan/planned_brokers.h"

namespace portway::plan {
namespace {

// TiDB Cloud: private endpoints for one service attachment in one VPC.
constexpr size_t kEndpointsOfOneProject = 5;

void check_consumers(const PlanToCheck& plan, SpecReport& report) {
  for (size_t i = 0; i < plan.spec.external_listeners.size(); ++i) {
    const ExternalListenerSpec& listener = plan.spec.external_listeners[i];
    if (!listener.consumers.empty()) continue;
    report.add(Check::kNoConsumers, listener_key(i),
               fmt::format("{} lists no consumers", listener.name));
  }
  for (const Exposure* exposure : exposures(plan.deployment)) {
    std::map<std::string, size_t> endpoints;  // one for each pattern that a project resolves
    for (const size_t index : exposure->external_listeners) {
      const ExternalListenerSpec& listener = plan.spec.external_listeners[index];
      if (!parse_tidb_cloud_name(listener.advertise)) continue;
      for (const std::string& project : listener.consumers) {
        if (++endpoints[project] != kEndpointsOfOneProject + 1) continue;
        report.add(Check::kTooManyEndpoints, listener_key(index) + ".consumers",
                   fmt::format("{} is a consumer of more than {} external listeners behind {}",
                               project, kEndpointsOfOneProject, exposure->service_attachment));
      }
    }
  }
}

// Names of one kind of resource must differ within a project.
class NameTable {
 public:
  explicit NameTable(SpecReport& report) : report_(report) {}

  void take(std::string_view kind, const std::string& name, const std::string& key) {
    const auto [first, is_new] = taken_.emplace(std::pair(kind, name), key);
    if (is_new) return;
    report_.add(Check::kResourceNameTwice, key,
                fmt::format("the {} {} is also that of {}", kind, name, first->second));
  }

 private:
  SpecReport& report_;
  std::map<std::pair<std::string_view, std::string>, std::string> taken_;
};

void check_resource_names(const PlanToCheck& plan, SpecReport& report) {
  const CloudSpec& cloud = *plan.spec.cloud;
  NameTable names(report);
  names.take("subnet", cloud.subnet.name, "cloud.subnet.name");
  for (size_t i = 0; i < plan.spec.cluster.nodes.size(); ++i) {
    names.take("instance", plan.spec.cluster.nodes[i].instance, report.node_key(i) + ".instance");
  }
  if (plan.spec.cluster.is_new && cloud.bastion.is_wanted) {
    names.take("subnet", cloud.bastion.subnet.name, "cloud.bastion.subnet");
    names.take("instance", cloud.bastion.name, "cloud.bastion.name");
  }
  if (plan.deployment.port_mapping) {
    const PortMappingSpec& mapping = cloud.port_mapping;
    const std::string key = "cloud.port_mapping.";
    names.take("subnet", mapping.nat_subnet.name, key + "nat_subnet");
    names.take("load balancer", mapping.load_balancer, key + "load_balancer");
    names.take("service attachment", mapping.service_attachment, key + "service_attachment");
    names.take("firewall rule", mapping.firewall_rule, key + "firewall_rule");
  }
  if (plan.deployment.proxy) {
    const ProxyFleetSpec& proxy = cloud.proxy;
    const std::string key = "cloud.proxy.";
    names.take("subnet", proxy.nat_subnet.name, key + "nat_subnet");
    names.take("load balancer", proxy.load_balancer, key + "load_balancer");
    names.take("service attachment", proxy.service_attachment, key + "service_attachment");
    names.take("firewall rule", proxy.firewall_rule, key + "firewall_rule");
  }
}

void check_network_exists(const PlanToCheck& plan, SpecReport& report) {
  const CloudSpec& cloud = *plan.spec.cloud;
  if (cloud.network_is_existing || cloud.provider != CloudProvider::kGcp) return;
  if (cloud.subnet.is_existing) {
    report.add(Check::kSubnetWithoutNetwork, "cloud.subnet.existing",
               fmt::format("the subnet {} is there already, and the network {} is still to be made",
                           cloud.subnet.name, cloud.network));
  } else if (!plan.spec.cluster.is_new) {
    report.add(Check::kClusterOutsideNewNetwork, "cloud.network",
               fmt::format("the cluster runs already, and the network {} is still to be made",
                           cloud.network));
  }
}

void check_replicas(const std::string& key, uint32_t least, uint32_t most, size_t zones,
                    SpecReport& report) {
  if (least > most) {
    report.add(Check::kReplicasReversed, key + ".replicas_min",
               fmt::format("{} is above replicas_max, {}", least, most));
    return;
  }
  if (least == 1) {
    report.add(Check::kOneReplica, key + ".replicas_min", "one proxy may run alone");
  } else if (least < zones) {
    report.add(Check::kFewReplicas, key + ".replicas_min",
               fmt::format("{} proxies for {} zones", least, zones));
  }
}

void check_fleet(const PlanToCheck& plan, SpecReport& report) {
  const size_t zones = plan.spec.cloud ? plan.spec.cloud->zones.size() : 0;
  if (plan.spec.kubernetes) {
    const KubernetesSpec& kubernetes = *plan.spec.kubernetes;
    check_replicas("kubernetes", kubernetes.replicas_min, kubernetes.replicas_max, zones, report);
  }
  if (!plan.spec.cloud || plan.spec.cloud->provider != CloudProvider::kGcp) return;
  const ProxyFleetSpec& proxy = plan.spec.cloud->proxy;
  check_replicas("cloud.proxy", proxy.replicas_min, proxy.replicas_max, zones, report);
  if (proxy.binary.empty()) {
    if (plan.spec.kubernetes) return;
    report.add(Check::kNoBinary, "cloud.proxy.binary",
               "not said, so that VMs of the proxy must have portway in their image");
  } else if (proxy.binary_sha256.empty()) {
    report.add(Check::kBinaryUnchecked, "cloud.proxy.binary",
               fmt::format("{} is run whatever it holds", proxy.binary));
  }
}

}  // namespace

void check_resources(const PlanToCheck& plan, SpecReport& report) {
  if (plan.deployment.proxy) {
    check_fleet(plan, report);
  } else if (plan.spec.kubernetes) {
    report.add(Check::kKubernetesUnused, "kubernetes", "no external listener goes through a proxy");
  }
  if (!plan.spec.cloud) return;
  check_consumers(plan, report);
  check_resource_names(plan, report);
  check_network_exists(plan, report);
  if (plan.spec.cloud->project.starts_with("tidbcloud-")) {
    report.add(Check::kProjectOfTidbCloud, "cloud.project",
               fmt::format("'{}' looks like a project of TiDB Cloud", plan.spec.cloud->project));
  }
}

}  // namespace portway::plan
