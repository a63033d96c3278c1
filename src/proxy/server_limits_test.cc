// Limits of a running proxy: each refuses or holds back what it should, and its metric says so.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kafka/writer.h"
#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

class ServerLimits : public testing::Test {
 protected:
  FakeCluster cluster_{{1, 2}};
  plan::Spec spec_ = make_spec(cluster_, {1, 2});
};

TEST_F(ServerLimits, ARequestOfTheLargestSizePassesAndOneByteMoreIsRefused) {
  spec_.serve.request_bytes_max = 4096;
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  const auto head_bytes = produce_head(kPassedProduce, 1, 1, 0).size() - 4;
  EXPECT_TRUE(client.produce(kPassedProduce, static_cast<uint32_t>(4096 - head_bytes)));
  client.send_produce(kPassedProduce, static_cast<uint32_t>(4097 - head_bytes));
  EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
  EXPECT_EQ(proxy.refusals(Refusal::kRequestTooLarge), 1u);
  EXPECT_EQ(cluster_.broker(2).data_requests(), 1u);
  EXPECT_TRUE(proxy.logged("client_refused", "request_bytes_max"));
}

TEST_F(ServerLimits, AnswersToWhatCameBeforeARefusedRequestStillArrive) {
  spec_.serve.request_bytes_max = 4096;
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).hold_answers();
  TestClient client(proxy.port(2));
  const int32_t id = client.send_who();
  // What is refused is far more than sockets hold, and is still being sent when the answer comes.
  EXPECT_TRUE(client.send(produce_head(kPassedProduce, 99, 1, 64 << 20)));
  for (int i = 0; i < 32; ++i) client.send(pattern_text(Pattern::kPeriod));
  ASSERT_TRUE(proxy.wait_refusals(Refusal::kRequestTooLarge));
  cluster_.broker(2).release_answers();
  EXPECT_EQ(client.read_who(id), 2);
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
}

