#include "proxy/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace portway::proxy {
namespace {

std::map<int32_t, HostPort> addresses(const Topology& topology) {
  std::map<int32_t, HostPort> brokers;
  for (const auto& [id, broker] : topology.brokers) brokers[id] = broker.address;
  return brokers;
}

WorkerSettings worker_settings(const ServerInput& input) {
  const plan::ServeSpec& serve = input.spec.serve;
  WorkerSettings settings;
  settings.socket = {serve.keep_alive_ms, serve.receive_buffer_bytes, serve.send_buffer_bytes};
  settings.policy.request_bytes_max = serve.request_bytes_max;
  settings.policy.response_bytes_max = serve.response_bytes_max;
  settings.policy.requests_in_flight_max = serve.requests_in_flight_max;
  settings.policy.client_id = serve.client_id;
  static_assert(decltype(settings.policy.forbidden_api_keys)().size() > plan::kForbiddenApiKeyMax);
  for (const int16_t key : serve.forbidden_api_keys) {
    settings.policy.forbidden_api_keys.set(static_cast<size_t>(key));
  }
  settings.dial_timeout_us = int64_t{serve.dial_timeout_ms} * 1000;
  settings.first_byte_timeout_us = int64_t{serve.first_byte_timeout_ms} * 1000;
  settings.idle_timeout_us = int64_t{serve.idle_timeout_ms} * 1000;
  settings.splice_bytes_min = serve.splice_bytes_min;
  settings.connections_max = serve.connections_max;
  return settings;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerInput input, const MakeSystem& make_system) {
  const size_t workers = std::max<uint32_t>(1, input.spec.serve.workers);
  std::unique_ptr<Server> server(new Server(std::move(input), make_system, workers));
  if (auto started = server->start_workers(); !started) return tl::unexpected(started.error());
  if (auto started = server->start_admin(); !started) return tl::unexpected(started.error());
  for (const auto& worker : server->workers_) worker->start();
  server->keeper_->start();
  return server;
}

Server::Server(ServerInput input, const MakeSystem& make_system, size_t workers)
    : input_(std::move(input)),
      make_system_(make_system),
      worker_settings_(worker_settings(input_)),
      load_(workers),
      plan_(std::make_shared<const plan::PortPlan>()),
      cluster_(input_.spec.cluster.name) {}

Server::~Server() {
  admin_.reset();
  if (keeper_) keeper_->stop();  // it calls back; workers still tell it what they see
  for (const auto& worker : workers_) worker->stop();
  for (const auto& worker : workers_) worker->join();  // they hand clients to each other
  workers_.clear();
  keeper_.reset();
}

Result<void> Server::start_workers() {
  auto own = make_system_();
  auto keepers = make_system_();
  if (!own) return tl::unexpected(own.error());
  if (!keepers) return tl::unexpected(keepers.error());
  system_ = std::move(*own);
  started_us_ = system_->now_us();

  const plan::ServeSpec& serve = input_.spec.serve;
  plan::PortPlan plan = input_.plan({});
  TopologyTimes times;
  times.refresh_us = int64_t{serve.topology_refresh_ms} * 1000;
  times.query_timeout_us = int64_t{serve.dial_timeout_ms} * 1000;
  keeper_ = std::make_unique<TopologyKeeper>(
      std::move(*keepers), sources(plan), times, serve.client_id,
      TopologyKeeper::Listener{
          [this](const std::shared_ptr<const Topology>& topology) { on_topology(topology); },
          [this] { on_refresh(); }});

  std::vector<Worker*> peers;
  for (size_t i = 0; i < std::max<uint32_t>(1, serve.workers); ++i) {
    auto system = make_system_();
    if (!system) return tl::unexpected(system.error());
    workers_.push_back(
        std::make_unique<Worker>(i, std::move(*system), worker_settings_, load_, *keeper_));
    peers.push_back(workers_.back().get());
  }
  for (const auto& worker : workers_) worker->set_peers(peers);
  if (auto applied = apply_plan(std::move(plan), Unopened::kRefusesThePlan); !applied) {
    return applied;
  }
  return {};
}

Result<void> Server::start_admin() {
  if (!input_.spec.serve.admin) return {};
  auto admin = AdminServer::start(
      {*input_.spec.serve.admin, input_.extra_health_path, input_.extra_metrics_path}, *this);
  if (!admin) return tl::unexpected(admin.error());
  admin_ = std::move(*admin);
  return {};
}

TopologySources Server::sources(const plan::PortPlan& plan) const {
  TopologySources sources;
  sources.bootstrap = input_.spec.cluster.bootstrap;
  sources.dial_mapping = input_.dial_mapping;
  for (const plan::BoundPort& port : plan.ports) {
    if (port.target == plan::Target::kAddress) sources.fixed.push_back(port.address);
  }
  return sources;
}

// Opens what is new of the plan on every worker. A port that cannot be opened refuses it all, or is
// left out of the plan with its broker: then only that broker suffers.
Result<Server::PortsByWorker> Server::open_ports(plan::PortPlan& plan, Unopened unopened) {
  const auto before = plan_;
  const auto known_as_unopened = [&](const plan::BoundPort& port) {
    return std::any_of(unopened_.begin(), unopened_.end(),
                       [&](const plan::BoundPort& old) { return same_port(old, port); });
  };
  const auto stays = [&](const plan::BoundPort& port) {
    return std::any_of(before->ports.begin(), before->ports.end(), [&](const plan::BoundPort& old) {
      return same_port(old, port) && before->external_listeners[old.external_listener].name ==
                                         plan.external_listeners[port.external_listener].name;
    });
  };
  PortsByWorker opened(workers_.size());
  std::vector<plan::BoundPort> kept;
  std::vector<plan::BoundPort> left_out;
  for (const plan::BoundPort& port : plan.ports) {
    auto listeners = stays(port) ? std::vector<net::Descriptor>() : open_port(port);
    if (listeners) {
      kept.push_back(port);
      for (size_t i = 0; i < listeners->size(); ++i) opened[i].push_back({port, (*listeners)[i]});
      continue;
    }
    if (unopened == Unopened::kRefusesThePlan) {
      for (const auto& of_worker : opened) {
        for (const OpenedPort& open : of_worker) system_->close(open.listener);
      }
      return tl::unexpected(listeners.error());
    }
    if (!known_as_unopened(port)) {
      log(LogLevel::kError, "port_not_bound",
          "a broker's port cannot be opened: it has no place until it can",
          {{"broker", std::to_string(port.broker_id)}, {"error", listeners.error().message}});
    }
    plan.external_listeners[port.external_listener].advertised.erase(port.broker_id);
    left_out.push_back(port);
  }
  plan.ports = std::move(kept);
  const std::lock_guard lock(status_mutex_);
  unopened_ = std::move(left_out);
  return opened;
}

// One listening socket for each worker.
Result<std::vector<net::Descriptor>> Server::open_port(const plan::BoundPort& port) {
  const auto address = net::SocketAddress::parse(port.listen, port.port);
  if (!address) return tl::unexpected(address.error());
  // Where a port leads elsewhere now, it is this process that listens there already.
  const bool ours =
      std::any_of(plan_->ports.begin(), plan_->ports.end(), [&](const plan::BoundPort& open) {
        return open.listen == port.listen && open.port == port.port;
      });
  if (!ours) {
    if (auto free = system_->check_free(*address); !free) return tl::unexpected(free.error());
  }
  std::vector<net::Descriptor> listeners;
  while (listeners.size() < workers_.size()) {
    auto listener = system_->listen(*address);
    if (!listener) {
      for (const net::Descriptor open : listeners) system_->close(open);
      return tl::unexpected(listener.error());
    }
    listeners.push_back(*listener);
  }
  return listeners;
}

// Under plan_mutex_, but at the start.
Result<void> Server::apply_plan(plan::PortPlan plan, Unopened unopened,
                                const std::shared_ptr<const Topology>& topology) {
  if (plan == *plan_ && unopened_.empty()) return {};
  auto opened = open_ports(plan, unopened);
  if (!opened) return tl::unexpected(opened.error());
  if (plan == *plan_) return {};  // what could not be opened cannot be opened now

  auto next = std::make_shared<const plan::PortPlan>(std::move(plan));
  std::vector<std::shared_ptr<SharedListener>> shared;
  {
    const std::lock_guard lock(status_mutex_);
    for (const plan::ExternalListenerPlan& listener : next->external_listeners) {
      auto& entry = shared_[listener.name];
      if (!entry) entry = std::make_shared<SharedListener>(listener.name);
      entry->connections_max.store(listener.connections_max);
      shared.push_back(entry);
    }
    plan_ = next;
    ++generation_;
  }
  for (size_t i = 0; i < workers_.size(); ++i) {
    Worker& worker = *workers_[i];
    worker.post(
        [&worker, next, shared, ports = (*opened)[i]] { worker.change_plan(next, shared, ports); });
  }
  if (topology) post_topology(topology);  // before clients come for brokers that are new
  for (size_t i = 0; i < workers_.size(); ++i) {
    Worker& worker = *workers_[i];
    worker.post([&worker, ports = std::move((*opened)[i])] { worker.start_accepting(ports); });
  }
  return {};
}

Result<void> Server::reload() {
  if (!input_.reload) {
    return fail(Fault::kOperator, "nothing_to_reload", "there is no file to read again");
  }
  const std::lock_guard changing(plan_mutex_);
  auto fresh = input_.reload();
  Result<void> applied;
  if (!fresh) {
    applied = tl::unexpected(fresh.error());
  } else {
    plan::PortPlan plan = fresh->plan(addresses(*keeper_->current()));
    applied = apply_plan(plan, Unopened::kRefusesThePlan);
    if (applied) {
      if (!(fresh->spec.serve == input_.spec.serve)) {
        log(LogLevel::kWarning, "reload_needs_restart",
            "settings under `serve` changed: they take effect at the next start");
      }
      // `serve` stays untouched: running workers look into it.
      input_.spec.cluster = std::move(fresh->spec.cluster);
      input_.spec.external_listeners = std::move(fresh->spec.external_listeners);
      input_.plan = std::move(fresh->plan);
      keeper_->change_sources(sources(plan));
      warn_of_brokers_without_place(plan, *keeper_->current());
    }
  }
  const std::lock_guard lock(status_mutex_);
  cluster_ = input_.spec.cluster.name;
  configuration_error_ = applied ? "" : applied.error().message;
  if (!applied) ++configuration_failures_;
  return applied;
}

// On the keeper's thread. Places first: a worker that knows its brokers tells clients of them all.
void Server::on_topology(const std::shared_ptr<const Topology>& topology) {
  follow_topology(topology);
}

// On the keeper's thread. A port that another program had may be free by now.
void Server::on_refresh() {
  const auto unopened = [this] {
    const std::lock_guard lock(status_mutex_);
    return !unopened_.empty();
  };
  if (unopened()) follow_topology(keeper_->current());
}

void Server::follow_topology(const std::shared_ptr<const Topology>& topology) {
  const std::lock_guard changing(plan_mutex_);
  plan::PortPlan plan = input_.plan(addresses(*topology));
  if (topology != warned_of_) warn_of_brokers_without_place(plan, *topology);
  warned_of_ = topology;
  // Cannot fail: what cannot be opened is left out.
  static_cast<void>(apply_plan(std::move(plan), Unopened::kAreLeftOut, topology));
  post_topology(topology);  // the plan may be as it was
}

void Server::post_topology(const std::shared_ptr<const Topology>& topology) {
  for (const auto& worker : workers_) {
    Worker& changed = *worker;
    changed.post([&changed, topology] { changed.change_topology(topology); });
  }
}

void Server::warn_of_brokers_without_place(const plan::PortPlan& plan, const Topology& topology) {
  for (const plan::ExternalListenerPlan& listener : plan.external_listeners) {
    for (const auto& [id, broker] : topology.brokers) {
      if (listener.advertised.contains(id)) continue;
      log(LogLevel::kError, "broker_without_place",
          "clients are not told of this broker: the port plan has no place for it",
          {{"external_listener", listener.name},
           {"broker", std::to_string(id)},
           {"do", listener.widen_hint}});
    }
  }
}

void Server::begin_drain() {
  const std::lock_guard lock(status_mutex_);
  draining_ = true;
}

void Server::drain_connections() {
  for (const auto& worker : workers_) {
    Worker& drained = *worker;
    drained.post([&drained] {
      drained.close_listeners();
      drained.drain_connections();
    });
  }
}

void Server::cut_connections() {
  for (const auto& worker : workers_) {
    Worker& cut = *worker;
    cut.post([&cut] { cut.cut_connections(Refusal::kDrainDeadline); });
  }
}

std::vector<const WorkerMetrics*> Server::worker_metrics() const {
  std::vector<const WorkerMetrics*> all;
  for (const auto& worker : workers_) all.push_back(&std::as_const(*worker).metrics());
  return all;
}

}  // namespace portway::proxy
