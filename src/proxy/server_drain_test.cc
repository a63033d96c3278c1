// Drain: a request is either answered or was never forwarded.

#include <gtest/gtest.h>

#include "proxy/serve.h"
#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

class ServerDrain : public testing::Test {
 protected:
  FakeCluster cluster_{{1, 2}};
  ProxyUnderTest proxy_{make_spec(cluster_, {1, 2})};
  FakeBroker& broker_ = cluster_.broker(2);
};

TEST_F(ServerDrain, ReadinessFailsFirstAndEverythingGoesOn) {
  TestClient client(proxy_.port(2));
  proxy_.server().begin_drain();
  EXPECT_FALSE(proxy_.status().ready);
  EXPECT_EQ(proxy_.status().not_ready_reason, "draining");
  EXPECT_EQ(client.who(), 2);
  EXPECT_EQ(TestClient(proxy_.port(2)).who(), 2);
}

TEST_F(ServerDrain, IdleConnectionsEndWithFinAtOnceAndNewOnesAreRefused) {
  TestClient idle(proxy_.port(2));
  EXPECT_EQ(idle.who(), 2);
  TestClient silent(proxy_.port(2));
  ASSERT_TRUE(proxy_.wait_connections(2));
  proxy_.server().drain_connections();
  EXPECT_EQ(idle.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(silent.socket.wait_for_end(), End::kFin);
  EXPECT_FALSE(TestClient(proxy_.port(2)).socket.open());
  idle.socket.close();
  silent.socket.close();
  EXPECT_TRUE(wait_until([&] { return proxy_.server().drained(); }));
}

TEST_F(ServerDrain, BusyConnectionsEndAfterTheirAnswersAndTakeNothingNew) {
  broker_.hold_answers();
  TestClient busy(proxy_.port(2));
  const int32_t first = busy.send_who();
  const int32_t second = busy.send_who();
  ASSERT_TRUE(wait_until([&] { return proxy_.in_flight() == 2; }));
  TestClient idle(proxy_.port(1));
  EXPECT_EQ(idle.who(), 1);
  proxy_.server().drain_connections();
  EXPECT_EQ(idle.socket.wait_for_end(), End::kFin);
  busy.send_who();
  broker_.release_answers();
  EXPECT_EQ(busy.read_who(first), 2);
  EXPECT_EQ(busy.read_who(second), 2);
  EXPECT_EQ(busy.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(broker_.data_requests(), 2u);
}

TEST_F(ServerDrain, ARequestHalfForwardedIsFinishedAndAnswered) {
  TestClient client(proxy_.port(2));
  EXPECT_EQ(client.who(), 2);
  const std::string head = produce_head(kPassedProduce, client.next_correlation_id++, 1, 1000);
  client.send(head + std::string(Pattern::at(0, 400)));
  ASSERT_TRUE(wait_until([&] { return proxy_.in_flight() == 1; }));
  TestClient idle(proxy_.port(1));
  EXPECT_EQ(idle.who(), 1);
  proxy_.server().drain_connections();
  EXPECT_EQ(idle.socket.wait_for_end(), End::kFin);
  client.send(Pattern::at(400, 600));
  EXPECT_TRUE(client.read_produce(kPassedProduce));
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
}

TEST_F(ServerDrain, ARequestWhoseHeadIsNotWholeIsNeverForwarded) {
  TestClient client(proxy_.port(2));
  EXPECT_EQ(client.who(), 2);
  const std::string frame = request(kWho, 0, 7);
  client.send(frame.substr(0, 6));
  ASSERT_TRUE(wait_until(
      [&] { return proxy_.total(&WorkerMetrics::copied_bytes) >= 2 * frame.size() - 16; }));
  proxy_.server().drain_connections();
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(broker_.data_requests(), 1u);
}

TEST_F(ServerDrain, AnAnswerThatIsStreamingIsDeliveredWhole) {
  TestClient client(proxy_.port(2), "127.0.0.1", 64 << 10);
  client.send_fetch(kRewrittenFetch, 30 << 20);
  ASSERT_TRUE(wait_until([&] { return proxy_.in_flight() == 1; }));
  TestClient idle(proxy_.port(1));
  EXPECT_EQ(idle.who(), 1);
  proxy_.server().drain_connections();
  EXPECT_EQ(idle.socket.wait_for_end(), End::kFin);
  EXPECT_TRUE(client.read_fetch(kRewrittenFetch, 30 << 20));
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
}

TEST_F(ServerDrain, WhatIsStillBusyAtTheDeadlineIsCut) {
  broker_.hold_answers();
  TestClient busy(proxy_.port(2));
  busy.send_who();
  ASSERT_TRUE(wait_until([&] { return proxy_.in_flight() == 1; }));
  proxy_.server().drain_connections();
  proxy_.server().cut_connections();
  EXPECT_NE(busy.socket.wait_for_end(), End::kTimeout);
  EXPECT_TRUE(wait_until([&] { return proxy_.server().drained(); }));
  EXPECT_EQ(proxy_.refusals(Refusal::kDrainDeadline), 1u);
  EXPECT_EQ(proxy_.in_flight(), 0u);
}

// While the server lives: its counters are still there to be read.
TEST_F(ServerDrain, TheDrainOfAProcessCutsAtItsDeadlineAndSaysSo) {
  broker_.hold_answers();
  TestClient busy(proxy_.port(2));
  busy.send_who();
  TestClient idle(proxy_.port(1));
  EXPECT_EQ(idle.who(), 1);
  ASSERT_TRUE(wait_until([&] { return proxy_.in_flight() == 1; }));
  int64_t waited_us = 0;
  drain(proxy_.server(), false, [&](int64_t timeout_us) {
    // Time is over as soon as only the busy one is left.
    waited_us += timeout_us;
    idle.socket.close();
    return wait_until([&] { return proxy_.server().connections() <= 1; });
  });
  EXPECT_GE(waited_us, int64_t{proxy_.server().settings().drain_timeout_ms} * 1000);
  EXPECT_TRUE(proxy_.logged("drain_deadline", "connections=1"));
  EXPECT_TRUE(wait_until([&] { return proxy_.server().drained(); }));
  EXPECT_EQ(proxy_.refusals(Refusal::kDrainDeadline), 1u);
  EXPECT_NE(busy.socket.wait_for_end(), End::kTimeout);
}

}  // namespace
}  // namespace portway::proxy
