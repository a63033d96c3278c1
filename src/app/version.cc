#include <CLI/CLI.hpp>

#include "app/commands.h"

namespace portway::app {

void add_version_command(CLI::App& app, Console& console) {
  constexpr const char* kVersion = "portway " PORTWAY_VERSION;
  app.set_version_flag("--version", kVersion, "Show the version");
  app.add_subcommand("version", "Show the version")->callback([&console, version = kVersion] {
    console.out << version << "\n";
  });
}

}  // namespace portway::app
