#pragma once

#include <string_view>
#include <vector>

namespace portway::plan {

// The specs of `portway init --example`, which the tests of every rendered target use, too.
std::vector<std::string_view> example_names();         // "method1", ...
std::string_view example_text(std::string_view name);  // empty for another name

}  // namespace portway::plan
