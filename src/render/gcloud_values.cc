#include "render/gcloud_values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/values.h"
#include "render/gcloud_fleet.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

// The description of all that create.sh makes. Letters, digits and a few signs only: it stands in
// comments and patterns too. Its end cannot be the middle of another cluster's.
std::string mark(const plan::Spec& spec) {
  std::string name = spec.cluster.name;
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 || (std::isalnum(byte) == 0 && c != '-' && c != '_' && c != '.');
      },
      '-');
  return fmt::format("Made by Portway (Kafka cluster {})", name);
}

std::string port_texts(const std::vector<plan::PortRange>& ranges) {
  std::vector<std::string> texts;
  for (const plan::PortRange& range : ranges) texts.push_back("tcp:" + plan::to_string(range));
  return fmt::format("{}", fmt::join(texts, ","));
}

// Those of the rules whose name `is_wanted` takes.
template <typename IsWanted>
Json firewall_rules(const plan::Deployment& deployment, IsWanted is_wanted) {
  Json rules = Json::array();
  for (const plan::FirewallRule& rule : deployment.firewall_rules) {
    if (!is_wanted(rule.name)) continue;
    rules.push_back({{"name", rule.name},
                     {"what", rule.description},
                     {"sources", fmt::format("{}", fmt::join(rule.sources, ","))},
                     {"tags", fmt::format("{}", fmt::join(rule.target_tags, ","))},
                     {"ports", port_texts(rule.ports)}});
  }
  return rules;
}

bool is_of_port_mapping(const plan::CloudSpec& cloud, std::string_view rule) {
  return rule == cloud.port_mapping.firewall_rule;
}

bool is_of_proxy(const plan::CloudSpec& cloud, std::string_view rule) {
  return rule == cloud.proxy.firewall_rule || rule == cloud.proxy.health_check + "-probes";
}

// An address to give to a VM or to compare with its own; a host name says neither.
std::string ip_address(const plan::NodeSpec& node) {
  return plan::is_ip_address(node.address) ? node.address : std::string();
}

Json roles(const RenderInput& input, bool is_proxy) {
  const bool is_new = input.spec.cluster.is_new;
  Json list = Json::array();
  const auto add = [&list](std::string_view role, std::string_view why) {
    list.push_back({{"role", fmt::format("{}: {}", role, why)}});
  };
  add("roles/compute.networkAdmin", "VPC, subnets, load balancer, Private Service Connect");
  add("roles/compute.loadBalancerAdmin", "network endpoint group, backend service");
  add("roles/compute.securityAdmin", "firewall rules");
  if (is_new || is_proxy) {
    add("roles/compute.instanceAdmin.v1", "VMs, their templates and groups");
  } else {
    add("roles/compute.instanceAdmin.v1", "the brokers' VMs: their network tags");
  }
  if (is_proxy && input.spec.cloud->proxy.binary.starts_with("gs://")) {
    add("roles/iam.serviceAccountUser", "on the Compute Engine default service account");
  }
  if (is_new) {
    add("roles/iap.tunnelResourceAccessor", "to connect to the VMs afterwards");
  }
  return list;
}

std::string accept_list(const plan::Exposure& exposure) {
  std::vector<std::string> accepted;
  for (const plan::Consumer& consumer : exposure.consumers) {
    accepted.push_back(fmt::format("{}={}", consumer.project, consumer.connection_limit));
  }
  return fmt::format("{}", fmt::join(accepted, ","));
}

// What both methods' scripts name. `other` is the exposure of the other method.
Json exposure_values(const RenderInput& input, const plan::Exposure& exposure,
                     const std::optional<plan::Exposure>& other) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  const bool is_proxy = exposure.method == plan::Method::kProxy;
  return {{"project", cloud.project},
          {"network", cloud.network},
          {"subnet", cloud.subnet.name},
          {"subnet_range", cloud.subnet.range},
          {"is_new", input.spec.cluster.is_new},
          {"nat_subnet", exposure.nat_subnet.name},
          {"nat_range", exposure.nat_subnet.range},
          {"load_balancer", exposure.load_balancer},
          {"service_attachment", exposure.service_attachment},
          {"accept_list", accept_list(exposure)},
          {"global_access", cloud.global_access ? "on" : "off"},
          {"uri", plan::service_attachment_uri(input.spec, exposure)},
          {"roles", roles(input, is_proxy)},
          {"has_other", other.has_value()},
          {"other_nat_subnet", other ? other->nat_subnet.name : ""},
          {"other_method", is_proxy ? "port mapping" : "proxy"}};
}

