#pragma once

#include "plan/section.h"
#include "plan/spec.h"

namespace portway::plan {

// The block `cluster`. Where bootstrap is not given, it is left empty: see complete_cluster().
ClusterSpec read_cluster(const Section& cluster, Findings& findings);

// What the file leaves to other blocks: bootstrap servers from the nodes, zones from the cloud.
void complete_cluster(ClusterSpec& cluster, const std::optional<CloudSpec>& cloud);

}  // namespace portway::plan
