#pragma once

#include <string>
#include <vector>

#include "plan/check/check_all.h"

namespace portway::plan {

// Examples of checks: folders with a portway.yaml, server.properties (a file called ID.properties
// is given for that node; two and more are the whole cluster) and a kafka-proxy.txt.

// The files of a folder, by name; relative to the top of the source tree.
std::vector<std::string> example_files(const std::string& folder);

CheckInput example_input(const std::string& folder);

// docs/checks/CODE.md and docs/checks/README.md, from the catalog and the examples.
std::string check_page(const CheckInfo& info, const std::string& examples_folder);
std::string check_index();

}  // namespace portway::plan
