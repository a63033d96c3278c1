#include "render/terraform_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/host_port.h"
#include "plan/values.h"
#include "render/template.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

// Lists of texts are lists of objects in Mustache, for `last` to be known.
template <typename Range>
Json texts(const Range& range) {
  Json list = Json::array();
  for (const auto& text : range) list.push_back({{"text", std::string(text)}});
  return list;
}

Json port_texts(const std::vector<plan::PortRange>& ranges) {
  Json list = Json::array();
  for (const plan::PortRange& range : ranges) list.push_back({{"text", to_string(range)}});
  return list;
}

// HCL's words, not texts: templates write them without quotes.
std::string_view word(bool value) { return value ? "true" : "false"; }

// What all modules of the producer's side have.
Json common_values(const RenderInput& input) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  return {
      {"project", cloud.project},           {"region", cloud.region},
      {"network", cloud.network},           {"network_is_existing", cloud.network_is_existing},
      {"subnet", cloud.subnet.name},        {"subnet_is_existing", cloud.subnet.is_existing},
      {"subnet_range", cloud.subnet.range}, {"cluster_is_new", input.spec.cluster.is_new},
      {"node_tag", plan::kNodeTag},         {"internal_port", input.spec.cluster.internal.port}};
}

Json cluster_firewall_rules(const RenderInput& input) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  Json list = Json::array();
  for (const plan::FirewallRule& rule : input.deployment.firewall_rules) {
    const bool is_of_cluster = std::find(rule.target_tags.begin(), rule.target_tags.end(),
                                         plan::kNodeTag) != rule.target_tags.end() &&
                               rule.name != cloud.port_mapping.firewall_rule;
    if (!is_of_cluster) continue;
    list.push_back({{"name", rule.name},
                    {"description", rule.description},
                    {"sources", texts(rule.sources)},
                    {"tags", texts(rule.target_tags)},
                    {"ports", port_texts(rule.ports)}});
  }
  return list;
}

std::string endpoint_key(const RenderInput& input, const plan::BrokerPlace& place) {
  return fmt::format("{}-{}", input.spec.external_listeners[place.external_listener].name,
                     place.broker_id);
}

Json endpoints(const RenderInput& input, const plan::Exposure& exposure) {
  Json list = Json::array();
  for (const plan::BrokerPlace& place : exposure.places) {
    list.push_back({{"key", endpoint_key(input, place)},
                    {"listener", input.spec.external_listeners[place.external_listener].name},
                    {"broker", input.spec.cluster.nodes[place.node].instance},
                    {"vm_port", place.vm_port},
                    {"client_port", place.client_port},
                    {"advertised", to_string(place.advertised)}});
  }
  return list;
}

// The brokers that have a place on a port mapping, each once.
Json mapped_brokers(const RenderInput& input, const plan::Exposure& exposure) {
  Json list = Json::array();
  for (size_t i = 0; i < input.spec.cluster.nodes.size(); ++i) {
    const bool is_mapped =
        std::any_of(exposure.places.begin(), exposure.places.end(),
                    [i](const plan::BrokerPlace& place) { return place.node == i; });
    if (!is_mapped) continue;
    const plan::NodeSpec& node = input.spec.cluster.nodes[i];
    list.push_back({{"instance", node.instance}, {"zone", node.zone}});
  }
  return list;
}

Json listeners(const RenderInput& input, const plan::Exposure& exposure) {
  Json list = Json::array();
  for (const size_t index : exposure.external_listeners) {
    Json servers = Json::array();
    for (const HostPort& server : plan::bootstrap_servers(input.spec, index)) {
      servers.push_back({{"text", to_string(server)}});
    }
    list.push_back({{"name", input.spec.external_listeners[index].name}, {"bootstrap", servers}});
  }
  return list;
}

// The parts that both methods share: variables of the load balancer and its service attachment, the
// attachment itself and the outputs about bootstrap servers.
void add_exposure(const RenderInput& input, const plan::Exposure& exposure, Json& values) {
  const bool is_proxy = exposure.method == plan::Method::kProxy;
  Json consumers = Json::array();
  for (const plan::Consumer& consumer : exposure.consumers) {
    consumers.push_back(
        {{"project", consumer.project}, {"connection_limit", consumer.connection_limit}});
  }
  values["load_balancer_variables"] =
      fill("terraform/load_balancer_variables.tf",
           {{"load_balancer", exposure.load_balancer},
            {"is_proxy", is_proxy},
            {"global_access", word(input.spec.cloud->global_access)},
            {"service_attachment", exposure.service_attachment},
            {"consumers", consumers},
            {"nat_subnet", exposure.nat_subnet.name},
            {"nat_range", exposure.nat_subnet.range}});
  values["attachment"] =
      fill("terraform/attachment.tf",
           {{"rule", is_proxy ? "proxies" : "brokers"},
            {"no_proxy_protocol", is_proxy ? "Portway tells consumers apart by port and reads no "
                                             "PROXY protocol header."
                                           : "Kafka brokers do not read the PROXY protocol."}});
  values["bootstrap_outputs"] = template_text("terraform/bootstrap_outputs.tf");
  values["endpoints"] = endpoints(input, exposure);
  values["listeners"] = listeners(input, exposure);
}

// The DNS record under which the names of an external listener are found, and its domain: what
// stands after the last label with {id}. Both empty where there can be none (an IP address, a
// single label).
struct AdvertisedRecord {
  std::string record;
  std::string domain;
};

