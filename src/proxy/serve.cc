#include "proxy/serve.h"

#include <string>

#include "base/log.h"
#include "net/linux_system.h"
#include "net/process.h"

namespace portway::proxy {
namespace {

// While draining, how often it is looked whether all is closed.
constexpr int64_t kDrainLookUs = 20'000;

// How long it may take the workers to close what is cut.
constexpr int64_t kCutTimeoutUs = 2'000'000;

// Epoll instances, log and configuration files, the admin server.
constexpr uint64_t kOtherDescriptors = 100;

// Two sockets a connection; every worker has a socket for each port, and its pipes.
uint64_t descriptors_wanted(const ServerInput& input) {
  const plan::ServeSpec& serve = input.spec.serve;
  const uint64_t by_worker = input.plan({}).ports.size() + 2 * PipePool::kPipesMax;
  return 2 * uint64_t{serve.connections_max} + serve.workers * by_worker + kOtherDescriptors;
}

void warn_of_few_descriptors(const ServerInput& input) {
  const uint64_t have = net::raise_descriptor_limit();
  const uint64_t want = descriptors_wanted(input);
  if (have >= want) return;
  log(LogLevel::kWarning, "few_descriptors",
      "the limit on open files is below what serve.connections_max needs; raise it (ulimit -Hn, "
      "LimitNOFILE) or lower connections_max",
      {{"limit", std::to_string(have)}, {"needed", std::to_string(want)}});
}

void say_started(const Server& server) {
  const ProxyStatus status = server.status();
  for (const ListenerStatus& listener : status.external_listeners) {
    log(LogLevel::kInfo, "listening", "ports are open",
        {{"external_listener", listener.name},
         {"ports", std::to_string(listener.ports.size())},
         {"first", listener.ports.empty() ? "-" : std::to_string(listener.ports.front().port)}});
  }
  if (server.admin_port() != 0) {
    log(LogLevel::kInfo, "admin_listening", "health, metrics and status are served over HTTP",
        {{"address", to_string({server.settings().admin->host, server.admin_port()})}});
  }
}

void reload(Server& server) {
  if (const auto reloaded = server.reload(); reloaded) {
    log(LogLevel::kInfo, "reloaded", "the configuration was read again and taken");
  } else {
    log(LogLevel::kError, "reload_refused", "the configuration that was in force stays",
        {{"error", reloaded.error().message}});
  }
}

// False: a second signal asked to stop at once.
bool wait_unless_stopped(int64_t timeout_us) { return !net::wait_for_stop_signal(timeout_us); }

// Waits until nothing is open, for so long at most. False: asked to stop at once.
bool wait_drained(const Server& server, int64_t left_us, const WaitUnlessStopped& wait) {
  for (; !server.drained() && left_us > 0; left_us -= kDrainLookUs) {
    if (!wait(kDrainLookUs)) return false;
  }
  return true;
}

}  // namespace

void drain(Server& server, bool with_notice, const WaitUnlessStopped& wait) {
  server.begin_drain();
  log(LogLevel::kInfo, "draining", "readiness fails from now on; a second signal stops at once",
      {{"connections", std::to_string(server.connections())}});
  if (with_notice && !wait(int64_t{server.settings().drain_notice_ms} * 1000)) return;
  server.drain_connections();
  const int64_t timeout_us = int64_t{server.settings().drain_timeout_ms} * 1000;
  if (!wait_drained(server, timeout_us, wait) || server.drained()) return;
  const uint32_t cut = server.connections();
  server.cut_connections();
  // Here and not by ~Server: while the admin pages still tell of it.
  wait_drained(server, kCutTimeoutUs, wait);
  log(LogLevel::kWarning, "drain_deadline", "connections were still busy and were cut",
      {{"connections", std::to_string(cut)}});
}

Result<void> serve(ServerInput input) {
  net::block_signals();
  const LogThread log_thread;  // after its signals, before those that log
  warn_of_few_descriptors(input);
  auto server = Server::start(std::move(input), net::make_linux_system);
  if (!server) return tl::unexpected(server.error());
  say_started(**server);
  while (true) {
    const auto signal = net::wait_for_signal(-1);
    if (!signal) continue;
    if (*signal == net::Signal::kHangUp) {
      reload(**server);
      continue;
    }
    drain(**server, *signal == net::Signal::kTerminate, wait_unless_stopped);
    break;
  }
  server->reset();
  log(LogLevel::kInfo, "stopped", "everything is closed");
  return {};
}

}  // namespace portway::proxy
