#include "proxy/admin/metric_collect.h"

#include <algorithm>
#include <map>
#include <utility>

#include "kafka/api_keys.h"
#include "proxy/admin/build_info.h"

namespace portway::proxy::collect {
namespace {

MetricSample sample(double value, std::vector<std::string> label_values = {}) {
  return {std::move(label_values), value, {}};
}

MetricSample sample(uint64_t value, std::vector<std::string> label_values = {}) {
  return sample(static_cast<double>(value), std::move(label_values));
}

Samples one(bool value) { return {sample(value ? 1.0 : 0.0)}; }

// Reads of two counters of a running worker are not one moment: never below zero.
uint64_t difference(uint64_t larger, uint64_t smaller) {
  return larger > smaller ? larger - smaller : 0;
}

using Totals = std::map<std::string, uint64_t>;

Totals listener_totals(const Scrape& scrape, Counter ListenerMetrics::*counter) {
  Totals totals;
  for (const WorkerMetrics* worker : scrape.workers) {
    for (const auto& [name, listener] : worker->listeners()) {
      totals[name] += (listener->*counter).get();
    }
  }
  return totals;
}

}  // namespace

uint64_t total(const Scrape& scrape, Counter WorkerMetrics::*counter) {
  uint64_t sum = 0;
  for (const WorkerMetrics* worker : scrape.workers) sum += (worker->*counter).get();
  return sum;
}

Samples by_listener_and_api(const Scrape& scrape, Counter ApiCounters::*counter) {
  std::map<std::pair<std::string, size_t>, uint64_t> totals;
  for (const WorkerMetrics* worker : scrape.workers) {
    for (const auto& [name, listener] : worker->listeners()) {
      for (size_t slot = 0; slot < listener->api.size(); ++slot) {
        const uint64_t count = (listener->api[slot].*counter).get();
        if (count > 0) totals[{name, slot}] += count;
      }
    }
  }
  Samples samples;
  for (const auto& [key, count] : totals) {
    samples.push_back(sample(count, {key.first, std::string(kafka::api_slot_name(key.second))}));
  }
  return samples;
}

// The closed ones are read first, and all of them are summed before they are compared: a connection
// may be counted as opened by the worker that accepted it and as closed by another.
Samples connections(const Scrape& scrape) {
  const Totals closed = listener_totals(scrape, &ListenerMetrics::connections_closed);
  Samples samples;
  for (const auto& [name, opened] : listener_totals(scrape, &ListenerMetrics::connections_opened)) {
    const auto found = closed.find(name);
    const uint64_t gone = found == closed.end() ? 0 : found->second;
    samples.push_back(sample(difference(opened, gone), {name}));
  }
  return samples;
}

Samples connections_total(const Scrape& scrape) {
  Samples samples;
  for (const auto& [name, opened] : listener_totals(scrape, &ListenerMetrics::connections_opened)) {
    samples.push_back(sample(opened, {name}));
  }
  return samples;
}

Samples worker_connections(const Scrape& scrape) {
  Samples samples;
  for (const uint64_t count : scrape.status.connections_by_worker) {
    samples.push_back(sample(count, {std::to_string(samples.size())}));
  }
  return samples;
}

Samples requests_in_flight(const Scrape& scrape) {
  const uint64_t ended = total(scrape, &WorkerMetrics::requests_ended);
  return {sample(difference(total(scrape, &WorkerMetrics::requests_started), ended))};
}

Samples request_latency(const Scrape& scrape) {
  std::map<size_t, HistogramSum> by_slot;
  for (const WorkerMetrics* worker : scrape.workers) {
    for (size_t slot = 0; slot < worker->api_latency.size(); ++slot) {
      by_slot[slot].add(worker->api_latency[slot]);
    }
  }
  Samples samples;
  for (const auto& [slot, histogram] : by_slot) {
    if (histogram.count() == 0) continue;
    samples.push_back({{std::string(kafka::api_slot_name(slot))}, 0, histogram});
  }
  return samples;
}

Samples added_latency(const Scrape& scrape) {
  HistogramSum histogram;
  for (const WorkerMetrics* worker : scrape.workers) histogram.add(worker->added_latency);
  return {{{}, 0, histogram}};
}

// Every reason, zero or not: an alert on a rate needs a series that was there before.
Samples refusals(const Scrape& scrape) {
  Samples samples;
  for (size_t i = 0; i < static_cast<size_t>(Refusal::kCount); ++i) {
    uint64_t total = 0;
    for (const WorkerMetrics* worker : scrape.workers) total += worker->refusals[i].get();
    samples.push_back(sample(total, {std::string(refusal_name(static_cast<Refusal>(i)))}));
  }
  return samples;
}

Samples brokers_without_place(const Scrape& scrape) {
  Samples samples;
  for (const ListenerStatus& listener : scrape.status.external_listeners) {
    samples.push_back(sample(listener.brokers_without_place.size(), {listener.name}));
  }
  return samples;
}

Samples ports_not_bound(const Scrape& scrape) {
  Samples samples;
  for (const ListenerStatus& listener : scrape.status.external_listeners) {
    const auto not_bound = std::ranges::count(listener.ports, false, &PortStatus::bound);
    samples.push_back(sample(static_cast<uint64_t>(not_bound), {listener.name}));
  }
  return samples;
}

Samples ready(const Scrape& scrape) { return one(scrape.status.ready); }

Samples draining(const Scrape& scrape) { return one(scrape.status.draining); }

Samples topology_state(const Scrape& scrape) {
  Samples samples;
  for (const TopologyState state :
       {TopologyState::kUnknown, TopologyState::kKnown, TopologyState::kNeedsAuthentication}) {
    samples.push_back(sample(scrape.status.topology == state ? 1.0 : 0.0,
                             {std::string(topology_state_name(state))}));
  }
  return samples;
}

Samples topology_age(const Scrape& scrape) {
  if (scrape.status.topology == TopologyState::kUnknown) return {};
  return {sample(static_cast<double>(scrape.status.topology_age_ms) / 1000)};
}

Samples topology_refresh_failing(const Scrape& scrape) {
  return one(!scrape.status.topology_error.empty());
}

Samples configuration_generation(const Scrape& scrape) {
  return {sample(scrape.status.configuration_generation)};
}

Samples configuration_reload_failures(const Scrape& scrape) {
  return {sample(scrape.status.configuration_failures)};
}

Samples build(const Scrape&) {
  return {sample(1.0, {std::string(kVersion), std::string(kCompiler)})};
}

Samples process_start(const Scrape& scrape) { return {sample(scrape.process.start_unix_seconds)}; }

Samples process_cpu(const Scrape& scrape) { return {sample(scrape.process.cpu_seconds)}; }

Samples process_memory(const Scrape& scrape) { return {sample(scrape.process.resident_bytes)}; }

Samples process_open_fds(const Scrape& scrape) { return {sample(scrape.process.open_descriptors)}; }

Samples process_max_fds(const Scrape& scrape) { return {sample(scrape.process.descriptors_max)}; }

}  // namespace portway::proxy::collect
