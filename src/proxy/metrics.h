#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portway::proxy {

// Counters that a worker writes and a scrape reads. Each has one writing thread, so that an
// increment is a plain load and store; a scrape sums over the workers.
class Counter {
 public:
  void add(uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// Microseconds in buckets; the last has no upper bound.
class LatencyHistogram {
 public:
  static constexpr std::array<uint64_t, 15> kBoundsUs = {
      10,    25,     50,     100,     250,       500,       1'000,     2'500,
      5'000, 10'000, 50'000, 250'000, 1'000'000, 5'000'000, 30'000'000};

  void record(uint64_t us);
  uint64_t bucket(size_t index) const { return buckets_[index].get(); }  // 0 .. kBoundsUs.size()
  uint64_t sum_us() const { return sum_us_.get(); }

 private:
  std::array<Counter, kBoundsUs.size() + 1> buckets_;
  Counter sum_us_;
};

// Why a connection was refused or cut, or a request was not forwarded: a metric label.
enum class Refusal : uint8_t {
  kConnectionsMax,          // the process has as many connections as it may
  kListenerConnectionsMax,  // the external listener has
  kOutOfDescriptors,        // accept() found none; the listener was paused
  kUnknownBroker,           // the port's broker is not in the cluster
  kForbiddenApiKey,
  kUnsupportedVersion,  // a request whose response Portway could not rewrite
  kForeignProtocol,     // TLS or HTTP on a plain Kafka port
  kMalformedRequest,
  kMalformedResponse,
  kRequestTooLarge,
  kResponseTooLarge,
  kFirstByteTimeout,
  kIdleTimeout,
  kDialTimeout,
  kDialFailed,
  kDrainDeadline,  // still open when the drain deadline came
  kCount
};
std::string_view refusal_name(Refusal refusal);

struct ApiCounters {
  Counter requests;
  Counter request_bytes;
  Counter response_bytes;
};

// One external listener on one worker.
struct ListenerMetrics {
  explicit ListenerMetrics(size_t api_slots) : api(api_slots) {}
  Counter connections_opened;
  Counter connections_closed;
  std::vector<ApiCounters> api;  // by kafka::api_slot
};

// One worker. Cross-thread readers only read.
struct WorkerMetrics {
  explicit WorkerMetrics(size_t api_slots) : api_latency(api_slots) {}

  std::vector<LatencyHistogram> api_latency;  // request forwarded -> response begun, by api slot
  LatencyHistogram added_latency;  // bytes received -> handed to the other socket, in Portway
  Counter requests_started;        // in flight = started - ended
  Counter requests_ended;
  Counter responses_rewritten;
  Counter brokers_left_out;  // entries of brokers without a place in the plan
  Counter versions_clamped;  // highest versions that were lowered in ApiVersions answers
  Counter broker_dials;
  Counter broker_dials_failed;
  Counter spliced_bytes;
  Counter copied_bytes;
  Counter back_pressure_pauses;  // times that one side was not read because the other was slow
  Counter topology_lessons;      // connections closed after a broker was learnt on them
  std::array<Counter, static_cast<size_t>(Refusal::kCount)> refusals;

  // The listener's counters on this worker, made at first use. Called by the worker only; the
  // reference stays valid as long as the worker lives.
  ListenerMetrics& listener(const std::string& name);

  // For the scraping thread: the listeners there are now.
  std::vector<std::pair<std::string, const ListenerMetrics*>> listeners() const;

 private:
  mutable std::mutex listeners_mutex_;  // the map only; never taken per request
  std::map<std::string, std::unique_ptr<ListenerMetrics>> listeners_;
};

}  // namespace portway::proxy