Json endpoints(const RenderInput& input, const plan::Exposure& exposure) {
  Json list = Json::array();
  for (const plan::BrokerPlace& place : exposure.places) {
    const plan::NodeSpec& node = input.spec.cluster.nodes[place.node];
    list.push_back({{"endpoint", fmt::format("{},{}/instances/{},{}", place.client_port, node.zone,
                                             node.instance, place.vm_port)}});
  }
  return list;
}

// VMs that are there: the firewall rule has to find them.
Json tagged_nodes(const RenderInput& input, const plan::Exposure& exposure) {
  Json list = Json::array();
  std::set<size_t> seen;
  for (const plan::BrokerPlace& place : exposure.places) {
    if (input.spec.cluster.is_new || !seen.insert(place.node).second) continue;
    const plan::NodeSpec& node = input.spec.cluster.nodes[place.node];
    list.push_back({{"instance", node.instance},
                    {"zone", node.zone},
                    {"address", ip_address(node)},
                    {"node_tag", plan::kNodeTag}});
  }
  return list;
}

std::string listener_texts(const RenderInput& input, const plan::Exposure& exposure) {
  std::vector<std::string> texts;
  for (const size_t index : exposure.external_listeners) {
    const plan::ExternalListenerSpec& listener = input.spec.external_listeners[index];
    texts.push_back(fmt::format("{} on port {}", listener.name, listener.listen_port));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

Json gcloud_common(const RenderInput& input) {
  return {{"project", input.spec.cloud->project},
          {"region", input.spec.cloud->region},
          {"mark", mark(input.spec)}};
}

Json gcloud_cluster(const RenderInput& input) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  const bool is_new = input.spec.cluster.is_new;
  Json nodes = Json::array();
  for (const plan::NodeSpec& node : input.spec.cluster.nodes) {
    if (!is_new) break;
    nodes.push_back({{"instance", node.instance},
                     {"zone", node.zone},
                     {"address", ip_address(node)},
                     {"machine_type", cloud.node_machine_type},
                     {"disk_gb", cloud.node_disk_gb},
                     {"node_tag", plan::kNodeTag}});
  }
  return {{"network", cloud.network},
          {"network_is_existing", cloud.network_is_existing},
          {"subnet", cloud.subnet.name},
          {"subnet_range", cloud.subnet.range},
          {"subnet_is_existing", cloud.subnet.is_existing},
          {"has_bastion", is_new && cloud.bastion.is_wanted},
          {"bastion", cloud.bastion.name},
          {"bastion_zone", cloud.bastion.zone},
          {"bastion_machine_type", cloud.bastion.machine_type},
          {"bastion_subnet", cloud.bastion.subnet.name},
          {"bastion_range", cloud.bastion.subnet.range},
          {"bastion_tag", plan::kBastionTag},
          {"new_nodes", std::move(nodes)},
          {"cluster_rules", firewall_rules(input.deployment, [&](std::string_view rule) {
             return !is_of_port_mapping(cloud, rule) && !is_of_proxy(cloud, rule);
           })}};
}

Json gcloud_port_mapping(const RenderInput& input) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  const plan::Exposure& exposure = *input.deployment.port_mapping;
  Json values = exposure_values(input, exposure, input.deployment.proxy);
  values["neg"] = cloud.port_mapping.network_endpoint_group;
  values["endpoints"] = endpoints(input, exposure);
  values["tagged_nodes"] = tagged_nodes(input, exposure);
  values["listeners"] = listener_texts(input, exposure);
  values["rules"] = firewall_rules(
      input.deployment, [&](std::string_view rule) { return is_of_port_mapping(cloud, rule); });
  return values;
}

Json gcloud_proxy(const RenderInput& input, const ProxyVm& vm) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  Json values = exposure_values(input, *input.deployment.proxy, input.deployment.port_mapping);
  values.update(gcloud_fleet(input, vm));
  values["rules"] = firewall_rules(input.deployment,
                                   [&](std::string_view rule) { return is_of_proxy(cloud, rule); });
  return values;
}

}  // namespace portway::render
