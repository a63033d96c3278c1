#pragma once

#include <string>
#include <vector>

#include "proxy/admin/metric_table.h"

namespace portway::proxy::collect {

// How the rows of the metric table get their series out of a scrape; one function per row.
using Samples = std::vector<MetricSample>;

Samples connections(const Scrape& scrape);
Samples connections_total(const Scrape& scrape);
Samples worker_connections(const Scrape& scrape);
Samples requests_in_flight(const Scrape& scrape);
Samples request_latency(const Scrape& scrape);
Samples added_latency(const Scrape& scrape);
Samples refusals(const Scrape& scrape);
Samples brokers_without_place(const Scrape& scrape);
Samples ports_not_bound(const Scrape& scrape);
Samples ready(const Scrape& scrape);
Samples draining(const Scrape& scrape);
Samples topology_state(const Scrape& scrape);
Samples topology_age(const Scrape& scrape);
Samples topology_refresh_failing(const Scrape& scrape);
Samples configuration_generation(const Scrape& scrape);
Samples configuration_reload_failures(const Scrape& scrape);
Samples build(const Scrape& scrape);
Samples process_start(const Scrape& scrape);
Samples process_cpu(const Scrape& scrape);
Samples process_memory(const Scrape& scrape);
Samples process_open_fds(const Scrape& scrape);
Samples process_max_fds(const Scrape& scrape);

// A counter of WorkerMetrics, summed over the workers.
uint64_t total(const Scrape& scrape, Counter WorkerMetrics::*counter);

template <Counter WorkerMetrics::*counter>
Samples worker_total(const Scrape& scrape) {
  return {{{}, static_cast<double>(total(scrape, counter)), {}}};
}

// One series per external listener and api that was used.
Samples by_listener_and_api(const Scrape& scrape, Counter ApiCounters::*counter);

template <Counter ApiCounters::*counter>
Samples api_total(const Scrape& scrape) {
  return by_listener_and_api(scrape, counter);
}

}  // namespace portway::proxy::collect
