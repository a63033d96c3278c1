// Large bodies: nothing of them is kept, whoever is slow; copied or spliced, they are the same.

#include <gtest/gtest.h>

#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

constexpr uint32_t kLarge = 100 << 20;

// What Portway may take of a body that nobody reads: a read, a pipe, and what sockets hold.
constexpr uint64_t kTakenMax = 40 << 20;
// What all of it, both ends included, may add to the process's memory.
constexpr size_t kMemoryMax = 24 << 20;

// With and without splice: both have to do the same.
class ServerLargeBodies : public testing::TestWithParam<uint32_t> {
 protected:
  ServerLargeBodies() { spec_.serve.splice_bytes_min = GetParam(); }

  static uint64_t moved(const ProxyUnderTest& proxy) {
    return proxy.total(&WorkerMetrics::copied_bytes) + proxy.total(&WorkerMetrics::spliced_bytes);
  }

  // Waits until no more bytes are moved: twice the same count with others served in between.
  static void wait_until_stuck(const ProxyUnderTest& proxy, TestClient& other, int32_t broker_id) {
    uint64_t before = 0;
    ASSERT_TRUE(wait_until([&] {
      const uint64_t now = moved(proxy);
      const bool stuck = now == before;
      for (int i = 0; i < 50; ++i) EXPECT_EQ(other.who(), broker_id);
      before = moved(proxy);
      return stuck || before - now < 50 * 200;  // the others' own bytes
    }));
  }

  FakeCluster cluster_{{1, 2}};
  plan::Spec spec_ = make_spec(cluster_, {1, 2});
};

