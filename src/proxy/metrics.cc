#include "proxy/metrics.h"

#include <algorithm>

namespace portway::proxy {

std::string_view refusal_name(Refusal refusal) {
  switch (refusal) {
    case Refusal::kConnectionsMax:
      return "connections_max";
    case Refusal::kListenerConnectionsMax:
      return "listener_connections_max";
    case Refusal::kOutOfDescriptors:
      return "out_of_descriptors";
    case Refusal::kUnknownBroker:
      return "unknown_broker";
    case Refusal::kForbiddenApiKey:
      return "forbidden_api_key";
    case Refusal::kUnsupportedVersion:
      return "unsupported_version";
    case Refusal::kForeignProtocol:
      return "foreign_protocol";
    case Refusal::kMalformedRequest:
      return "malformed_request";
    case Refusal::kMalformedResponse:
      return "malformed_response";
    case Refusal::kRequestTooLarge:
      return "request_too_large";
    case Refusal::kResponseTooLarge:
      return "response_too_large";
    case Refusal::kFirstByteTimeout:
      return "first_byte_timeout";
    case Refusal::kIdleTimeout:
      return "idle_timeout";
    case Refusal::kDialTimeout:
      return "dial_timeout";
    case Refusal::kDialFailed:
      return "dial_failed";
    case Refusal::kDrainDeadline:
      return "drain_deadline";
    case Refusal::kCount:
      break;
  }
  return "unknown";
}

void LatencyHistogram::record(uint64_t us) {
  const auto bound = std::lower_bound(kBoundsUs.begin(), kBoundsUs.end(), us);
  buckets_[static_cast<size_t>(bound - kBoundsUs.begin())].add();
  sum_us_.add(us);
}

ListenerMetrics& WorkerMetrics::listener(const std::string& name) {
  const std::lock_guard lock(listeners_mutex_);
  std::unique_ptr<ListenerMetrics>& metrics = listeners_[name];
  if (metrics == nullptr) metrics = std::make_unique<ListenerMetrics>(api_latency.size());
  return *metrics;
}

std::vector<std::pair<std::string, const ListenerMetrics*>> WorkerMetrics::listeners() const {
  const std::lock_guard lock(listeners_mutex_);
  std::vector<std::pair<std::string, const ListenerMetrics*>> all;
  all.reserve(listeners_.size());
  for (const auto& [name, metrics] : listeners_) all.emplace_back(name, metrics.get());
  return all;
}

}  // namespace portway::proxy
