#include <fmt/format.h>

#include <iterator>

#include "proxy/admin/metric_table.h"

namespace portway::proxy {
namespace {

std::string_view kind_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "counter";
    case MetricKind::kGauge:
      return "gauge";
    case MetricKind::kHistogram:
      return "histogram";
  }
  return "unknown";
}

std::string labels_cell(const MetricInfo& info) {
  std::string cell;
  for (const std::string_view label : info.labels) {
    fmt::format_to(std::back_inserter(cell), "{}`{}`", cell.empty() ? "" : ", ", label);
  }
  return cell;
}

std::string buckets_list() {
  std::string list;
  for (const uint64_t bound_us : LatencyHistogram::kBoundsUs) {
    fmt::format_to(std::back_inserter(list), "{}{}", list.empty() ? "" : ", ",
                   static_cast<double>(bound_us) / 1e6);
  }
  return list;
}

}  // namespace

std::string metrics_reference() {
  std::string text =
      "# Metrics\n\n"
      "Generated from the table in `src/proxy/admin/metric_table.cc`; the tests compare. After a\n"
      "change, write this page anew:\n"
      "\n"
      "    PORTWAY_UPDATE_GOLDEN=1 ctest --test-dir build/release -R MetricReference\n"
      "\n"
      "`GET /metrics` on the admin address (`serve.admin`) answers in the Prometheus text format.\n"
      "Workers count for themselves and are summed when somebody asks.\n"
      "\n"
      "| metric | type | labels | unit | meaning |\n"
      "|---|---|---|---|---|\n";
  const auto out = std::back_inserter(text);
  for (const MetricInfo& info : metric_table()) {
    fmt::format_to(out, "| `{}` | {} | {} | {} | {} |\n", info.name, kind_name(info.kind),
                   labels_cell(info), info.unit, info.meaning);
  }
  fmt::format_to(out, "\n## Labels\n\n| label | values |\n|---|---|\n");
  fmt::format_to(
      out,
      "| `external_listener` | the names in the configuration |\n"
      "| `api` | Kafka's name of the api (`Produce`, `Fetch`, ...), `unknown` for an api "
      "key that Kafka 4.3 does not have; only apis that were used have a series |\n"
      "| `worker` | 0 to the number of workers less one |\n");
  fmt::format_to(out, "| `reason` |");
  for (size_t i = 0; i < static_cast<size_t>(Refusal::kCount); ++i) {
    fmt::format_to(out, "{} `{}`", i == 0 ? "" : ",", refusal_name(static_cast<Refusal>(i)));
  }
  fmt::format_to(out, " |\n| `state` | `{}`, `{}`, `{}` |\n",
                 topology_state_name(TopologyState::kUnknown),
                 topology_state_name(TopologyState::kKnown),
                 topology_state_name(TopologyState::kNeedsAuthentication));
  fmt::format_to(out, "\nHistograms have the buckets {} and +Inf seconds.\n", buckets_list());
  return text;
}

}  // namespace portway::proxy
