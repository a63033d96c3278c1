#pragma once

#include <vector>

#include "plan/problem.h"
#include "plan/spec.h"

namespace portway::plan {

// What is wrong with a spec whose single values are all in their bounds: names, ids and ports that
// collide, ranges that run past the last port, patterns that make no host name. Every problem that
// concerns two entries names both. `places` may be empty: then problems carry keys only.
std::vector<Problem> check_spec(const Spec& spec, const Places& places);

}  // namespace portway::plan
