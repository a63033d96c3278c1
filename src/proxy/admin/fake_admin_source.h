#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "kafka/api_keys.h"
#include "proxy/admin/admin_source.h"

namespace portway::proxy {

// Tests only: a proxy with one external listener, three ports and two workers. Any thread.
class FakeAdminSource : public AdminSource {
 public:
  FakeAdminSource() {
    for (int i = 0; i < 2; ++i)
      workers.push_back(std::make_unique<WorkerMetrics>(kafka::kApiSlots));
    status_.ready = true;
    status_.cluster = "orders";
    status_.topology = TopologyState::kKnown;
    status_.topology_age_ms = 1500;
    status_.uptime_ms = 90'061'000;
    status_.configuration_generation = 2;
    status_.connections_by_worker = {3, 4};
    status_.external_listeners = {listener()};
  }

  static ListenerStatus listener() {
    ListenerStatus listener;
    listener.name = "EXTERNAL";
    listener.connections = 7;
    listener.ports = {
        {"0.0.0.0", 9091, "any broker", -1, {}, {}, true},
        {"0.0.0.0", 9092, "broker 1", 1, {"b1.abc.example", 9092}, {"10.64.0.2", 9092}, true},
        {"::", 9093, "broker 2", 2, {"b2.abc.example", 9093}, {}, true}};
    return listener;
  }

  ProxyStatus status() const override {
    const std::lock_guard lock(mutex_);
    return status_;
  }

  std::vector<const WorkerMetrics*> worker_metrics() const override {
    std::vector<const WorkerMetrics*> all;
    for (const auto& worker : workers) all.push_back(worker.get());
    return all;
  }

  void set(const ProxyStatus& status) {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }

  std::vector<std::unique_ptr<WorkerMetrics>> workers;

 private:
  mutable std::mutex mutex_;
  ProxyStatus status_;
};

}  // namespace portway::proxy
