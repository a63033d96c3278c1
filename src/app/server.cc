#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/kafka_proxy_words.h"
#include "app/logging.h"
#include "app/server_input.h"
#include "base/log.h"
#include "proxy/serve.h"

namespace portway::app {
namespace {

constexpr const char* kAbout = "Run the proxy with kafka-proxy's own flags";

std::string help() {
  return fmt::format(
      "{}\n"
      "Usage: portway server FLAGS...\n\n"
      "Takes the command line of `kafka-proxy server` as it is. `portway convert` with the same\n"
      "flags writes a portway.yaml, which can do more.\n\n{}",
      kAbout, kafka_proxy_flags_help());
}

}  // namespace

void add_server_command(CLI::App& app, Console&) {
  // For the list of commands: the words go to run_server() without CLI11.
  app.add_subcommand("server", kAbout);
}

int run_server(const std::vector<std::string>& words, Console& console) {
  if (help_wanted(words)) {
    console.out << help();
    return kExitFine;
  }
  auto settings = read_kafka_proxy_words(words);
  if (!settings) {
    console.error << settings.error().message << "\nSee portway server --help.\n";
    return kExitBadUsage;
  }
  configure_logging_by(settings->spec.serve, settings->log_fields);
  for (const std::string& warning : settings->warnings) {
    log(LogLevel::kWarning, "kafka_proxy_flag", warning);
  }
  if (const auto served = proxy::serve(server_input(std::move(*settings))); !served) {
    console.error << "portway server: " << served.error().message << "\n";
    return kExitFoundWrong;
  }
  return kExitFine;
}

}  // namespace portway::app
