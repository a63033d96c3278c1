// What the admin pages are told of a running server.

#include <algorithm>

#include "proxy/server.h"

namespace portway::proxy {
namespace {

std::string target_text(const plan::BoundPort& port) {
  switch (port.target) {
    case plan::Target::kBroker:
      return "broker " + std::to_string(port.broker_id);
    case plan::Target::kAnyBroker:
      return "any broker";
    case plan::Target::kAddress:
      return to_string(port.address);
  }
  return "";
}

PortStatus port_status(const plan::BoundPort& port, const plan::ExternalListenerPlan& listener,
                       const Topology& topology) {
  PortStatus status;
  status.listen = port.listen;
  status.port = port.port;
  status.target = target_text(port);
  status.broker_id = port.target == plan::Target::kBroker ? port.broker_id : -1;
  status.bound = true;  // a plan holds only ports that are
  if (port.target == plan::Target::kAddress) {
    status.broker = port.address;
    for (const auto& [id, broker] : topology.brokers) {
      if (broker.address == port.address) status.broker_id = id;
    }
  }
  if (const auto place = listener.advertised.find(status.broker_id);
      place != listener.advertised.end()) {
    status.advertised = place->second;
  }
  if (const auto known = topology.brokers.find(status.broker_id); known != topology.brokers.end()) {
    status.broker = known->second.address;
  }
  return status;
}

}  // namespace

ProxyStatus Server::status() const {
  const std::shared_ptr<const Topology> topology = keeper_->current();
  const TopologyKeeper::Health health = keeper_->health();
  ProxyStatus status;
  status.topology = topology->state;
  status.topology_age_ms = static_cast<uint64_t>(std::max<int64_t>(0, health.age_us) / 1000);
  status.topology_error = health.error;
  status.uptime_ms = static_cast<uint64_t>(system_->now_us() - started_us_) / 1000;
  for (size_t i = 0; i < workers_.size(); ++i) {
    status.connections_by_worker.push_back(load_.of(i));
  }

  const std::lock_guard lock(status_mutex_);
  status.cluster = cluster_;
  status.draining = draining_;
  status.configuration_generation = generation_;
  status.configuration_error = configuration_error_;
  status.configuration_failures = configuration_failures_;
  for (const plan::ExternalListenerPlan& listener : plan_->external_listeners) {
    ListenerStatus& entry = status.external_listeners.emplace_back();
    entry.name = listener.name;
    entry.connections = shared_.at(listener.name)->connections.load();
    for (const auto& [id, broker] : topology->brokers) {
      if (!listener.advertised.contains(id)) entry.brokers_without_place.push_back(id);
    }
    if (!entry.brokers_without_place.empty()) entry.widen_hint = listener.widen_hint;
  }
  for (const plan::BoundPort& port : plan_->ports) {
    status.external_listeners[port.external_listener].ports.push_back(
        port_status(port, plan_->external_listeners[port.external_listener], *topology));
  }
  for (const plan::BoundPort& port : unopened_) {
    auto& ports = status.external_listeners[port.external_listener].ports;
    ports.push_back(
        port_status(port, plan_->external_listeners[port.external_listener], *topology));
    ports.back().bound = false;
  }
  if (draining_) {
    status.not_ready_reason = "draining";
  } else if (!std::all_of(workers_.begin(), workers_.end(),
                          [](const auto& worker) { return worker->knows_topology(); })) {
    status.not_ready_reason = "the cluster's topology is not known yet" +
                              (health.error.empty() ? std::string() : ": " + health.error);
  }
  if (status.not_ready_reason.empty() && !unopened_.empty()) {
    status.not_ready_reason = "port " + std::to_string(unopened_.front().port) + " of " +
                              target_text(unopened_.front()) + " is taken by another program";
  }
  status.ready = status.not_ready_reason.empty();
  return status;
}

}  // namespace portway::proxy
