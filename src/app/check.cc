#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/commands.h"
#include "app/spec_option.h"

namespace portway::app {
namespace {

void check(const std::string& path, Console& console) {
  const auto spec = plan::load_spec(path);
  if (!spec) {
    console.error << spec.error().message << "\n";
    finish(spec.error().code == "bad_spec" ? kExitFoundWrong : kExitBadUsage);
  }
  const plan::PortPlan plan = plan::make_port_plan(*spec);
  size_t brokers = 0;
  for (const auto& listener : plan.external_listeners) brokers += listener.advertised.size();
  console.out << fmt::format(
      "{}: fine (external listeners: {}, places for brokers: {}, ports: {})\n", path,
      plan.external_listeners.size(), brokers, plan.ports.size());
}

}  // namespace

void add_check_command(CLI::App& app, Console& console) {
  CLI::App* command = app.add_subcommand("check", "Show what is wrong with a configuration");
  const auto path = std::make_shared<std::string>();
  add_spec_option(*command, *path);
  command->footer(
      "Prints every problem as FILE:LINE:COLUMN: KEY: what is wrong; what would be right.\n"
      "Exits with 0 if there is none, 1 if there are any, 2 if the file cannot be read.");
  command->callback([path, &console] { check(*path, console); });
}

}  // namespace portway::app
