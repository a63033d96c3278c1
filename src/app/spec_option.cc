#include "app/spec_option.h"

#include <CLI/CLI.hpp>

namespace portway::app {

void add_spec_option(CLI::App& command, std::string& path) {
  path = "portway.yaml";
  command.add_option("-c,--config", path, "The configuration")
      ->type_name("FILE")
      ->capture_default_str();
}

SpecFile load_spec_file_or_finish(const std::string& path, Console& console) {
  const auto text = plan::read_spec_file(path);
  auto spec =
      text ? plan::parse_spec(*text, path) : Result<plan::Spec>(tl::unexpected(text.error()));
  if (!spec) {
    console.error << spec.error().message << "\n";
    finish(kExitBadUsage);
  }
  return {std::move(*spec), *text};
}

plan::Spec load_spec_or_finish(const std::string& path, Console& console) {
  return load_spec_file_or_finish(path, console).spec;
}

}  // namespace portway::app
