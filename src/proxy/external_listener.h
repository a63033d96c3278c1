#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "plan/port_plan.h"
#include "proxy/metrics.h"
#include "proxy/topology.h"
#include "proxy/topology_keeper.h"
#include "session/environment.h"

namespace portway::proxy {

// What the workers share of one external listener. Lives as long as any connection of it.
struct SharedListener {
  explicit SharedListener(std::string listener_name) : name(std::move(listener_name)) {}

  const std::string name;
  std::atomic<uint32_t> connections{0};
  std::atomic<uint32_t> connections_max{0};  // 0: none of its own
};

// One external listener as one worker's sessions see it: the addresses to tell, and the counters.
// Its plan changes with a reload, under the sessions that use it. Worker's thread only.
class ExternalListener final : public session::Environment {
 public:
  // `topology`: the worker's own pointer, which it renews.
  ExternalListener(std::shared_ptr<SharedListener> shared, WorkerMetrics& worker_metrics,
                   const std::shared_ptr<const Topology>& topology, TopologyKeeper& keeper);

  void change_plan(std::shared_ptr<const plan::ExternalListenerPlan> plan);

  SharedListener& shared() { return *shared_; }
  ListenerMetrics& metrics() { return metrics_; }
  const std::string& name() const { return shared_->name; }

  const HostPort* advertised(int32_t broker_id) const override;
  const HostPort* advertised_instead_of(ByteView host, int32_t port) const override;
  void saw(int32_t broker_id, ByteView host, int32_t port) override;
  void left_out(int32_t broker_id) override;
  void clamped(int16_t api_key) override;
  void on_request(int16_t api_key, int16_t api_version, uint32_t bytes) override;
  void on_response(int16_t api_key, uint32_t bytes, uint32_t latency_us, bool rewritten) override;
  void on_forbidden() override;
  void on_lesson_learnt(std::span<const kafka::BrokerEntry> brokers) override;

 private:
  const std::shared_ptr<SharedListener> shared_;
  WorkerMetrics& worker_metrics_;
  ListenerMetrics& metrics_;
  const std::shared_ptr<const Topology>& topology_;
  TopologyKeeper& keeper_;
  std::shared_ptr<const plan::ExternalListenerPlan> plan_;
};

}  // namespace portway::proxy
