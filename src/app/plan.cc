#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/commands.h"
#include "app/diagram_file.h"
#include "app/spec_option.h"
#include "net/process.h"
#include "plan/deployment.h"
#include "plan/init/random_names.h"
#include "plan/show/console_card.h"
#include "plan/show/plan_diagram.h"
#include "plan/show/plan_json.h"
#include "plan/show/plan_table.h"

namespace portway::app {
namespace {

struct PlanOptions {
  std::string path;
  std::string diagram_path;
  bool json = false;
  bool new_name = false;
};

// The string, and where in the file it belongs.
void print_new_name(const plan::Spec& spec, Console& console) {
  const std::string unique = plan::new_unique_name(&spec, net::random_bytes);
  console.out << unique << "\n";
  for (const plan::ExternalListenerSpec& listener : spec.external_listeners) {
    const auto name = plan::parse_tidb_cloud_name(listener.advertise);
    if (!name) continue;
    console.error << fmt::format(
        "{} has {}; for another external listener, type {} into the "
        "console and write the pattern that it shows into advertise\n",
        listener.name, name->unique, unique);
  }
}

void show_plan(const PlanOptions& options, Console& console) {
  if (options.json + options.new_name + !options.diagram_path.empty() > 1) {
    console.error << "portway plan: give one of --json, --diagram and --new-name\n";
    finish(kExitBadUsage);
  }
  const plan::Spec spec = load_spec_or_finish(options.path, console);
  if (options.new_name) return print_new_name(spec, console);
  const plan::Deployment deployment = plan::make_deployment(spec);
  if (!options.diagram_path.empty()) {
    const auto written = write_diagram(plan::plan_diagram(spec, deployment), options.diagram_path);
    if (!written) {
      console.error << written.error().message << "\n";
      finish(kExitBadUsage);
    }
    return;
  }
  if (options.json) {
    console.out << plan::plan_json(spec, deployment);
  } else {
    console.out << plan::plan_table(spec) << plan::console_cards_text(spec, deployment);
  }
}

}  // namespace

void add_plan_command(CLI::App& app, Console& console) {
  CLI::App* command = app.add_subcommand("plan", "Show which port leads to which broker");
  const auto options = std::make_shared<PlanOptions>();
  add_spec_option(*command, options->path);
  command->add_flag("--json", options->json, "For programs: every port and broker id as JSON");
  command
      ->add_option("--diagram", options->diagram_path,
                   "Draw it into FILE: .svg, .png or .pdf (needs Graphviz), or .dot for Graphviz's "
                   "own language")
      ->type_name("FILE");
  command->add_flag("--new-name", options->new_name,
                    "Make a unique random string for another external listener");
  command->footer(
      "The port plan follows from the configuration alone: the same on every replica, whether\n"
      "brokers are up or not. With a cloud in the file, what to type into TiDB Cloud's console\n"
      "follows the table. Exits with 2 if the configuration is not valid.");
  command->callback([options, &console] { show_plan(*options, console); });
}

}  // namespace portway::app
