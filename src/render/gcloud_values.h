#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "plan/deployment.h"
#include "render/proxy_vm.h"
#include "render/targets.h"

namespace portway::render {

// What the templates below templates/gcloud are filled with, one function for each group of them.
// The input has passed the checks of google_cloud.h.

// common.sh.
nlohmann::ordered_json gcloud_common(const RenderInput& input);

// The network, the subnet, and a new cluster's VMs: cluster_*.sh, which both methods begin with.
nlohmann::ordered_json gcloud_cluster(const RenderInput& input);

// port_mapping_*.sh, and proxy_*.sh with fleet.sh; `cluster` in them is left to the caller.
nlohmann::ordered_json gcloud_port_mapping(const RenderInput& input);
nlohmann::ordered_json gcloud_proxy(const RenderInput& input, const ProxyVm& vm);

}  // namespace portway::render