TEST_F(ServerLimits, AResponseBeyondTheLimitNeverReachesTheClientAsIfItWereWhole) {
  spec_.serve.response_bytes_max = 10'000;
  ProxyUnderTest proxy(spec_);
  for (const int16_t version : {kPassedFetch, kRewrittenFetch}) {
    TestClient client(proxy.port(2));
    EXPECT_TRUE(client.fetch(version, 9'000));
    EXPECT_FALSE(client.fetch(version, 10'000));
    EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
  }
  EXPECT_EQ(proxy.refusals(Refusal::kResponseTooLarge), 2u);
  EXPECT_TRUE(proxy.logged("broker_misbehaved", "response_bytes_max"));
}

TEST_F(ServerLimits, RequestsBeyondTheLimitInFlightWaitAndAreAllAnsweredInOrder) {
  constexpr int kRequests = 5000;
  spec_.serve.requests_in_flight_max = 8;
  ProxyUnderTest proxy(spec_);
  FakeBroker& broker = cluster_.broker(2);
  broker.hold_answers();
  TestClient client(proxy.port(2));
  std::string all;
  for (int i = 0; i < kRequests; ++i) all += request(kWho, 0, i);
  ASSERT_TRUE(client.send(all));
  ASSERT_TRUE(wait_until([&] { return proxy.in_flight() == 8; }));
  broker.allow_answers(20);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(client.read_who(i), 2);
  ASSERT_TRUE(wait_until([&] { return proxy.requests(kWho) == 28; }));
  EXPECT_EQ(proxy.in_flight(), 8u);
  EXPECT_GT(proxy.total(&WorkerMetrics::back_pressure_pauses), 0u);
  broker.release_answers();
  for (int i = 20; i < kRequests; ++i) ASSERT_EQ(client.read_who(i), 2) << i;
  EXPECT_EQ(broker.data_requests(), static_cast<uint32_t>(kRequests));
}

TEST_F(ServerLimits, ConnectionsBeyondTheProcessesLimitAreRefusedUntilOneEnds) {
  spec_.serve.connections_max = 3;
  ProxyUnderTest proxy(spec_);
  std::vector<TestClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(proxy.port(1 + i % 2));
    EXPECT_EQ(clients.back().who(), 1 + i % 2);
  }
  TestClient refused(proxy.port(1));
  EXPECT_NE(refused.socket.wait_for_end(), End::kTimeout);
  EXPECT_EQ(proxy.refusals(Refusal::kConnectionsMax), 1u);
  clients.pop_back();
  ASSERT_TRUE(proxy.wait_connections(2));
  EXPECT_EQ(TestClient(proxy.port(1)).who(), 1);
}

TEST_F(ServerLimits, WorkersThatAcceptAtTheSameTimeLetInNoneTooMany) {
  spec_.serve.connections_max = 5;
  spec_.serve.workers = 4;
  ProxyUnderTest proxy(spec_);
  std::vector<TestClient> clients;
  for (int i = 0; i < 40; ++i) clients.emplace_back(proxy.port(1 + i % 2));
  int served = 0;
  for (TestClient& client : clients) served += client.who() > 0;
  EXPECT_LE(served, 5);
  EXPECT_GT(served, 0);
  EXPECT_EQ(proxy.refusals(Refusal::kConnectionsMax), static_cast<uint64_t>(40 - served));
}

TEST_F(ServerLimits, AnExternalListenersOwnLimitDoesNotTouchTheOthers) {
  spec_.external_listeners[0].connections_max = 1;
  spec_.external_listeners.push_back(listener_spec("OTHER", {1, 2}));
  ProxyUnderTest proxy(spec_);
  TestClient first(proxy.port(1));
  EXPECT_EQ(first.who(), 1);
  TestClient refused(proxy.port(2));
  EXPECT_NE(refused.socket.wait_for_end(), End::kTimeout);
  EXPECT_TRUE(proxy.wait_refusals(Refusal::kListenerConnectionsMax));
  TestClient other(proxy.port(2, 1));
  EXPECT_EQ(other.who(), 2);
  EXPECT_TRUE(proxy.logged("connection_refused", "external_listener=EXTERNAL"));
}

TEST_F(ServerLimits, AClientThatSendsNothingIsClosedAndCostsTheBrokerNothing) {
  spec_.serve.first_byte_timeout_ms = 50;
  ProxyUnderTest proxy(spec_);
  TestClient silent(proxy.port(2));
  EXPECT_NE(silent.socket.wait_for_end(), End::kTimeout);
  EXPECT_EQ(proxy.refusals(Refusal::kFirstByteTimeout), 1u);
  EXPECT_EQ(cluster_.broker(2).connections(), 0u);
  EXPECT_EQ(proxy.total(&WorkerMetrics::broker_dials), 0u);
}

TEST_F(ServerLimits, TheBrokerIsDialledAtTheFirstByte) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  ASSERT_TRUE(proxy.wait_connections(1));
  EXPECT_EQ(cluster_.broker(2).connections(), 0u);
  client.send(ByteView("\0", 1));
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(2).connections() == 1; }));
}

TEST_F(ServerLimits, AConnectionThatFallsSilentIsClosed) {
  spec_.serve.idle_timeout_ms = 100;
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  EXPECT_EQ(client.who(), 2);
  EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
  EXPECT_EQ(proxy.refusals(Refusal::kIdleTimeout), 1u);
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(2).connections_open() == 0; }));
}

TEST_F(ServerLimits, ABrokerThatDoesNotAnswerTheDialIsGivenUpInTime) {
  spec_.serve.dial_timeout_ms = 100;
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).fall_silent();
  TestClient client(proxy.port(2));
  client.send_who();
  EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
  EXPECT_EQ(proxy.refusals(Refusal::kDialTimeout), 1u);
  EXPECT_EQ(proxy.total(&WorkerMetrics::broker_dials_failed), 1u);
  EXPECT_TRUE(proxy.logged("broker_unreachable", "no answer in time"));
  EXPECT_EQ(TestClient(proxy.port(1)).who(), 1);
}

}  // namespace
}  // namespace portway::proxy
