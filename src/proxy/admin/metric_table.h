#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/admin/admin_source.h"
#include "proxy/admin/process_facts.h"

namespace portway::proxy {

// What one scrape looks at. The workers go on counting meanwhile: figures of one scrape may be a
// few requests apart.
struct Scrape {
  ProxyStatus status;
  std::vector<const WorkerMetrics*> workers;
  ProcessFacts process;
};

enum class MetricKind : uint8_t { kCounter, kGauge, kHistogram };

// LatencyHistogram summed over workers, in its own units.
struct HistogramSum {
  std::array<uint64_t, LatencyHistogram::kBoundsUs.size() + 1> buckets{};
  uint64_t sum_us = 0;

  void add(const LatencyHistogram& histogram);
  uint64_t count() const;
};

// One series of a metric: the values of its labels in the table's order, and a value or, for
// histograms, buckets.
struct MetricSample {
  std::vector<std::string> label_values;
  double value = 0;
  HistogramSum histogram;
};

// One metric: the row of the table from which /metrics and docs/metrics.md are both made.
struct MetricInfo {
  std::string_view name;
  MetricKind kind;
  std::vector<std::string_view> labels;
  std::string_view unit;     // "bytes", "seconds"; empty: a plain number
  std::string_view meaning;  // one line, without backslashes
  std::vector<MetricSample> (*collect)(const Scrape&);
};

// Every metric, in the order in which they are shown. Label values are bounded by configuration
// (external listeners, workers) or by Kafka's own list (api names): never by what clients send.
std::span<const MetricInfo> metric_table();

// The Prometheus text format, version 0.0.4.
std::string metrics_text(const Scrape& scrape);
inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

// docs/metrics.md.
std::string metrics_reference();

}  // namespace portway::proxy
