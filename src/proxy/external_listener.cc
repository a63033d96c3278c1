#include "proxy/external_listener.h"

#include "base/log.h"
#include "kafka/api_keys.h"

namespace portway::proxy {

ExternalListener::ExternalListener(std::shared_ptr<SharedListener> shared,
                                   WorkerMetrics& worker_metrics,
                                   const std::shared_ptr<const Topology>& topology,
                                   TopologyKeeper& keeper)
    : shared_(std::move(shared)),
      worker_metrics_(worker_metrics),
      metrics_(worker_metrics.listener(shared_->name)),
      topology_(topology),
      keeper_(keeper),
      plan_(std::make_shared<const plan::ExternalListenerPlan>()) {}

void ExternalListener::change_plan(std::shared_ptr<const plan::ExternalListenerPlan> plan) {
  plan_ = std::move(plan);
}

const HostPort* ExternalListener::advertised(int32_t broker_id) const {
  const auto place = plan_->advertised.find(broker_id);
  return place == plan_->advertised.end() ? nullptr : &place->second;
}

const HostPort* ExternalListener::advertised_instead_of(ByteView host, int32_t port) const {
  if (plan_->advertised_by_address.empty() || port < 1 || port > 65535) return nullptr;
  const auto place =
      plan_->advertised_by_address.find({std::string(host), static_cast<uint16_t>(port)});
  return place == plan_->advertised_by_address.end() ? nullptr : &place->second;
}

void ExternalListener::saw(int32_t broker_id, ByteView host, int32_t port) {
  if (port < 1 || port > 65535) return;
  const auto known = topology_->brokers.find(broker_id);
  if (known != topology_->brokers.end() && known->second.address.host == host &&
      known->second.address.port == port) {
    return;
  }
  keeper_.learn(broker_id, {std::string(host), static_cast<uint16_t>(port)});
}

void ExternalListener::left_out(int32_t broker_id) {
  worker_metrics_.brokers_left_out.add();
  // A broker that is not known was seen just now: the plan is about to be asked for its place.
  if (!topology_->brokers.contains(broker_id)) return;
  log(LogLevel::kError, "broker_without_place",
      "clients are not told of this broker: the port plan has no place for it",
      {{"external_listener", name()},
       {"broker", std::to_string(broker_id)},
       {"do", plan_->widen_hint}});
}

void ExternalListener::clamped(int16_t /*api_key*/) { worker_metrics_.versions_clamped.add(); }

void ExternalListener::on_request(int16_t api_key, int16_t /*api_version*/, uint32_t bytes) {
  ApiCounters& counters = metrics_.api[kafka::api_slot(api_key)];
  counters.requests.add();
  counters.request_bytes.add(bytes);
}

void ExternalListener::on_response(int16_t api_key, uint32_t bytes, uint32_t latency_us,
                                   bool rewritten) {
  const size_t slot = kafka::api_slot(api_key);
  metrics_.api[slot].response_bytes.add(bytes);
  worker_metrics_.api_latency[slot].record(latency_us);
  if (rewritten) worker_metrics_.responses_rewritten.add();
}

void ExternalListener::on_forbidden() {
  worker_metrics_.refusals[static_cast<size_t>(Refusal::kForbiddenApiKey)].add();
}

void ExternalListener::on_lesson_learnt(std::span<const kafka::BrokerEntry> brokers) {
  keeper_.replace({brokers.begin(), brokers.end()});
  worker_metrics_.topology_lessons.add();
}

}  // namespace portway::proxy
