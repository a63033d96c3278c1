#include "render/docs_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/values.h"
#include "render/kubernetes_values.h"
#include "render/template.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

std::string ports_text(const std::vector<plan::PortRange>& ranges) {
  std::string text;
  for (const plan::PortRange& range : ranges) {
    text += (text.empty() ? "" : ", ") + to_string(range);
  }
  return text;
}

template <typename Words>
std::string spans(const Words& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + code_span(word);
  return text;
}

Json row(std::string_view what, std::string_view name, std::string_view from) {
  return {{"what", what}, {"name", code_span(name)}, {"from", from}};
}

Json subnet_row(std::string_view what, const plan::SubnetSpec& subnet, std::string_view from) {
  return {{"what", what},
          {"name", fmt::format("{}, `{}`", code_span(subnet.name), subnet.range)},
          {"from", subnet.is_existing ? "is there already" : from}};
}

void add_network(Json& rows, const plan::Spec& spec) {
  const plan::CloudSpec& cloud = *spec.cloud;
  constexpr std::string_view kKey = "`cloud.network`, `cloud.subnet`";
  rows.push_back(row("VPC network", cloud.network,
                     cloud.network_is_existing ? std::string_view("is there already") : kKey));
  rows.push_back(subnet_row("Subnet of brokers, proxies and load balancers", cloud.subnet, kKey));
  if (!spec.cluster.is_new) return;
  for (const plan::NodeSpec& node : spec.cluster.nodes) {
    rows.push_back(row(fmt::format("VM of node {}, {}", node.id, node.zone), node.instance,
                       "`cluster.nodes`"));
  }
  if (!cloud.bastion.is_wanted) return;
  rows.push_back(row("VM to work from", cloud.bastion.name, "`cloud.bastion`"));
  rows.push_back(subnet_row("Its subnet", cloud.bastion.subnet, "`cloud.bastion`"));
}

void add_port_mapping(Json& rows, const plan::PortMappingSpec& mapping) {
  constexpr std::string_view kKey = "`cloud.port_mapping`";
  rows.push_back(row("Port mapping network endpoint group", mapping.network_endpoint_group, kKey));
  rows.push_back(
      row("Load balancer: backend service and forwarding rule", mapping.load_balancer, kKey));
  rows.push_back(row("Service attachment", mapping.service_attachment, kKey));
  rows.push_back(subnet_row("Its NAT subnet", mapping.nat_subnet, kKey));
}

void add_proxy(Json& rows, const plan::ProxyFleetSpec& fleet) {
  constexpr std::string_view kKey = "`cloud.proxy`";
  rows.push_back(row("Regional managed instance group of proxies", fleet.instance_group, kKey));
  rows.push_back(row("Instance template, with a mark of its content behind the name",
                     fleet.instance_template, kKey));
  rows.push_back(
      row("Load balancer: backend service and forwarding rule", fleet.load_balancer, kKey));
  rows.push_back(row("Health check", fleet.health_check, kKey));
  rows.push_back(row("Service attachment", fleet.service_attachment, kKey));
  rows.push_back(subnet_row("Its NAT subnet", fleet.nat_subnet, kKey));
}

Json resources(const RenderInput& input) {
  Json rows = Json::array();
  add_network(rows, input.spec);
  if (input.deployment.port_mapping) add_port_mapping(rows, input.spec.cloud->port_mapping);
  if (input.deployment.proxy) add_proxy(rows, input.spec.cloud->proxy);
  for (const plan::FirewallRule& rule : input.deployment.firewall_rules) {
    rows.push_back(
        {{"what", "Firewall rule: " + rule.description},
         {"name", code_span(rule.name)},
         {"from", fmt::format("{} to TCP {}", spans(rule.sources), ports_text(rule.ports))}});
  }
  return rows;
}

