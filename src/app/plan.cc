#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/commands.h"
#include "app/spec_option.h"
#include "plan/plan_table.h"

namespace portway::app {
namespace {

struct PlanOptions {
  std::string path;
  bool json = false;
};

}  // namespace

void add_plan_command(CLI::App& app, Console& console) {
  CLI::App* command = app.add_subcommand("plan", "Show which port leads to which broker");
  const auto options = std::make_shared<PlanOptions>();
  add_spec_option(*command, options->path);
  command->add_flag("--json", options->json, "For programs: every port and broker id as JSON");
  command->footer(
      "The port plan follows from the configuration alone: the same on every replica, whether\n"
      "brokers are up or not. Exits with 2 if the configuration is not valid.");
  command->callback([options, &console] {
    const plan::Spec spec = load_spec_or_finish(options->path, console);
    const plan::PortPlan plan = plan::make_port_plan(spec);
    console.out << (options->json ? plan::plan_json(spec, plan) : plan::plan_table(spec, plan));
  });
}

}  // namespace portway::app
