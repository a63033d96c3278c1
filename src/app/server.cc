#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/kafka_proxy_words.h"
#include "app/logging.h"
#include "base/log.h"
#include "net/linux_system.h"
#include "net/process.h"
#include "plan/kafka_proxy_planner.h"
#include "proxy/serve.h"

namespace portway::app {
namespace {

constexpr const char* kAbout = "Run the proxy with kafka-proxy's own flags";

// Descriptors that are not a connection's: listeners, pipes, files.
constexpr uint64_t kOtherDescriptors = 1'000;
constexpr uint64_t kDescriptorsPerConnection = 2;

std::string help() {
  return fmt::format(
      "{}\n"
      "Usage: portway server FLAGS...\n\n"
      "Takes the command line of `kafka-proxy server` as it is. `portway convert` with the same\n"
      "flags writes a portway.yaml, which can do more.\n\n{}",
      kAbout, kafka_proxy_flags_help());
}

// A port that the system gives for the asking. It is free again when this returns: somebody else
// could take it before it is bound for good, as with every free port.
std::optional<uint16_t> free_port(const std::string& address) {
  const auto at = net::SocketAddress::parse(address, 0);
  auto system = net::make_linux_system();
  if (!at || !system) return std::nullopt;
  const auto listener = (*system)->listen(*at);
  if (!listener) return std::nullopt;
  const uint16_t port = (*system)->local_address(*listener).port();
  (*system)->close(*listener);
  return port;
}

// As many connections as there can be: kafka-proxy has no limit of its own.
uint32_t connections_max(uint32_t most) {
  const uint64_t descriptors = net::raise_descriptor_limit();
  const uint64_t usable = descriptors > kOtherDescriptors ? descriptors - kOtherDescriptors : 2;
  return static_cast<uint32_t>(std::min<uint64_t>(most, usable / kDescriptorsPerConnection));
}

proxy::ServerInput input_of(plan::KafkaProxySettings settings) {
  proxy::ServerInput input;
  input.spec = settings.spec;
  input.spec.serve.workers = net::usable_processors();
  input.spec.serve.connections_max = connections_max(settings.spec.serve.connections_max);
  input.dial_mapping = settings.dial_mapping;
  input.look_for_acks_0 = settings.look_for_acks_0;
  input.extra_health_path = settings.health_path;
  input.extra_metrics_path = settings.metrics_path;
  const auto planner = std::make_shared<plan::KafkaProxyPlanner>(std::move(settings), free_port);
  input.plan = [planner](const std::map<int32_t, HostPort>& brokers) {
    plan::PortPlan plan = planner->plan(brokers);
    for (const std::string& warning : planner->take_warnings()) {
      log(LogLevel::kWarning, "kafka_proxy_plan", warning);
    }
    return plan;
  };
  return input;
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
  if (const auto served = proxy::serve(input_of(std::move(*settings))); !served) {
    console.error << "portway server: " << served.error().message << "\n";
    return kExitFoundWrong;
  }
  return kExitFine;
}

}  // namespace portway::app