AdvertisedRecord advertised_record(const std::string& advertise) {
  const std::string name = plan::substitute_id(advertise, 0);
  if (plan::is_ip_address(name) || name.find('.') == std::string::npos) return {};
  const size_t id = advertise.rfind("{id}");
  if (id == std::string::npos) return {advertise, advertise};
  const size_t dot = advertise.find('.', id);
  if (dot == std::string::npos) return {};
  const std::string domain = advertise.substr(dot + 1);
  return {"*." + domain, domain};
}

// A name leads to one endpoint: of two external listeners with the same record, the first is taken.
void add_name(const plan::ExternalListenerSpec& listener, const plan::Exposure& exposure,
              Json& names) {
  const AdvertisedRecord advertised = advertised_record(listener.advertise);
  if (advertised.record.empty()) return;
  for (Json& known : names) {
    if (known["record"] != advertised.record) continue;
    std::string comment = known["comment"];
    comment.pop_back();  // the full stop
    comment += known["endpoint"] == exposure.service_attachment
                   ? fmt::format(", {}.", listener.name)
                   : fmt::format(" (not {}: its endpoint is {}).", listener.name,
                                 exposure.service_attachment);
    known["comment"] = comment;
    return;
  }
  names.push_back({{"record", advertised.record},
                   {"domain", advertised.domain},
                   {"endpoint", exposure.service_attachment},
                   {"comment", listener.name + "."}});
}

}  // namespace

bool has_cluster_module(const RenderInput& input) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  return input.spec.cluster.is_new || !cloud.network_is_existing || !cloud.subnet.is_existing;
}

Json terraform_overview(const RenderInput& input) {
  return {{"has_cluster", has_cluster_module(input)},
          {"cluster_is_new", input.spec.cluster.is_new},
          {"has_port_mapping", input.deployment.port_mapping.has_value()},
          {"has_proxy", input.deployment.proxy.has_value()},
          {"wants_vms", input.spec.cluster.is_new || input.deployment.proxy.has_value()}};
}

Json terraform_cluster(const RenderInput& input) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  Json values = common_values(input);
  values["network_id"] = cloud.network_is_existing ? "data.google_compute_network.kafka.id"
                                                   : "google_compute_network.kafka.id";
  values["subnet_id"] = cloud.subnet.is_existing ? "data.google_compute_subnetwork.brokers.id"
                                                 : "google_compute_subnetwork.brokers.id";
  values["nodes"] = Json::array();
  for (const plan::NodeSpec& node : input.spec.cluster.nodes) {
    values["nodes"].push_back(
        {{"instance", node.instance}, {"zone", node.zone}, {"address", node.address}});
  }
  values["node_machine_type"] = cloud.node_machine_type;
  values["node_disk_gb"] = cloud.node_disk_gb;
  values["has_bastion"] = cloud.bastion.is_wanted;
  values["bastion"] = Json::array();
  if (cloud.bastion.is_wanted) {
    values["bastion"].push_back({{"name", cloud.bastion.name},
                                 {"zone", cloud.bastion.zone},
                                 {"machine_type", cloud.bastion.machine_type},
                                 {"subnet", cloud.bastion.subnet.name},
                                 {"range", cloud.bastion.subnet.range},
                                 {"tag", plan::kBastionTag}});
  }
  values["firewall_rules"] = cluster_firewall_rules(input);
  return values;
}

Json terraform_port_mapping(const RenderInput& input) {
  const plan::Exposure& exposure = *input.deployment.port_mapping;
  const plan::PortMappingSpec& mapping = input.spec.cloud->port_mapping;
  Json values = common_values(input);
  values["brokers"] = mapped_brokers(input, exposure);
  values["network_endpoint_group"] = mapping.network_endpoint_group;
  values["firewall_rule"] = mapping.firewall_rule;
  add_exposure(input, exposure, values);
  return values;
}

Json terraform_proxy(const RenderInput& input) {
  const plan::Exposure& exposure = *input.deployment.proxy;
  const plan::ProxyFleetSpec& fleet = input.spec.cloud->proxy;
  Json values = common_values(input);
  values["zones"] = texts(input.spec.cloud->zones);
  values["instance_group"] = fleet.instance_group;
  values["instance_template"] = fleet.instance_template;
  values["machine_type"] = fleet.machine_type;
  values["replicas_min"] = fleet.replicas_min;
  values["replicas_max"] = fleet.replicas_max;
  values["proxy_tag"] = plan::kProxyTag;
  values["ports"] = port_texts(exposure.client_ports);
  values["health_port"] = input.deployment.health_port;
  values["health_check"] = fleet.health_check;
  values["health_interval_s"] = input.deployment.health_interval_s;
  values["draining_s"] = input.deployment.draining_s;
  values["drain_notice"] = plan::duration_text(input.spec.serve.drain_notice_ms);
  values["drain_timeout"] = plan::duration_text(input.spec.serve.drain_timeout_ms);
  values["probe_ranges"] = texts(plan::kProbeRanges);
  values["firewall_rule"] = fleet.firewall_rule;
  values["binary"] = fleet.binary;
  values["binary_is_in_storage"] = fleet.binary.starts_with("gs://");
  add_exposure(input, exposure, values);
  return values;
}

Json terraform_consumer(const RenderInput& input) {
  Json attachments = Json::array();
  Json names = Json::array();
  for (const plan::Exposure* exposure : plan::exposures(input.deployment)) {
    attachments.push_back({{"name", exposure->service_attachment},
                           {"uri", plan::service_attachment_uri(input.spec, *exposure)}});
    for (const size_t index : exposure->external_listeners) {
      add_name(input.spec.external_listeners[index], *exposure, names);
    }
  }
  return {{"region", input.spec.cloud->region},
          {"attachments", attachments},
          {"names", names},
          {"global_access", word(input.spec.cloud->global_access)}};
}

}  // namespace portway::render
