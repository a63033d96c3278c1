#include <string>
#include <string_view>
#include <utility>

#include "render/gcloud_values.h"
#include "render/google_cloud.h"
#include "render/proxy_vm.h"
#include "render/targets.h"
#include "render/template.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

Result<void> check_plan(const RenderInput& input) {
  if (const auto done = check_google_cloud(input, "gcloud"); !done) return done;
  for (const plan::Exposure* exposure : plan::exposures(input.deployment)) {
    if (const auto done = check_exposure(input, *exposure); !done) return done;
  }
  return check_names(input);
}

// create.sh, status.sh and teardown.sh of one method. `prefix` is that of its templates.
void add_scripts(const RenderInput& input, const std::string& folder, const std::string& prefix,
                 Json values, RenderedFiles& files) {
  const Json cluster = gcloud_cluster(input);
  for (const std::string script : {"create.sh", "status.sh", "teardown.sh"}) {
    values["cluster"] = fill("gcloud/cluster_" + script, cluster);
    files.push_back({folder + script, fill("gcloud/" + prefix + script, values), true});
  }
}

}  // namespace

Result<RenderedFiles> render_gcloud(const RenderInput& input) {
  if (const auto done = check_plan(input); !done) return tl::unexpected(done.error());
  RenderedFiles files = {
      {"gcloud/common.sh", fill("gcloud/common.sh", gcloud_common(input)), false},
      {"gcloud/resources.sh", fill("gcloud/resources.sh", {}), false}};
  if (input.deployment.port_mapping) {
    add_scripts(input, "gcloud/port-mapping/", "port_mapping_", gcloud_port_mapping(input), files);
  }
  if (input.deployment.proxy) {
    auto vm = make_proxy_vm(input);
    if (!vm) return tl::unexpected(vm.error());
    const Json values = gcloud_proxy(input, *vm);
    add_scripts(input, "gcloud/proxy/", "proxy_", values, files);
    files.push_back({"gcloud/proxy/fleet.sh", fill("gcloud/fleet.sh", values), false});
    // The very file of the target proxy: the template's name bears a hash of it.
    files.push_back({"gcloud/proxy/startup.sh", std::move(vm->startup_script), true});
  }
  return files;
}

}  // namespace portway::render