Json roles(const RenderInput& input, bool has_kubernetes) {
  Json rows = {
      {{"role", "roles/compute.networkAdmin"},
       {"what", "VPC network, subnets, network endpoint groups, Private Service Connect"}},
      {{"role", "roles/compute.loadBalancerAdmin"}, {"what", "load balancers"}},
      {{"role", "roles/compute.securityAdmin"}, {"what", "firewall rules"}},
  };
  if (input.spec.cluster.is_new || input.deployment.proxy) {
    rows.push_back({{"role", "roles/compute.instanceAdmin.v1"},
                    {"what", "virtual machines, templates and instance groups"}});
    rows.push_back({{"role", "roles/iam.serviceAccountUser"},
                    {"what", "virtual machines that run as a service account"}});
  }
  if (input.spec.cluster.is_new || input.deployment.port_mapping) {
    rows.push_back({{"role", "roles/iap.tunnelResourceAccessor"},
                    {"what", "SSH to the Kafka nodes, to set them up"}});
    rows.push_back({{"role", "roles/compute.osAdminLogin"}, {"what", "likewise"}});
  }
  if (has_kubernetes) {
    rows.push_back({{"role", "roles/container.developer"}, {"what", "objects of the GKE cluster"}});
  }
  return rows;
}

void add_nodes(Json& values, const plan::Spec& spec) {
  values["nodes"] = Json::array();
  values["brokers"] = Json::array();
  size_t controllers = 0;
  for (const plan::NodeSpec& node : spec.cluster.nodes) {
    const std::string rack = spec.cluster.is_new && !node.zone.empty() ? node.zone : "null";
    const Json one = {
        {"id", node.id},     {"instance", node.instance},
        {"zone", node.zone}, {"address", node.address},
        {"rack", rack},      {"file", fmt::format("kafka/{}/server.properties", node.instance)}};
    values["nodes"].push_back(one);
    if (node.is_broker) values["brokers"].push_back(one);
    controllers += node.is_controller ? 1 : 0;
  }
  values["node_count"] = spec.cluster.nodes.size();
  values["quorum"] = controllers / 2 + 1;
}

void add_mapping_values(Json& values, const RenderInput& input) {
  const plan::Exposure& exposure = *input.deployment.port_mapping;
  std::vector<uint16_t> vm_ports;
  values["endpoints"] = Json::array();
  for (const plan::BrokerPlace& place : exposure.places) {
    vm_ports.push_back(place.vm_port);
    values["endpoints"].push_back(
        {{"instance", input.spec.cluster.nodes[place.node].instance},
         {"port", place.vm_port},
         {"client_port", place.client_port},
         {"listener", input.spec.external_listeners[place.external_listener].name}});
  }
  const plan::PortMappingSpec& mapping = input.spec.cloud->port_mapping;
  values["mapping"] = {{"group", mapping.network_endpoint_group},
                       {"load_balancer", exposure.load_balancer},
                       {"firewall_rule", mapping.firewall_rule},
                       {"nat_range", exposure.nat_subnet.range},
                       {"vm_ports", ports_text(plan::port_ranges(vm_ports))},
                       {"uri", service_attachment_uri(input.spec, exposure)}};
  const auto& ports = exposure.client_ports;
  values["has_wrong_guide"] = std::none_of(
      ports.begin(), ports.end(),
      [](const plan::PortRange& range) { return range.first <= 9092 && 9092 <= range.last; });
}

void add_proxy_values(Json& values, const RenderInput& input) {
  const plan::Exposure& exposure = *input.deployment.proxy;
  const plan::ProxyFleetSpec& fleet = input.spec.cloud->proxy;
  values["fleet"] = {{"binary", fleet.binary},
                     {"has_binary", !fleet.binary.empty()},
                     {"has_sha256", !fleet.binary_sha256.empty()},
                     {"sha256", fleet.binary_sha256},
                     {"replicas_min", fleet.replicas_min},
                     {"replicas_max", fleet.replicas_max},
                     {"instance_group", fleet.instance_group},
                     {"health_check", fleet.health_check},
                     {"probe_ranges", spans(plan::kProbeRanges)},
                     {"load_balancer", exposure.load_balancer},
                     {"firewall_rule", fleet.firewall_rule},
                     {"nat_range", exposure.nat_subnet.range},
                     {"ports", ports_text(exposure.client_ports)},
                     {"tag", std::string(plan::kProxyTag)},
                     {"uri", service_attachment_uri(input.spec, exposure)}};
  std::vector<plan::IdRange> ids;
  for (const size_t index : exposure.external_listeners) {
    for (const plan::PortBlock& block : input.spec.external_listeners[index].ports) {
      ids.insert(ids.end(), block.ids.begin(), block.ids.end());
    }
  }
  std::sort(ids.begin(), ids.end(),
            [](const auto& one, const auto& other) { return one.first < other.first; });
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  values["proxy_ids"] = plan::id_ranges_text(ids);
}

