#include "app/demo/demo_proxy.h"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "net/linux_system.h"
#include "plan/port_plan.h"

namespace portway::app {
namespace {

constexpr int64_t kReadyLookUs = 10'000;
constexpr int64_t kReadyTimeoutUs = 10'000'000;

// 127.64.0.0 to 127.127.255.255, by process id: several demos at once do not meet.
std::string own_loopback_address() {
  const auto id = static_cast<uint32_t>(getpid());
  return fmt::format("127.{}.{}.{}", 64 + (id >> 16) % 64, (id >> 8) % 256, id % 256);
}

std::string make_yaml(const std::string& host, uint16_t first_port,
                      const std::map<int, HostPort>& brokers) {
  std::string bootstrap;
  for (const auto& [id, address] : brokers) {
    bootstrap += fmt::format("{}\"{}\"", bootstrap.empty() ? "" : ", ", to_string(address));
  }
  return fmt::format(
      "cluster:\n"
      "  name: demo\n"
      "  bootstrap: [{}]\n"
      "external_listeners:\n"
      "  - name: EXTERNAL\n"
      "    advertise: \"{}\"\n"
      "    ports: {{first: {}, ids: {}-{}}}\n"
      "    bootstrap_port: {}\n"
      "serve:\n"
      "  listen: {}\n"
      "  admin: off\n",
      bootstrap, host, first_port, brokers.begin()->first, brokers.rbegin()->first, first_port - 1,
      host);
}

}  // namespace

Result<std::unique_ptr<DemoProxy>> DemoProxy::start(const std::map<int, HostPort>& brokers) {
  auto started = start(brokers, kFirstPorts.front());
  for (size_t i = 1; i < kFirstPorts.size(); ++i) {
    if (started.has_value() || started.error().code != "cannot_listen") break;
    started = start(brokers, kFirstPorts[i]);
  }
  return started;
}

Result<std::unique_ptr<DemoProxy>> DemoProxy::start(const std::map<int, HostPort>& brokers,
                                                    uint16_t first_port) {
  std::unique_ptr<DemoProxy> demo(new DemoProxy);
  demo->host_ = own_loopback_address();
  demo->yaml_ = make_yaml(demo->host_, first_port, brokers);
  demo->bootstrap_ = {demo->host_, static_cast<uint16_t>(first_port - 1)};
  auto spec = plan::parse_spec(demo->yaml_, "portway.yaml");
  if (!spec.has_value()) return tl::unexpected(spec.error());
  const plan::PortPlan port_plan = plan::make_port_plan(*spec);
  demo->advertised_ = port_plan.external_listeners.front().advertised;

  proxy::ServerInput input;
  input.spec = std::move(*spec);
  input.spec.serve.workers = 2;
  input.plan = [port_plan](const std::map<int32_t, HostPort>&) { return port_plan; };
  auto server = proxy::Server::start(std::move(input), net::make_linux_system);
  if (!server.has_value()) return tl::unexpected(server.error());
  demo->server_ = std::move(*server);
  if (auto ready = demo->wait_until_ready(); !ready.has_value()) {
    return tl::unexpected(ready.error());
  }
  return demo;
}

Result<void> DemoProxy::wait_until_ready() {
  const auto clock = net::make_linux_system();
  if (!clock.has_value()) return tl::unexpected(clock.error());
  const int64_t deadline_us = (*clock)->now_us() + kReadyTimeoutUs;
  while (!server_->status().ready) {
    if ((*clock)->now_us() > deadline_us) {
      return fail(Fault::kSelf, "demo_proxy_failed",
                  "Portway is not ready: " + server_->status().not_ready_reason);
    }
    (*clock)->wait(kReadyLookUs);
  }
  return {};
}

uint64_t DemoProxy::requests_forwarded() const {
  uint64_t sum = 0;
  for (const auto* worker : server_->worker_metrics()) sum += worker->requests_started.get();
  return sum;
}

uint64_t DemoProxy::responses_rewritten() const {
  uint64_t sum = 0;
  for (const auto* worker : server_->worker_metrics()) sum += worker->responses_rewritten.get();
  return sum;
}

}  // namespace portway::app
