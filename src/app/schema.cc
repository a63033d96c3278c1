#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "plan/json_schema.h"

namespace portway::app {

void add_schema_command(CLI::App& app, Console& console) {
  CLI::App* command =
      app.add_subcommand("schema", "Print the JSON Schema of portway.yaml, for editors");
  command->footer(
      "portway schema > portway.schema.json, and as the first line of portway.yaml:\n"
      "  # yaml-language-server: $schema=portway.schema.json");
  command->callback([&console] { console.out << plan::spec_json_schema(); });
}

}  // namespace portway::app
