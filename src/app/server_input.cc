#include "app/server_input.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/log.h"
#include "net/linux_system.h"
#include "net/process.h"
#include "plan/kafka_proxy_planner.h"

namespace portway::app {
namespace {

// Descriptors that are not a connection's: listeners, pipes, files.
constexpr uint64_t kOtherDescriptors = 1'000;
constexpr uint64_t kDescriptorsPerConnection = 2;

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

}  // namespace

proxy::ServerInput server_input(plan::KafkaProxySettings settings) {
  proxy::ServerInput input;
  input.spec = settings.spec;
  input.spec.serve.workers = net::usable_processors();
  input.spec.serve.connections_max = connections_max(settings.spec.serve.connections_max);
  input.dial_mapping = settings.dial_mapping;
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

}  // namespace portway::app
