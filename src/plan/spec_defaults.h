#pragma once

#include "plan/spec.h"

namespace portway::plan {

// What the table of fields says of a block in which nothing is written: for specs that do not come
// from a file.
ClusterSpec default_cluster();
ExternalListenerSpec default_external_listener();

}  // namespace portway::plan
