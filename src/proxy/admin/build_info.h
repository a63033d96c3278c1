#pragma once

#include <string_view>

namespace portway::proxy {

// What this program was built from: the project's version, and the compiler with its version.
extern const std::string_view kVersion;
extern const std::string_view kCompiler;

}  // namespace portway::proxy
