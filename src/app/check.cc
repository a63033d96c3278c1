#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/spec_option.h"
#include "plan/check/check_all.h"
#include "plan/spec.h"

namespace portway::app {
namespace {

struct CheckOptions {
  std::string path;
  CLI::Option* path_option = nullptr;
  std::vector<std::string> properties;
  std::string kafka_proxy;
  std::string explained;
  bool json = false;
  bool strict = false;
  bool list = false;
};

[[noreturn]] void refuse(const std::string& message, Console& console) {
  console.error << message << "\n";
  finish(kExitBadUsage);
}

// Without -c, files of a running cluster may be looked at before there is a portway.yaml.
bool does_without_spec(const CheckOptions& options) {
  const bool has_other_files = !options.properties.empty() || !options.kafka_proxy.empty();
  std::error_code error;
  return has_other_files && options.path_option->count() == 0 &&
         !std::filesystem::exists(options.path, error);
}

plan::CheckInput read_input(const CheckOptions& options, Console& console) {
  plan::CheckInput input;
  if (!does_without_spec(options)) {
    auto text = plan::read_spec_file(options.path);
    if (!text) refuse(text.error().message, console);
    input.spec = plan::NamedText{options.path, std::move(*text)};
  }
  for (const std::string& where : options.properties) {
    const auto added = plan::add_properties(where, input);
    if (!added) refuse(added.error().message, console);
  }
  if (!options.kafka_proxy.empty()) {
    const auto set = plan::set_kafka_proxy(options.kafka_proxy, input);
    if (!set) refuse(set.error().message, console);
  }
  return input;
}

std::string fine_line(const plan::CheckInput& input) {
  std::string others;
  if (!input.properties.empty()) {
    others += fmt::format(", server.properties: {}", input.properties.size());
  }
  if (input.kafka_proxy) others += ", kafka-proxy: 1";
  if (!input.spec) return fmt::format("fine ({})\n", others.substr(2));
  const auto spec = plan::parse_spec(input.spec->text, input.spec->name);
  const plan::PortPlan plan = plan::make_port_plan(*spec);
  size_t brokers = 0;
  for (const auto& listener : plan.external_listeners) brokers += listener.advertised.size();
  return fmt::format("{}: fine (external listeners: {}, places for brokers: {}, ports: {}{})\n",
                     input.spec->name, plan.external_listeners.size(), brokers, plan.ports.size(),
                     others);
}

void explain(const std::string& code, Console& console) {
  const plan::CheckInfo* info = plan::find_check(code);
  if (info == nullptr) {
    refuse(fmt::format("--explain: '{}' is no code; write for example PW012, and see --list for "
                       "all of them",
                       code),
           console);
  }
  console.out << plan::explain(*info);
}

void check(const CheckOptions& options, Console& console) {
  if (options.list) {
    console.out << plan::check_list();
    return;
  }
  if (!options.explained.empty()) return explain(options.explained, console);
  const plan::CheckInput input = read_input(options, console);
  const std::vector<plan::Finding> findings = plan::check_all(input);
  const plan::FindingCounts counts = plan::count(findings);
  if (options.json) {
    console.out << plan::findings_json(findings);
  } else {
    console.out << plan::findings_text(findings);
    if (counts.errors + counts.warnings == 0) console.out << fine_line(input);
  }
  const bool is_wrong = counts.errors > 0 || (options.strict && counts.warnings > 0);
  if (is_wrong) finish(kExitFoundWrong);
}

}  // namespace

void add_check_command(CLI::App& app, Console& console) {
  CLI::App* command = app.add_subcommand(
      "check", "Show what is wrong with a plan, with server.properties, with a kafka-proxy");
  const auto options = std::make_shared<CheckOptions>();
  add_spec_option(*command, options->path);
  options->path_option = command->get_option("--config");
  command
      ->add_option("--properties", options->properties,
                   "A broker's server.properties, or a folder with all of them (*.properties)")
      ->type_name("FOLDER|ID=PATH")
      ->allow_extra_args(false);
  command
      ->add_option("--kafka-proxy", options->kafka_proxy,
                   "A file with a kafka-proxy command line, or the line itself in quotes")
      ->type_name("FILE|LINE");
  command->add_flag("--json", options->json, "For programs: all findings as JSON");
  command->add_flag("--strict", options->strict, "Exit with 1 for warnings, too");
  command->add_option("--explain", options->explained, "What a code means, and what to do")
      ->type_name("CODE");
  command->add_flag("--list", options->list, "All codes");
  command->footer(
      "Prints every finding as FILE:LINE:COLUMN: KEY: what is wrong [CODE], why it matters and\n"
      "what to write instead. Errors will not work, warnings work until something happens, notes\n"
      "are worth knowing. docs/checks has a page with a broken and a mended example for each "
      "code.\n"
      "Without a portway.yaml, server.properties and kafka-proxy are checked by themselves.\n"
      "Exits with 0 if there is no error, 1 if there are any, 2 if a file cannot be read.");
  command->callback([options, &console] { check(*options, console); });
}

}  // namespace portway::app
