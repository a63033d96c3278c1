#pragma once

#include <nlohmann/json.hpp>

#include "render/targets.h"

namespace portway::render {

// What the templates below templates/terraform are filled with, one function for each module. The
// spec has a cloud. Entries that can grow (nodes, endpoints, names) are written over several lines
// by the templates: `terraform fmt` aligns single lines with each other, and one more entry would
// then change its neighbours.

// Whether the plan wants a network, a subnet or VMs that are not there yet.
bool has_cluster_module(const RenderInput& input);

nlohmann::ordered_json terraform_overview(const RenderInput& input);
nlohmann::ordered_json terraform_cluster(const RenderInput& input);
nlohmann::ordered_json terraform_port_mapping(const RenderInput& input);  // has a port mapping
nlohmann::ordered_json terraform_proxy(const RenderInput& input);         // has a proxy
nlohmann::ordered_json terraform_consumer(const RenderInput& input);

}  // namespace portway::render
