#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/interview.h"
#include "net/process.h"
#include "plan/init/draft.h"
#include "plan/init/examples.h"
#include "plan/init/random_names.h"
#include "plan/spec_fields.h"

namespace portway::app {
namespace {

struct InitOptions {
  std::string path = "portway.yaml";
  std::string example;
  std::string method = "proxy";
  bool force = false;
  plan::Draft draft;
};

[[noreturn]] void give_up(const std::string& why, Console& console) {
  console.error << why << "\n";
  finish(kExitBadUsage);
}

std::string text_of_example(const InitOptions& options, Console& console) {
  const std::string_view text = plan::example_text(options.example);
  if (text.empty()) {
    give_up(fmt::format("portway init: there is no example '{}'; there are: {}", options.example,
                        fmt::join(plan::example_names(), ", ")),
            console);
  }
  return std::string(text);
}

// What must be known and is not, as flags.
std::vector<std::string> missing_flags(const plan::Draft& draft) {
  std::vector<std::string> missing;
  if (draft.nodes.empty()) missing.emplace_back("--node ID=ADDRESS@ZONE");
  if (draft.advertise.empty()) missing.emplace_back("--advertise PATTERN");
  if (!draft.project.empty() && draft.region.empty()) missing.emplace_back("--region REGION");
  return missing;
}

std::string text_of_draft(InitOptions& options, Console& console) {
  plan::Draft& draft = options.draft;
  draft.method = options.method == "proxy" ? plan::Method::kProxy : plan::Method::kPortMapping;
  if (!missing_flags(draft).empty()) {
    if (!console.may_ask) {
      give_up(fmt::format("portway init: nobody to ask here (no terminal), and missing: {}",
                          fmt::join(missing_flags(draft), ", ")),
              console);
    }
    if (!ask_for_draft(std::cin, console.error, draft)) give_up("\nNothing written.", console);
  }
  if (draft.is_new) draft.cluster_id = plan::new_cluster_id(net::random_bytes);
  const auto text = plan::draft_yaml(draft);
  if (!text) give_up(text.error().message, console);
  return *text;
}

void init(InitOptions& options, Console& console) {
  const bool to_output = options.path == "-";
  std::error_code error;
  if (!to_output && !options.force && std::filesystem::exists(options.path, error)) {
    give_up(fmt::format("{} is there already; --force writes over it, -o writes elsewhere",
                        options.path),
            console);
  }
  const std::string text =
      options.example.empty() ? text_of_draft(options, console) : text_of_example(options, console);
  if (to_output) {
    console.out << text;
    return;
  }
  std::ofstream file(options.path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) give_up(fmt::format("{}: cannot be written", options.path), console);
  console.out << fmt::format(
      "{0} is written. Next:\n  portway check -c {0}\n  portway plan -c {0}\n", options.path);
}

}  // namespace

void add_init_command(CLI::App& app, Console& console) {
  CLI::App* command = app.add_subcommand("init", "Write a portway.yaml");
  const auto options = std::make_shared<InitOptions>();
  plan::Draft& draft = options->draft;
  draft.cluster_name = plan::find_field("cluster.name")->fallback;
  draft.kafka_version = plan::find_field("cluster.kafka_version")->fallback;
  command->add_option("-o,--output", options->path, "The file to write; - for standard output")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_flag("--force", options->force, "Write over a file that is there");
  command
      ->add_option("--example", options->example,
                   fmt::format("Write an example: {}", fmt::join(plan::example_names(), ", ")))
      ->type_name("NAME");
  command->add_option("--method", options->method, "proxy or port-mapping")
      ->check(CLI::IsMember({"proxy", "port-mapping"}))
      ->capture_default_str();
  command->add_flag("--new", draft.is_new, "The cluster is still to be set up");
  command->add_option("--name", draft.cluster_name, "The cluster's name")->capture_default_str();
  command->add_option("--kafka-version", draft.kafka_version, "The brokers' version")
      ->capture_default_str();
  command->add_option("--node", draft.nodes, "A broker; may be given several times")
      ->type_name("ID=ADDRESS[@ZONE]");
  command->add_option("--advertise", draft.advertise, "What clients are told, with {id}")
      ->type_name("PATTERN");
  command->add_option("--consumer", draft.consumers, "A Google Cloud project that may connect")
      ->type_name("PROJECT");
  command->add_option("--project", draft.project, "The Google Cloud project of the cluster");
  command->add_option("--region", draft.region, "Its region");
  command->add_option("--binary", draft.binary, "Where proxy VMs get portway (gs:// or https://)")
      ->type_name("ADDRESS");
  command->footer(
      "Asks, on a terminal, for what the flags do not say. A new cluster gets a random cluster "
      "id.\n"
      "Exits with 2 if something is missing, wrong, or there already.");
  command->callback([options, &console] { init(*options, console); });
}

}  // namespace portway::app
