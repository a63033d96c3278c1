#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/spec.h"

namespace portway::app {

// The texts of an existing cluster's server.properties, by node id. Each path is ID=FILE, a FILE
// whose node.id (or broker.id) says whose it is, or a folder: of all *.properties below it, those
// that name a node. Errors (the operator's) name the file and what is wrong: unreadable, too large,
// no id, an id that cluster.nodes does not have, two files for one node.
Result<std::map<int32_t, std::string>> read_properties_files(const std::vector<std::string>& paths,
                                                             const plan::Spec& spec);

}  // namespace portway::app
