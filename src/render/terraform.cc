#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "plan/values.h"
#include "render/google_cloud.h"
#include "render/targets.h"
#include "render/template.h"
#include "render/terraform_values.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::initializer_list<std::string_view>;

// templates/terraform/MODULE/NAME becomes terraform/MODULE/NAME; versions.tf is the same for all.
void add_module(std::string_view module, Names names, const Json& values, RenderedFiles& files) {
  for (const std::string_view name : names) {
    const std::string path = fmt::format("terraform/{}/{}", module, name);
    files.push_back({path, fill(path, values)});
  }
  files.push_back({fmt::format("terraform/{}/versions.tf", module),
                   std::string(template_text("terraform/versions.tf"))});
}

tl::unexpected<Error> refuse(std::string_view code, std::string message) {
  return fail(Fault::kOperator, std::string(code), std::move(message));
}

// What a new cluster's VMs need, which are made under fixed addresses.
Result<void> check_new_nodes(const plan::Spec& spec) {
  if (!spec.cluster.is_new) return {};
  if (spec.cluster.nodes.empty()) {
    return refuse("no_nodes", "cluster.nodes: a new cluster has none; list its nodes");
  }
  const auto subnet = plan::parse_ipv4_range(spec.cloud->subnet.range);
  for (const plan::NodeSpec& node : spec.cluster.nodes) {
    const auto address = plan::parse_ipv4_address(node.address);
    if (address && subnet && subnet->contains(*address)) continue;
    return refuse(
        "bad_address",
        fmt::format("cluster.nodes: the VM of node {} is made at its address, and {} is "
                    "not an IPv4 address of {} ({}); write one",
                    node.id, node.address, spec.cloud->subnet.name, spec.cloud->subnet.range));
  }
  return {};
}

// That each service can be made, under names that Google takes.
Result<void> check_services(const RenderInput& input) {
  for (const plan::Exposure* exposure : plan::exposures(input.deployment)) {
    if (auto fine = check_exposure(input, *exposure); !fine) return fine;
  }
  return check_names(input);
}

Result<void> check_proxies(const RenderInput& input) {
  if (!input.deployment.proxy || input.spec.serve.admin) return {};
  return refuse("no_admin",
                "serve.admin: off leaves the load balancer's health check nothing to ask; write "
                "0.0.0.0:9080");
}

}  // namespace

Result<RenderedFiles> render_terraform(const RenderInput& input) {
  const plan::Spec& spec = input.spec;
  if (auto fine = check_google_cloud(input, "terraform"); !fine)
    return tl::unexpected(fine.error());
  if (auto fine = check_new_nodes(spec); !fine) return tl::unexpected(fine.error());
  if (auto fine = check_services(input); !fine) return tl::unexpected(fine.error());
  if (auto fine = check_proxies(input); !fine) return tl::unexpected(fine.error());
  RenderedFiles files = {
      {"terraform/README.md", fill("terraform/README.md", terraform_overview(input))}};
  if (has_cluster_module(input)) {
    const Json values = terraform_cluster(input);
    add_module("cluster", {"README.md", "variables.tf", "network.tf", "outputs.tf"}, values, files);
    if (spec.cluster.is_new) {
      files.push_back({"terraform/cluster/nodes.tf", fill("terraform/cluster/nodes.tf", values)});
    }
  }
  if (input.deployment.port_mapping) {
    add_module("port-mapping", {"README.md", "variables.tf", "main.tf", "outputs.tf"},
               terraform_port_mapping(input), files);
  }
  if (input.deployment.proxy) {
    add_module("proxy", {"README.md", "variables.tf", "main.tf", "fleet.tf", "outputs.tf"},
               terraform_proxy(input), files);
  }
  add_module("consumer", {"README.md", "variables.tf", "main.tf", "outputs.tf"},
             terraform_consumer(input), files);
  return files;
}

}  // namespace portway::render
