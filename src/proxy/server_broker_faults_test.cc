// Brokers that are down, slow or wrong: their clients learn it quickly, everybody else goes on.

#include <gtest/gtest.h>

#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

class ServerBrokerFaults : public testing::Test {
 protected:
  FakeCluster cluster_{{1, 2}};
  plan::Spec spec_ = make_spec(cluster_, {1, 2});
};

TEST_F(ServerBrokerFaults, ABrokerThatIsDownCostsOnlyItsOwnClients) {
  ProxyUnderTest proxy(spec_);
  TestClient other(proxy.port(1));
  EXPECT_EQ(other.who(), 1);
  cluster_.broker(2).go_down();
  TestClient client(proxy.port(2));
  client.send_who();
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(proxy.refusals(Refusal::kDialFailed), 1u);
  EXPECT_EQ(proxy.total(&WorkerMetrics::broker_dials_failed), 1u);
  EXPECT_TRUE(proxy.logged("broker_unreachable", "broker=2"));
  EXPECT_EQ(other.who(), 1);
  cluster_.broker(2).come_up();
  EXPECT_EQ(TestClient(proxy.port(2)).who(), 2);
}

TEST_F(ServerBrokerFaults, ASlowBrokerHoldsBackOnlyItsOwnClients) {
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).hold_answers();
  TestClient slow(proxy.port(2));
  const int32_t id = slow.send_who();
  ASSERT_TRUE(wait_until([&] { return cluster_.broker(2).data_requests() == 1; }));
  TestClient other(proxy.port(1));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(other.who(), 1);
  EXPECT_EQ(proxy.in_flight(), 1u);
  cluster_.broker(2).release_answers();
  EXPECT_EQ(slow.read_who(id), 2);
}

TEST_F(ServerBrokerFaults, WhatABrokerSentBeforeItClosedReachesTheClientAndThenFin) {
  ProxyUnderTest proxy(spec_);
  for (const int16_t version : {kPassedFetch, kRewrittenFetch}) {
    for (const uint32_t after : {3u, 60'000u, 1'500'000u}) {
      cluster_.broker(2).cut_answers(after, End::kFin);
      TestClient client(proxy.port(2));
      client.send_fetch(version, 2'000'000);
      size_t bytes = 0;
      EXPECT_EQ(client.socket.wait_for_end(&bytes), End::kFin);
      // A size field that is not whole tells a client nothing and stays.
      EXPECT_EQ(bytes, after < 8 ? 0 : after) << "version " << version;
    }
  }
}

TEST_F(ServerBrokerFaults, ABrokersResetEndsTheConnection) {
  ProxyUnderTest proxy(spec_);
  for (const size_t after : {size_t{20}, size_t{1'000'000}}) {
    cluster_.broker(2).cut_answers(after, End::kReset);
    TestClient client(proxy.port(2));
    client.send_fetch(kPassedFetch, 2'000'000);
    EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
  }
  EXPECT_TRUE(proxy.wait_connections(0));
}

TEST_F(ServerBrokerFaults, ABrokersResetWhileNothingIsAskedEndsTheConnection) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  EXPECT_EQ(client.who(), 2);
  cluster_.broker(2).reset_connections();
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  client.socket.close();
  EXPECT_TRUE(proxy.wait_connections(0));
  EXPECT_EQ(TestClient(proxy.port(2)).who(), 2);
}

TEST_F(ServerBrokerFaults, AnAnswerToSomethingElseIsNeverPassedOn) {
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).shift_correlation_ids(true);
  TestClient client(proxy.port(2));
  client.send_who();
  size_t bytes = 0;
  EXPECT_NE(client.socket.wait_for_end(&bytes), End::kTimeout);
  EXPECT_EQ(bytes, 0u);
  EXPECT_EQ(proxy.refusals(Refusal::kMalformedResponse), 1u);
  EXPECT_TRUE(proxy.logged("broker_misbehaved", "correlation id 2"));
}

TEST_F(ServerBrokerFaults, GarbageFromABrokerIsNeverPassedOn) {
  ProxyUnderTest proxy(spec_);
  const std::string garbage[] = {
      std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string(8, '\xff'),  // a negative size
      std::string(8, '\0'),  // no room for a correlation id
  };
  for (const std::string& bytes : garbage) {
    cluster_.broker(2).answer_with(bytes);
    TestClient client(proxy.port(2));
    client.send_who();
    size_t got = 0;
    EXPECT_NE(client.socket.wait_for_end(&got), End::kTimeout);
    EXPECT_EQ(got, 0u);
  }
  EXPECT_EQ(
      proxy.refusals(Refusal::kMalformedResponse) + proxy.refusals(Refusal::kResponseTooLarge), 3u);
  EXPECT_TRUE(proxy.logged("broker_misbehaved", "broker=2"));
}

TEST_F(ServerBrokerFaults, ARewrittenAnswerWhoseLengthsLieEndsTheConnection) {
  ProxyUnderTest proxy(spec_);
  FetchAnswer answer = fetch_answer(kRewrittenFetch, 1, 100, cluster_.members());
  answer.head[answer.head.size() - 1] = '\x7f';  // the records' length
  cluster_.broker(2).answer_with(answer.head + std::string(100, 'r') + answer.tail);
  TestClient client(proxy.port(2));
  client.send_fetch(kRewrittenFetch, 100);
  size_t bytes = 0;
  EXPECT_NE(client.socket.wait_for_end(&bytes), End::kTimeout);
  EXPECT_EQ(bytes, 0u);
  EXPECT_EQ(proxy.refusals(Refusal::kMalformedResponse), 1u);
}

// More is held back of a tail than there is room for: nobody's fault, and the end all the same.
TEST_F(ServerBrokerFaults, AnAnswerThatPortwayCannotHoldEndsTheConnection) {
  ProxyUnderTest proxy(spec_);
  const uint32_t tail_bytes = 20 << 20;
  std::string head = fetch_answer(kRewrittenFetch, 1, 0, {}).head;
  std::string size = framed("").substr(0, 0);
  const uint32_t frame_bytes = static_cast<uint32_t>(head.size()) - 4 + tail_bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    size.push_back(static_cast<char>(frame_bytes >> shift));
  }
  cluster_.broker(2).answer_with(head.replace(0, 4, size) + std::string(tail_bytes, '\0'));
  TestClient client(proxy.port(2));
  client.send_fetch(kRewrittenFetch, 0);
  EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
  EXPECT_EQ(proxy.refusals(Refusal::kResponseTooLarge), 1u);
  EXPECT_TRUE(proxy.wait_connections(0));
}

TEST_F(ServerBrokerFaults, ABrokerThatSendsUnaskedIsLetGo) {
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).answer_with(who_answer(1, 2) + who_answer(2, 2));
  TestClient client(proxy.port(2));
  client.send_who();
  EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
  EXPECT_EQ(proxy.refusals(Refusal::kMalformedResponse), 1u);
}

}  // namespace
}  // namespace portway::proxy
