#pragma once

#include <vector>

#include "plan/section.h"
#include "plan/spec.h"

namespace portway::plan {

// The block `cloud`; zones that it does not name are those of the nodes.
CloudSpec read_cloud(const Section& cloud, const std::vector<NodeSpec>& nodes);

// The block `kubernetes`.
KubernetesSpec read_kubernetes(const Section& kubernetes);

}  // namespace portway::plan
