#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "plan/check/check_all.h"
#include "plan/spec.h"

namespace portway::app {

// The texts of `input.properties` by node id: the id that was given with a file, else its own
// node.id (or broker.id). The error (the operator's, "bad_properties_file") names the file: no id,
// a node that cluster.nodes does not have, two files for one node, no properties at all.
Result<std::map<int32_t, std::string>> properties_by_node(const plan::CheckInput& input,
                                                          const plan::Spec& spec);

}  // namespace portway::app
