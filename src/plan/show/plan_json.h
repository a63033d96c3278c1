#pragma once

#include <string>

#include "plan/deployment.h"
#include "plan/spec.h"

namespace portway::plan {

// The plan for programs, as JSON: every external listener with every port (bound by the proxy, or
// mapped), its bootstrap servers and, where there is a cloud, its service attachment and the fields
// of TiDB Cloud's console; and the firewall rules.
std::string plan_json(const Spec& spec, const Deployment& deployment);

}  // namespace portway::plan
