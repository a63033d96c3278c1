#pragma once

#include "plan/spec.h"

namespace portway::plan {

// For property tests (rapidcheck): a spec that is valid by construction, of either method or both,
// with and without nodes, a cloud and Kubernetes.
Spec any_spec();

}  // namespace portway::plan
