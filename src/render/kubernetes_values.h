#pragma once

#include <nlohmann/json.hpp>

#include "render/targets.h"

namespace portway::render {

// GKE needs no more than two failed health checks, three seconds apart, to see that no ready pod is
// left on a node with externalTrafficPolicy: Local; the rest is for the endpoints to get around.
inline constexpr uint32_t kEndpointNoticeSeconds = 15;
// From the end of a drain to the kubelet's SIGKILL.
inline constexpr uint32_t kGraceReserveSeconds = 10;

// What the templates of the manifests and of the chart are filled with: both from here, so that
// they say the same. Needs spec.cloud, spec.kubernetes and deployment.proxy.
nlohmann::ordered_json kubernetes_values(const RenderInput& input);

}  // namespace portway::render
