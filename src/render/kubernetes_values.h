#pragma once

#include <nlohmann/json.hpp>

#include "render/targets.h"

namespace portway::render {

// GKE's health check of an internal passthrough load balancer asks every 8 s and gives up after
// three failures (ingress-gce): 24 s until no new connection goes to a node without a ready pod.
inline constexpr uint32_t kEndpointNoticeSeconds = 30;
// From the end of a drain to the kubelet's SIGKILL.
inline constexpr uint32_t kGraceReserveSeconds = 10;

// What the templates of the manifests and of the chart are filled with: both from here, so that
// they say the same. Needs spec.cloud, spec.kubernetes and deployment.proxy.
nlohmann::ordered_json kubernetes_values(const RenderInput& input);

}  // namespace portway::render
