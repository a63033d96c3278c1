#include "render/google_cloud.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace portway::render {
namespace {

constexpr size_t kNameBytesMax = 63;    // of a resource (RFC 1035)
constexpr size_t kEndpointsMax = 1000;  // of a port mapping NEG (Load balancing quotas)

tl::unexpected<Error> refuse(std::string code, std::string message) {
  return fail(Fault::kOperator, std::move(code), std::move(message));
}

// Every broker has a VM in the region, and a client port on each external listener: the NEG is all
// that clients have.
Result<void> check_brokers(const RenderInput& input, const plan::Exposure& exposure) {
  const plan::Spec& spec = input.spec;
  if (exposure.places.empty()) {
    return refuse("no_nodes",
                  "cluster.nodes: no broker that a port could be mapped to; list the brokers with "
                  "id, address, zone and instance");
  }
  if (exposure.places.size() > kEndpointsMax) {
    return refuse("too_many_endpoints",
                  fmt::format("cluster.nodes: {} client ports to map, and a network endpoint group "
                              "has {} at most; use the method proxy",
                              exposure.places.size(), kEndpointsMax));
  }
  size_t brokers = 0;
  for (const plan::NodeSpec& node : spec.cluster.nodes) {
    if (!node.is_broker) continue;
    ++brokers;
    if (node.zone.empty() || !node.zone.starts_with(spec.cloud->region + "-")) {
      return refuse("zone",
                    fmt::format("cluster.nodes: node {} has {}; its VM {} has to be in a "
                                "zone of {}, such as {}",
                                node.id, node.zone.empty() ? "no zone" : "zone " + node.zone,
                                node.instance, spec.cloud->region, spec.cloud->zones.front()));
    }
  }
  if (exposure.places.size() == brokers * exposure.external_listeners.size()) return {};
  return refuse("no_place",
                "cluster.nodes: a broker has no port on an external listener; widen "
                "ids of external_listeners[].ports (portway plan shows who has one)");
}

class Names {
 public:
  // Two of a kind that are not one and the same.
  Result<void> add(std::string_view kind, std::string_view field, const std::string& name) {
    if (name.size() > kNameBytesMax) {
      return refuse("long_name", fmt::format("{}: {} is longer than the {} characters that Google "
                                             "allows; shorten it",
                                             field, name, kNameBytesMax));
    }
    const auto [first, is_new] = fields_.emplace(std::pair(std::string(kind), name), field);
    if (is_new) return {};
    return refuse("same_name", fmt::format("{}: {} is also the name of {}, another {}; give each "
                                           "its own",
                                           field, name, first->second, kind));
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> fields_;
};

struct Named {
  std::string_view kind;
  std::string_view field;
  std::string name;
};

std::vector<Named> names_of(const RenderInput& input) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  std::vector<Named> names = {{"subnet", "cloud.subnet.name", cloud.subnet.name}};
  if (input.spec.cluster.is_new) {
    names.push_back({"firewall rule", "cloud.network", cloud.network + "-allow-custom"});
    names.push_back({"firewall rule", "cloud.network", cloud.network + "-allow-ssh"});
    if (cloud.bastion.is_wanted) {
      names.push_back({"subnet", "cloud.bastion.subnet", cloud.bastion.subnet.name});
      names.push_back({"VM", "cloud.bastion.name", cloud.bastion.name});
    }
    for (const plan::NodeSpec& node : input.spec.cluster.nodes) {
      names.push_back({"VM", "cluster.nodes[].instance", node.instance});
    }
  }
  if (input.deployment.port_mapping) {
    const plan::PortMappingSpec& mapping = cloud.port_mapping;
    names.push_back({"subnet", "cloud.port_mapping.nat_subnet", mapping.nat_subnet.name});
    names.push_back({"firewall rule", "cloud.port_mapping.firewall_rule", mapping.firewall_rule});
    names.push_back({"load balancer", "cloud.port_mapping.load_balancer", mapping.load_balancer});
    names.push_back({"service attachment", "cloud.port_mapping.service_attachment",
                     mapping.service_attachment});
  }
  if (input.deployment.proxy) {
    const plan::ProxyFleetSpec& fleet = cloud.proxy;
    names.push_back({"subnet", "cloud.proxy.nat_subnet", fleet.nat_subnet.name});
    names.push_back({"firewall rule", "cloud.proxy.firewall_rule", fleet.firewall_rule});
    names.push_back({"firewall rule", "cloud.proxy.health_check", fleet.health_check + "-probes"});
    names.push_back({"load balancer", "cloud.proxy.load_balancer", fleet.load_balancer});
    names.push_back(
        {"service attachment", "cloud.proxy.service_attachment", fleet.service_attachment});
  }
  return names;
}

}  // namespace

Result<void> check_google_cloud(const RenderInput& input, std::string_view target) {
  if (!input.spec.cloud) {
    return refuse("no_files",
                  fmt::format("cloud: missing, and {} files are of a cloud; add a block "
                              "with project and region",
                              target));
  }
  const auto provider = input.spec.cloud->provider;
  if (provider == plan::CloudProvider::kGcp) return {};
  return refuse("provider", fmt::format("cloud.provider: {} files are rendered for gcp alone, not "
                                        "for {}; portway plan and portway check know its limits",
                                        target, plan::provider_name(provider)));
}

Result<void> check_exposure(const RenderInput& input, const plan::Exposure& exposure) {
  if (exposure.consumers.empty()) {
    return refuse("no_consumers",
                  fmt::format("external_listeners[{}].consumers: empty, so every endpoint would "
                              "wait for ever; name the Google Cloud project that TiDB Cloud's "
                              "console shows",
                              exposure.external_listeners.front()));
  }
  if (exposure.method == plan::Method::kPortMapping) return check_brokers(input, exposure);
  const plan::ProxyFleetSpec& fleet = input.spec.cloud->proxy;
  if (fleet.replicas_min <= fleet.replicas_max) return {};
  return refuse("replicas", fmt::format("cloud.proxy.replicas_min: {} is above "
                                        "cloud.proxy.replicas_max, which is {}; lower it or raise "
                                        "the other",
                                        fleet.replicas_min, fleet.replicas_max));
}

Result<void> check_names(const RenderInput& input) {
  Names names;
  for (const Named& named : names_of(input)) {
    if (const auto done = names.add(named.kind, named.field, named.name); !done) return done;
  }
  return {};
}

}  // namespace portway::render
