#pragma once

#include <string>

#include "plan/port_plan.h"
#include "plan/spec.h"

namespace portway::plan {

// The plan for people: one line per bound port (runs of ids that follow the same rule are one
// line), what clients are told, and each external listener's bootstrap list.
std::string plan_table(const Spec& spec, const PortPlan& plan);

// The plan for programs: every broker id and bound port, as JSON.
std::string plan_json(const Spec& spec, const PortPlan& plan);

}  // namespace portway::plan
