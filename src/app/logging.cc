#include "app/logging.h"

#include <string_view>

namespace portway::app {
namespace {

LogLevel level_of(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warning") return LogLevel::kWarning;
  return name == "error" ? LogLevel::kError : LogLevel::kInfo;
}

}  // namespace

void configure_logging_by(const plan::ServeSpec& serve, const LogFieldNames& names) {
  configure_logging(serve.log_format == "json" ? LogFormat::kJson : LogFormat::kLogfmt,
                    level_of(serve.log_level), names);
}

}  // namespace portway::app
