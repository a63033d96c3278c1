#pragma once

#include <string>

#include "plan/deployment.h"
#include "plan/spec.h"

namespace portway::plan {

// The plan as a picture, in Graphviz's DOT language: consumers, endpoint, service attachment, load
// balancer, port mapping NEG or proxies, brokers, with their names, addresses and ports. Brokers
// beyond the first dozen are summed up.
std::string plan_diagram(const Spec& spec, const Deployment& deployment);

}  // namespace portway::plan
