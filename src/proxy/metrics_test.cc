#include "proxy/metrics.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace portway::proxy {
namespace {

TEST(Metrics, EveryRefusalHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < static_cast<size_t>(Refusal::kCount); ++i) {
    names.insert(refusal_name(static_cast<Refusal>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(Refusal::kCount));
  EXPECT_EQ(names.count("unknown"), 0u);
}

TEST(Metrics, AValueBelongsToTheFirstBoundThatIsNotBelowIt) {
  LatencyHistogram histogram;
  histogram.record(0);
  histogram.record(10);
  histogram.record(11);
  histogram.record(30'000'000);
  histogram.record(30'000'001);
  EXPECT_EQ(histogram.bucket(0), 2u);
  EXPECT_EQ(histogram.bucket(1), 1u);
  EXPECT_EQ(histogram.bucket(LatencyHistogram::kBoundsUs.size() - 1), 1u);
  EXPECT_EQ(histogram.bucket(LatencyHistogram::kBoundsUs.size()), 1u);
  EXPECT_EQ(histogram.sum_us(), 0u + 10 + 11 + 30'000'000 + 30'000'001);
}

TEST(Metrics, AListenerIsMadeOnceAndStays) {
  WorkerMetrics worker(3);
  ListenerMetrics& first = worker.listener("EXTERNAL");
  EXPECT_EQ(first.api.size(), 3u);
  for (int i = 0; i < 100; ++i) worker.listener("EXTERNAL" + std::to_string(i));
  EXPECT_EQ(&worker.listener("EXTERNAL"), &first);
  EXPECT_EQ(worker.listeners().size(), 101u);
}

// For the thread sanitizer: one thread counts and adds listeners, another reads them all.
TEST(Metrics, AScrapeMayReadWhileTheWorkerCounts) {
  WorkerMetrics worker(1);
  std::thread counting([&worker] {
    for (int i = 0; i < 1000; ++i) {
      ListenerMetrics& listener = worker.listener(std::to_string(i % 10));
      listener.connections_opened.add();
      worker.api_latency[0].record(5);
    }
  });
  uint64_t seen = 0;
  for (int i = 0; i < 100; ++i) {
    for (const auto& [name, listener] : worker.listeners()) {
      seen += listener->connections_opened.get();
    }
  }
  counting.join();
  EXPECT_EQ(worker.api_latency[0].bucket(0), 1000u);
  EXPECT_GE(seen, 0u);
}

}  // namespace
}  // namespace portway::proxy
