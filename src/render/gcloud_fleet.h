#pragma once

#include <nlohmann/json.hpp>

#include "render/proxy_vm.h"
#include "render/targets.h"

namespace portway::render {

// What gcloud's scripts have to be told of the proxy fleet: its template, its group, its checks.
nlohmann::ordered_json gcloud_fleet(const RenderInput& input, const ProxyVm& vm);

}  // namespace portway::render
