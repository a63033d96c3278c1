#pragma once

#include <string>

#include "plan/deployment.h"
#include "plan/spec.h"

namespace portway::render {

// The portway.yaml that pods run: what `portway serve` needs of the user's file, and nothing that
// may change without a new process (the cloud, who may connect, the nodes' zones). In a pod it
// listens on every IPv4 address, and the kubelet must reach /livez and /readyz, so serve.admin is
// 0.0.0.0 with the port of `deployment`. Needs an external listener with the method proxy.
std::string pod_config(const plan::Spec& spec, const plan::Deployment& deployment);

}  // namespace portway::render
