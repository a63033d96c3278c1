#include "proxy/admin/metric_table.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "proxy/admin/fake_admin_source.h"

namespace portway::proxy {
namespace {

Scrape scrape_of(const FakeAdminSource& source) {
  return {.status = source.status(), .workers = source.worker_metrics(), .process = {}};
}

// The value of one series, by its exact text before the blank; NaN-free, -1 when it is not there.
double value_of(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.starts_with(series + " ")) return std::stod(line.substr(series.size() + 1));
  }
  return -1;
}

TEST(MetricTable, NamesAreUniqueAndWellFormed) {
  std::set<std::string_view> names;
  for (const MetricInfo& info : metric_table()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(info.name.starts_with("portway_") || info.name.starts_with("process_"))
        << info.name;
    for (const char c : info.name) EXPECT_TRUE(std::islower(c) || c == '_') << info.name;
    EXPECT_EQ(info.kind == MetricKind::kCounter, info.name.ends_with("_total")) << info.name;
    if (info.unit == "seconds" || info.unit == "bytes") {
      EXPECT_NE(info.name.find(info.unit), std::string_view::npos) << info.name;
    }
    EXPECT_FALSE(info.meaning.empty()) << info.name;
    EXPECT_EQ(info.meaning.find_first_of("\n\\|"), std::string_view::npos) << info.name;
  }
}

TEST(MetricTable, EverySampleHasAValueForEveryLabel) {
  FakeAdminSource source;
  WorkerMetrics& worker = *source.workers[0];
  worker.listener("EXTERNAL").api[0].requests.add();
  worker.api_latency[0].record(1);
  for (const MetricInfo& info : metric_table()) {
    for (const MetricSample& sample : info.collect(scrape_of(source))) {
      EXPECT_EQ(sample.label_values.size(), info.labels.size()) << info.name;
    }
  }
}

TEST(MetricTable, WorkersAreSummed) {
  FakeAdminSource source;
  for (const auto& worker : source.workers) {
    worker->broker_dials.add(2);
    worker->requests_started.add(5);
    worker->requests_ended.add(4);
    worker->refusals[static_cast<size_t>(Refusal::kIdleTimeout)].add();
    worker->listener("EXTERNAL").api[kafka::api_slot(kafka::kFetch)].response_bytes.add(1000);
    worker->api_latency[kafka::api_slot(kafka::kFetch)].record(30);
    worker->added_latency.record(60'000'000);
  }
  const std::string text = metrics_text(scrape_of(source));
  EXPECT_EQ(value_of(text, "portway_broker_dials_total"), 4);
  EXPECT_EQ(value_of(text, "portway_requests_in_flight"), 2);
  EXPECT_EQ(value_of(text, "portway_refusals_total{reason=\"idle_timeout\"}"), 2);
  EXPECT_EQ(value_of(text, "portway_refusals_total{reason=\"dial_failed\"}"), 0);
  EXPECT_EQ(
      value_of(text, "portway_response_bytes_total{external_listener=\"EXTERNAL\",api=\"Fetch\"}"),
      2000);
  EXPECT_EQ(value_of(text, "portway_request_latency_seconds_count{api=\"Fetch\"}"), 2);
  EXPECT_EQ(value_of(text, "portway_request_latency_seconds_bucket{api=\"Fetch\",le=\"2.5e-05\"}"),
            0);
  EXPECT_EQ(value_of(text, "portway_request_latency_seconds_bucket{api=\"Fetch\",le=\"5e-05\"}"),
            2);
  EXPECT_EQ(value_of(text, "portway_added_latency_seconds_bucket{le=\"30\"}"), 0);
  EXPECT_EQ(value_of(text, "portway_added_latency_seconds_bucket{le=\"+Inf\"}"), 2);
  EXPECT_EQ(value_of(text, "portway_added_latency_seconds_sum"), 120);
  EXPECT_EQ(value_of(text, "portway_worker_connections{worker=\"1\"}"), 4);
}

TEST(MetricTable, AConnectionMayBeClosedByAnotherWorkerThanOpenedIt) {
  FakeAdminSource source;
  source.workers[0]->listener("EXTERNAL").connections_opened.add(5);
  source.workers[1]->listener("EXTERNAL").connections_closed.add(3);
  const std::string text = metrics_text(scrape_of(source));
  EXPECT_EQ(value_of(text, "portway_connections{external_listener=\"EXTERNAL\"}"), 2);
  EXPECT_EQ(value_of(text, "portway_connections_total{external_listener=\"EXTERNAL\"}"), 5);
}

TEST(MetricTable, ApisThatWereNotUsedHaveNoSeries) {
  FakeAdminSource source;
  source.workers[0]->listener("EXTERNAL").api[kafka::api_slot(kafka::kProduce)].requests.add();
  const std::string text = metrics_text(scrape_of(source));
  EXPECT_EQ(
      value_of(text, "portway_requests_total{external_listener=\"EXTERNAL\",api=\"Produce\"}"), 1);
  EXPECT_EQ(text.find("api=\"Fetch\""), std::string::npos);
  EXPECT_EQ(text.find("portway_request_bytes_total{"), std::string::npos);
}

TEST(MetricTable, StateOfTheProxyIsThere) {
  FakeAdminSource source;
  ProxyStatus status = source.status();
  status.external_listeners[0].brokers_without_place = {65, 70};
  status.external_listeners[0].ports[0].bound = false;
  status.topology_error = "no broker answers";
  status.configuration_failures = 3;
  source.set(status);
  const std::string text = metrics_text(scrape_of(source));
  EXPECT_EQ(value_of(text, "portway_ready"), 1);
  EXPECT_EQ(value_of(text, "portway_draining"), 0);
  EXPECT_EQ(value_of(text, "portway_brokers_without_place{external_listener=\"EXTERNAL\"}"), 2);
  EXPECT_EQ(value_of(text, "portway_ports_not_bound{external_listener=\"EXTERNAL\"}"), 1);
  EXPECT_EQ(value_of(text, "portway_topology_state{state=\"known\"}"), 1);
  EXPECT_EQ(value_of(text, "portway_topology_state{state=\"unknown\"}"), 0);
  EXPECT_EQ(value_of(text, "portway_topology_age_seconds"), 1.5);
  EXPECT_EQ(value_of(text, "portway_topology_refresh_failing"), 1);
  EXPECT_EQ(value_of(text, "portway_configuration_generation"), 2);
  EXPECT_EQ(value_of(text, "portway_configuration_reload_failures_total"), 3);
  EXPECT_NE(text.find("portway_build_info{version=\""), std::string::npos);
}

TEST(MetricTable, TheAgeOfAnUnknownTopologyIsAbsent) {
  FakeAdminSource source;
  ProxyStatus status = source.status();
  status.topology = TopologyState::kUnknown;
  source.set(status);
  EXPECT_EQ(value_of(metrics_text(scrape_of(source)), "portway_topology_age_seconds"), -1);
}

// PORTWAY_UPDATE_GOLDEN=1 writes the page anew.
TEST(MetricReference, ThePageIsWhatTheTableSays) {
  const std::string path = PORTWAY_SOURCE_DIR "/docs/metrics.md";
  if (std::getenv("PORTWAY_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << metrics_reference();
  std::ifstream file(path);
  std::ostringstream committed;
  committed << file.rdbuf();
  EXPECT_EQ(committed.str(), metrics_reference())
      << "docs/metrics.md is old: run this test with PORTWAY_UPDATE_GOLDEN=1 and commit the page";
}

}  // namespace
}  // namespace portway::proxy
