#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <utility>

#include "proxy/admin/metric_table.h"

namespace portway::proxy {
namespace {

constexpr double kUsPerSecond = 1e6;

prometheus::MetricType prometheus_type(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return prometheus::MetricType::Counter;
    case MetricKind::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

prometheus::ClientMetric::Histogram prometheus_histogram(const HistogramSum& sum) {
  prometheus::ClientMetric::Histogram histogram;
  histogram.sample_sum = static_cast<double>(sum.sum_us) / kUsPerSecond;
  for (size_t i = 0; i < sum.buckets.size(); ++i) {
    histogram.sample_count += sum.buckets[i];
    prometheus::ClientMetric::Bucket bucket;
    bucket.cumulative_count = histogram.sample_count;
    bucket.upper_bound = i < LatencyHistogram::kBoundsUs.size()
                             ? static_cast<double>(LatencyHistogram::kBoundsUs[i]) / kUsPerSecond
                             : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back(bucket);
  }
  return histogram;
}

prometheus::ClientMetric prometheus_metric(const MetricInfo& info, const MetricSample& sample) {
  prometheus::ClientMetric metric;
  for (size_t i = 0; i < info.labels.size(); ++i) {
    metric.label.push_back({std::string(info.labels[i]), sample.label_values[i]});
  }
  switch (info.kind) {
    case MetricKind::kCounter:
      metric.counter.value = sample.value;
      break;
    case MetricKind::kGauge:
      metric.gauge.value = sample.value;
      break;
    case MetricKind::kHistogram:
      metric.histogram = prometheus_histogram(sample.histogram);
      break;
  }
  return metric;
}

}  // namespace

std::string metrics_text(const Scrape& scrape) {
  std::vector<prometheus::MetricFamily> families;
  for (const MetricInfo& info : metric_table()) {
    prometheus::MetricFamily family;
    family.name = info.name;
    family.help = info.meaning;
    family.type = prometheus_type(info.kind);
    for (const MetricSample& sample : info.collect(scrape)) {
      family.metric.push_back(prometheus_metric(info, sample));
    }
    families.push_back(std::move(family));
  }
  const prometheus::TextSerializer serializer;
  return serializer.Serialize(families);
}

}  // namespace portway::proxy
