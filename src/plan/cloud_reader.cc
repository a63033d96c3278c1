#include "plan/cloud_reader.h"

#include <algorithm>
#include <string>

namespace portway::plan {
namespace {

std::vector<std::string> read_zones(const Section& cloud, const std::vector<NodeSpec>& nodes,
                                    const std::string& region) {
  std::vector<std::string> zones;
  const auto add = [&zones](const std::string& zone) {
    const bool is_new = std::find(zones.begin(), zones.end(), zone) == zones.end();
    if (!zone.empty() && is_new) zones.push_back(zone);
  };
  for (const Text& zone : cloud.texts("zones")) add(zone.text);
  if (zones.empty()) {
    for (const NodeSpec& node : nodes) add(node.zone);
  }
  if (zones.empty()) zones = {region + "-a", region + "-b", region + "-c"};
  return zones;
}

SubnetSpec read_nat_subnet(const Section& section) {
  return {section.text("nat_subnet"), section.range("nat_range"), false};
}

BastionSpec read_bastion(const Section& section) {
  BastionSpec bastion;
  bastion.is_wanted = section.flag("wanted");
  bastion.name = section.text("name");
  bastion.zone = section.text("zone");
  bastion.machine_type = section.text("machine_type");
  bastion.subnet = {section.text("subnet"), section.range("range"), false};
  return bastion;
}

PortMappingSpec read_port_mapping(const Section& section) {
  PortMappingSpec spec;
  spec.network_endpoint_group = section.text("network_endpoint_group");
  spec.load_balancer = section.text("load_balancer");
  spec.service_attachment = section.text("service_attachment");
  spec.firewall_rule = section.text("firewall_rule");
  spec.nat_subnet = read_nat_subnet(section);
  return spec;
}

ProxyFleetSpec read_proxy_fleet(const Section& section) {
  ProxyFleetSpec spec;
  spec.instance_group = section.text("instance_group");
  spec.instance_template = section.text("instance_template");
  spec.load_balancer = section.text("load_balancer");
  spec.health_check = section.text("health_check");
  spec.service_attachment = section.text("service_attachment");
  spec.firewall_rule = section.text("firewall_rule");
  spec.nat_subnet = read_nat_subnet(section);
  spec.machine_type = section.text("machine_type");
  spec.replicas_min = static_cast<uint32_t>(section.quantity("replicas_min"));
  spec.replicas_max = static_cast<uint32_t>(section.quantity("replicas_max"));
  spec.binary = section.text("binary");
  spec.binary_sha256 = section.text("binary_sha256");
  return spec;
}

CloudProvider provider_of(const std::string& text) {
  if (text == "aws") return CloudProvider::kAws;
  return text == "azure" ? CloudProvider::kAzure : CloudProvider::kGcp;
}

}  // namespace

CloudSpec read_cloud(const Section& cloud, const std::vector<NodeSpec>& nodes) {
  CloudSpec spec;
  spec.provider = provider_of(cloud.choice("provider"));
  spec.project = cloud.text("project");
  spec.region = cloud.text("region");
  spec.zones = read_zones(cloud, nodes, spec.region);
  spec.network = cloud.text("network");
  spec.network_is_existing = cloud.flag("network_existing");
  const Section subnet = cloud.mapping("subnet");
  spec.subnet = {subnet.text("name"), subnet.range("range"), subnet.flag("existing")};
  spec.global_access = cloud.flag("global_access");
  spec.node_machine_type = cloud.text("node_machine_type");
  spec.node_disk_gb = static_cast<uint32_t>(cloud.quantity("node_disk_gb"));
  spec.bastion = read_bastion(cloud.mapping("bastion"));
  if (spec.bastion.zone.empty()) spec.bastion.zone = spec.zones.front();
  spec.port_mapping = read_port_mapping(cloud.mapping("port_mapping"));
  spec.proxy = read_proxy_fleet(cloud.mapping("proxy"));
  return spec;
}

KubernetesSpec read_kubernetes(const Section& kubernetes) {
  KubernetesSpec spec;
  spec.namespace_name = kubernetes.text("namespace");
  spec.name = kubernetes.text("name");
  spec.image = kubernetes.text("image");
  spec.replicas_min = static_cast<uint32_t>(kubernetes.quantity("replicas_min"));
  spec.replicas_max = static_cast<uint32_t>(kubernetes.quantity("replicas_max"));
  return spec;
}

}  // namespace portway::plan
