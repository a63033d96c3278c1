#include "app/spec_option.h"

#include <CLI/CLI.hpp>

namespace portway::app {

void add_spec_option(CLI::App& command, std::string& path) {
  path = "portway.yaml";
  command.add_option("-c,--config", path, "The configuration")
      ->type_name("FILE")
      ->capture_default_str();
}

plan::Spec load_spec_or_finish(const std::string& path, Console& console) {
  auto spec = plan::load_spec(path);
  if (!spec) {
    console.error << spec.error().message << "\n";
    finish(kExitBadUsage);
  }
  return std::move(*spec);
}

}  // namespace portway::app
