#include "proxy/testing/proxy_under_test.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/log.h"
#include "kafka/api_keys.h"
#include "net/linux_system.h"

namespace portway::proxy {
namespace {

ServerInput server_input(const plan::Spec& spec) {
  ServerInput input;
  input.spec = spec;
  input.plan = [plan = plan::make_port_plan(spec)](const std::map<int32_t, HostPort>&) {
    return plan;
  };
  return input;
}

plan::ServeSpec default_serve() {
  const auto spec = plan::parse_spec(
      "cluster: {bootstrap: [\"127.0.0.1:9092\"]}\n"
      "external_listeners: [{name: A, advertise: a.test, brokers: {1: 9092}}]\n",
      "defaults");
  if (!spec) {
    std::fprintf(stderr, "%s\n", spec.error().message.c_str());
    std::abort();
  }
  return spec->serve;
}

}  // namespace

plan::ExternalListenerSpec listener_spec(const std::string& name,
                                         const std::vector<int32_t>& broker_ids,
                                         const std::string& ip) {
  plan::ExternalListenerSpec listener;
  listener.name = name;
  listener.advertise = "b{id}.edge.test";
  for (const int32_t id : broker_ids) {
    const uint16_t port = free_port(ip);
    listener.brokers[id] = {port, port};
  }
  return listener;
}

plan::Spec make_spec(FakeCluster& cluster, const std::vector<int32_t>& broker_ids) {
  plan::Spec spec;
  spec.cluster.name = "test";
  spec.cluster.bootstrap = cluster.bootstrap();
  spec.external_listeners = {listener_spec("EXTERNAL", broker_ids)};
  spec.serve = default_serve();
  spec.serve.listen = {"127.0.0.1"};
  spec.serve.admin.reset();
  spec.serve.workers = 1;
  return spec;
}

ProxyUnderTest::ProxyUnderTest(const plan::Spec& spec, bool wait_ready,
                               const Server::MakeSystem& make_system)
    : next_spec_(spec), spec_(spec) {
  capture_log([this](std::string_view line) {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
  });
  auto server = Server::start(input_of(spec), make_system);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    std::abort();
  }
  server_ = std::move(*server);
  if (wait_ready && !wait_known([](const ProxyStatus& status) { return status.ready; })) {
    std::fprintf(stderr, "not ready: %s\n", status().not_ready_reason.c_str());
    std::abort();
  }
}

ProxyUnderTest::~ProxyUnderTest() {
  server_.reset();
  capture_log(nullptr);
}

ServerInput ProxyUnderTest::input_of(const plan::Spec& spec) {
  ServerInput input = server_input(spec);
  input.reload = [this]() -> Result<ServerInput> {
    if (!next_spec_) return tl::unexpected(next_spec_.error());
    return server_input(*next_spec_);
  };
  return input;
}

uint16_t ProxyUnderTest::port(int32_t broker_id, size_t listener) const {
  return spec_.external_listeners[listener].brokers.at(broker_id).port;
}

Result<void> ProxyUnderTest::reload(const Result<plan::Spec>& spec) {
  next_spec_ = spec;
  auto reloaded = server_->reload();
  if (reloaded) spec_ = *spec;
  return reloaded;
}

uint64_t ProxyUnderTest::total(Counter WorkerMetrics::*counter) const {
  uint64_t sum = 0;
  for (const WorkerMetrics* metrics : server_->worker_metrics()) sum += (metrics->*counter).get();
  return sum;
}

uint64_t ProxyUnderTest::refusals(Refusal refusal) const {
  uint64_t sum = 0;
  for (const WorkerMetrics* metrics : server_->worker_metrics()) {
    sum += metrics->refusals[static_cast<size_t>(refusal)].get();
  }
  return sum;
}

uint64_t ProxyUnderTest::requests(int16_t api_key) const {
  uint64_t sum = 0;
  for (const WorkerMetrics* metrics : server_->worker_metrics()) {
    for (const auto& [name, listener] : metrics->listeners()) {
      sum += listener->api[kafka::api_slot(api_key)].requests.get();
    }
  }
  return sum;
}

uint64_t ProxyUnderTest::in_flight() const {
  const uint64_t ended = total(&WorkerMetrics::requests_ended);
  return total(&WorkerMetrics::requests_started) - ended;
}

bool ProxyUnderTest::wait_refusals(Refusal refusal, uint64_t least) const {
  return wait_until([&] { return refusals(refusal) >= least; });
}

bool ProxyUnderTest::wait_connections(uint32_t exactly) const {
  return wait_until([&] { return server_->connections() == exactly; });
}

bool ProxyUnderTest::wait_known(const std::function<bool(const ProxyStatus&)>& condition) const {
  return wait_until([&] { return condition(status()); });
}

bool ProxyUnderTest::logged(const std::string& event, const std::string& text) const {
  return wait_until([&] {
    const std::lock_guard lock(mutex_);
    for (const std::string& line : lines_) {
      if (line.find("event=" + event + " ") != std::string::npos &&
          line.find(text) != std::string::npos) {
        return true;
      }
    }
    return false;
  });
}

Result<std::unique_ptr<Server>> try_to_start(const plan::Spec& spec,
                                             const Server::MakeSystem& make_system) {
  return Server::start(server_input(spec), make_system);
}

size_t open_descriptors() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count - 1;  // the iterator's own
}

size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  size_t total_pages = 0;
  size_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace portway::proxy
