#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

#include "app/commands.h"
#include "app/spec_option.h"
#include "plan/change/spec_change.h"

namespace portway::app {

void add_diff_command(CLI::App& app, Console& console) {
  CLI::App* command =
      app.add_subcommand("diff", "Show what changing a configuration means in operations");
  const auto paths = std::make_shared<std::pair<std::string, std::string>>();
  command->add_option("OLD", paths->first, "The configuration in force")->required();
  command->add_option("NEW", paths->second, "The configuration to come")->required();
  command->footer(
      "What is to be done, in the order that is safe, and who notices. Exits with 0 if the two "
      "mean\n"
      "the same, 1 if they differ, 2 if one of them is not valid.");
  command->callback([paths, &console] {
    const plan::Spec before = load_spec_or_finish(paths->first, console);
    const plan::Spec after = load_spec_or_finish(paths->second, console);
    const auto changes = plan::spec_changes(before, after);
    console.out << plan::changes_text(changes);
    if (!changes.empty()) finish(kExitFoundWrong);
  });
}

}  // namespace portway::app