TEST_P(ServerLargeBodies, ASlowReaderOfAResponseCostsNoMemoryAndHoldsNobodyElseBack) {
  ProxyUnderTest proxy(spec_);
  TestClient other(proxy.port(2));
  EXPECT_EQ(other.who(), 2);
  for (const int16_t version : {kPassedFetch, kRewrittenFetch}) {
    const size_t resident = resident_bytes();
    const uint64_t moved_before = moved(proxy);
    const uint64_t pauses = proxy.total(&WorkerMetrics::back_pressure_pauses);
    TestClient slow(proxy.port(2), "127.0.0.1", 64 << 10);
    slow.send_fetch(version, kLarge);
    ASSERT_TRUE(wait_until([&] { return moved(proxy) - moved_before > 200'000; }));
    // Copied bytes that do not fit the client's socket pause the broker's side: sooner or later.
    ASSERT_TRUE(GetParam() != 0 || wait_until([&] {
                  return proxy.total(&WorkerMetrics::back_pressure_pauses) > pauses;
                }));
    wait_until_stuck(proxy, other, 2);
    EXPECT_LT(moved(proxy) - moved_before, kTakenMax);
    EXPECT_LT(resident_bytes(), resident + kMemoryMax);
    EXPECT_TRUE(slow.read_fetch(version, kLarge)) << "version " << version;
    EXPECT_LT(resident_bytes(), resident + kMemoryMax);
    EXPECT_EQ(slow.who(), 2);
  }
}

TEST_P(ServerLargeBodies, ABrokerThatReadsARequestSlowlyCostsNoMemory) {
  ProxyUnderTest proxy(spec_);
  TestClient other(proxy.port(1));
  EXPECT_EQ(other.who(), 1);
  const size_t resident = resident_bytes();
  cluster_.broker(2).hold_reading(true);
  TestClient client(proxy.port(2));
  constexpr uint32_t kProduced = 90 << 20;
  bool sent = false;
  std::thread sender([&] { sent = client.send_produce(kPassedProduce, kProduced); });
  EXPECT_TRUE(wait_until([&] { return moved(proxy) > 200'000; }));
  wait_until_stuck(proxy, other, 1);
  EXPECT_LT(moved(proxy), kTakenMax);
  EXPECT_LT(resident_bytes(), resident + kMemoryMax);
  cluster_.broker(2).hold_reading(false);
  sender.join();
  EXPECT_TRUE(sent);
  EXPECT_TRUE(client.read_produce(kPassedProduce));
  EXPECT_EQ(cluster_.broker(2).records_received(), kProduced);
  EXPECT_LT(resident_bytes(), resident + kMemoryMax);
}

TEST_P(ServerLargeBodies, BodiesOfAllSizesArriveWholeAndTheMetricTellsHow) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  const uint32_t sizes[] = {0, 1, 1000, 16'384, 20'000, 131'072, 200'000, 5'000'000};
  for (const uint32_t size : sizes) {
    for (const int16_t version : {kPassedFetch, kRewrittenFetch}) {
      ASSERT_TRUE(client.fetch(version, size)) << "version " << version << ", " << size;
    }
    for (const int16_t version : {kPassedProduce, kRewrittenProduce}) {
      ASSERT_TRUE(client.produce(version, size)) << "version " << version << ", " << size;
    }
  }
  const uint64_t spliced = proxy.total(&WorkerMetrics::spliced_bytes);
  if (GetParam() == 0) {
    EXPECT_EQ(spliced, 0u);
  } else {
    EXPECT_GT(spliced, 10'000'000u);
    EXPECT_LT(proxy.total(&WorkerMetrics::copied_bytes), spliced);
  }
}

TEST_P(ServerLargeBodies, RequestsBehindALargeBodyAreServedInOrder) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  const int32_t first = client.send_who();
  client.send_fetch(kRewrittenFetch, 3'000'000);
  EXPECT_EQ(client.read_who(first), 2);
  EXPECT_TRUE(client.read_fetch(kRewrittenFetch, 3'000'000));
  client.send_produce(kPassedProduce, 3'000'000, 0);  // no answer comes
  EXPECT_EQ(client.who(), 2);
  EXPECT_EQ(cluster_.broker(2).records_received(), 3'000'000u);
}

TEST_P(ServerLargeBodies, ResetsInTheMiddleLeaveNoDescriptorBehind) {
  const size_t before_all = open_descriptors();
  {
    ProxyUnderTest proxy(spec_);
    TestClient(proxy.port(2)).fetch(kPassedFetch, 5'000'000);  // a pipe may stay in the pool
    EXPECT_TRUE(proxy.wait_connections(0));
    const size_t before = open_descriptors();
    for (int i = 0; i < 10; ++i) {
      TestClient client(proxy.port(2));
      client.send_fetch(i % 2 == 0 ? kPassedFetch : kRewrittenFetch, 32 << 20);
      client.socket.receive(1 << 20);
      client.socket.reset();
    }
    cluster_.broker(2).cut_answers(1 << 20, End::kReset);
    for (int i = 0; i < 10; ++i) {
      TestClient client(proxy.port(2));
      client.send_fetch(kPassedFetch, 32 << 20);
      EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
    }
    for (int i = 0; i < 10; ++i) {
      TestClient client(proxy.port(2));
      client.send(produce_head(kPassedProduce, 1, 1, 32 << 20) + pattern_text(1 << 20));
      client.socket.reset();
    }
    EXPECT_TRUE(proxy.wait_connections(0));
    // Pipes in the pool are empty ones that were in use at the same time: here a few at most.
    EXPECT_TRUE(wait_until([&] {
      return cluster_.broker(2).connections_open() == 0 && open_descriptors() <= before + 8;
    })) << open_descriptors()
        << " descriptors, " << before << " before";
  }
  // The fake may still have to accept, and close, a connection that was reset.
  EXPECT_TRUE(wait_until([&] { return open_descriptors() == before_all; })) << open_descriptors();
}

INSTANTIATE_TEST_SUITE_P(SpliceBytesMin, ServerLargeBodies, testing::Values(0, 16384),
                         testing::PrintToStringParamName());

// Streamed answers carry the same addresses and the same padding either way.
TEST(ServerLargeBodyTwins, TheEndOfAStreamedAnswerIsTheSameCopiedAndSpliced) {
  FakeCluster cluster({1, 2});
  plan::Spec spec = make_spec(cluster, {1, 2});
  std::string tails[2];
  for (size_t i = 0; i < 2; ++i) {
    spec.serve.splice_bytes_min = i == 0 ? 0 : 16384;
    ProxyUnderTest proxy(spec);
    TestClient client(proxy.port(2));
    client.send_fetch(kRewrittenFetch, 5'000'000);
    EXPECT_TRUE(client.read_fetch(kRewrittenFetch, 5'000'000, &tails[i]));
  }
  EXPECT_EQ(tails[0], tails[1]);
  EXPECT_NE(tails[0].find("b2.edge.test"), std::string::npos);
}

}  // namespace
}  // namespace portway::proxy