void add_listeners(Json& values, const RenderInput& input) {
  values["listeners"] = Json::array();
  std::vector<std::string> patterns;
  for (size_t i = 0; i < input.spec.external_listeners.size(); ++i) {
    values["listeners"].push_back(listener_values(input, i));
    patterns.push_back(values["listeners"].back()["pattern"]);
  }
  values["patterns"] = spans(patterns);
  values["mapped"] = Json::array();
  values["served"] = Json::array();
  for (const Json& listener : values["listeners"]) {
    values[listener["is_mapped"] ? "mapped" : "served"].push_back(listener);
  }
  const std::string second = second_listener(input);
  values["has_second_listener"] = !second.empty();
  values["second_listener"] = second;
}

void add_consumers(Json& values, const RenderInput& input) {
  std::vector<std::string> projects;
  std::string limits;
  values["attachments"] = Json::array();
  for (const plan::Exposure* exposure : exposures(input.deployment)) {
    values["attachments"].push_back({{"name", exposure->service_attachment}});
    for (const plan::Consumer& consumer : exposure->consumers) {
      if (std::find(projects.begin(), projects.end(), consumer.project) != projects.end()) continue;
      projects.push_back(consumer.project);
      limits += fmt::format("{}{} for {}", limits.empty() ? "" : ", ", consumer.connection_limit,
                            code_span(consumer.project));
    }
  }
  values["consumers"] = projects.empty() ? "nobody yet" : spans(projects);
  values["limits"] = limits.empty() ? "nobody has one yet" : limits;
}

}  // namespace

std::string code_span(std::string_view text) {
  std::string inside;
  size_t longest = 0;
  size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (c == '|') inside += '\\';
    inside += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  const std::string fence(longest + 1, '`');
  const char* const space = longest > 0 ? " " : "";
  return fence + space + inside + space + fence;
}

Json docs_values(const RenderInput& input) {
  const plan::Spec& spec = input.spec;
  const plan::CloudSpec& cloud = *spec.cloud;
  const bool has_kubernetes = render_kubernetes(input).has_value();
  Json values = {
      {"cluster", spec.cluster.name},
      {"cluster_id", input.deployment.cluster_id},
      {"kafka_version", spec.cluster.kafka_version},
      {"is_new", spec.cluster.is_new},
      {"inside", to_string(spec.cluster.bootstrap.front())},
      {"internal_name", spec.cluster.internal.name},
      {"internal_port", spec.cluster.internal.port},
      {"project", cloud.project},
      {"region", cloud.region},
      {"zones", spans(cloud.zones)},
      {"network", cloud.network},
      {"subnet", cloud.subnet.name},
      {"has_bastion", spec.cluster.is_new && cloud.bastion.is_wanted},
      {"bastion", cloud.bastion.name},
      {"bastion_zone", cloud.bastion.zone},
      {"gcloud_folder", input.deployment.port_mapping ? "port-mapping" : "proxy"},
      {"node_tag", std::string(plan::kNodeTag)},
      {"health_port", input.deployment.health_port},
      {"has_port_mapping", input.deployment.port_mapping.has_value()},
      {"has_proxy", input.deployment.proxy.has_value()},
      {"has_kubernetes", has_kubernetes},
      {"has_wrong_guide", false},
      {"roles", roles(input, has_kubernetes)},
      {"resources", resources(input)},
  };
  add_nodes(values, spec);
  add_listeners(values, input);
  add_consumers(values, input);
  if (input.deployment.port_mapping) add_mapping_values(values, input);
  if (input.deployment.proxy) add_proxy_values(values, input);
  if (has_kubernetes) values["gke"] = kubernetes_values(input);
  return values;
}

}  // namespace portway::render
