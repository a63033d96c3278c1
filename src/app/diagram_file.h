#pragma once

#include <string>

#include "base/result.h"

namespace portway::app {

// Writes a picture that is given in Graphviz's language to `path`, in the format of its extension:
// .dot as it is; .svg, .png and .pdf by Graphviz's program `dot`, which must be installed. Errors
// are the operator's and name the file.
Result<void> write_diagram(const std::string& dot_text, const std::string& path);

}  // namespace portway::app
