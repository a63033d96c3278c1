#include "proxy/admin/build_info.h"

namespace portway::proxy {

#ifdef __clang__
#define PORTWAY_COMPILER "clang " __clang_version__
#else
#define PORTWAY_COMPILER "g++ " __VERSION__
#endif

const std::string_view kVersion = PORTWAY_VERSION;
const std::string_view kCompiler = PORTWAY_COMPILER;

}  // namespace portway::proxy
