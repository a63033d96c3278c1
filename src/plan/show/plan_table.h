#pragma once

#include <string>

#include "plan/deployment.h"
#include "plan/spec.h"

namespace portway::plan {

// The plan for people: for each external listener its ports, what each leads to and what clients
// are told (runs of brokers that follow the same rule are one line), the bootstrap servers, and the
// room that is left for brokers to come.
std::string plan_table(const Spec& spec);

}  // namespace portway::plan
