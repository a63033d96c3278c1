// Which broker a port leads to, and what clients are told of the others.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "kafka/metadata.h"
#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

constexpr uint32_t kOften = 20;         // a refresh, in milliseconds
constexpr uint32_t kNever = 3'600'000;  // in a test

class ServerTopology : public testing::Test {
 protected:
  // Whom new connections to a broker's port reach, once that is as it should be.
  static bool wait_who(const ProxyUnderTest& proxy, int32_t broker_id, int32_t expected) {
    return wait_until([&] { return TestClient(proxy.port(broker_id)).who() == expected; });
  }

  static std::vector<Member> without(std::vector<Member> members, int32_t id) {
    std::erase_if(members, [id](const Member& member) { return member.id == id; });
    return members;
  }

  FakeCluster cluster_{{1, 2}};
  plan::Spec spec_ = make_spec(cluster_, {1, 2, 3});
};

TEST_F(ServerTopology, IsKnownBeforeReadinessSaysSo) {
  cluster_.broker(1).hold_metadata(true);
  ProxyUnderTest proxy(spec_, false);
  ASSERT_TRUE(wait_until([&] { return cluster_.broker(1).connections() == 1; }));
  EXPECT_FALSE(proxy.status().ready);
  EXPECT_NE(proxy.status().not_ready_reason, "");
  TestClient early(proxy.port(2));
  early.send_who();
  EXPECT_EQ(early.socket.wait_for_end(), End::kFin);
  cluster_.broker(1).hold_metadata(false);
  EXPECT_TRUE(proxy.wait_known([](const ProxyStatus& status) { return status.ready; }));
  EXPECT_EQ(TestClient(proxy.port(2)).who(), 2);
}

TEST_F(ServerTopology, ABrokerThatTheClusterDoesNotNameIsRefusedUntilItJoins) {
  spec_.serve.topology_refresh_ms = kOften;
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(3));
  client.send_who();
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(proxy.refusals(Refusal::kUnknownBroker), 1u);
  EXPECT_TRUE(proxy.logged("broker_unknown", "broker=3"));
  cluster_.add(3);
  EXPECT_TRUE(wait_who(proxy, 3, 3));
}

TEST_F(ServerTopology, ABrokerWhoseNameDoesNotResolveIsNotTakenForUnknown) {
  const std::string name(300, 'n');  // too long for any: nobody outside is asked
  cluster_.name_members({cluster_.members().front(), {2, name, 9092}});
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  client.send_who();
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  EXPECT_TRUE(proxy.logged("broker_unreachable", "does not resolve"));
  EXPECT_EQ(proxy.refusals(Refusal::kDialFailed), 1u);
  EXPECT_EQ(proxy.refusals(Refusal::kUnknownBroker), 0u);
}

TEST_F(ServerTopology, ABrokerThatLeavesIsNotDialledAnyMore) {
  spec_.serve.topology_refresh_ms = kOften;
  ProxyUnderTest proxy(spec_);
  EXPECT_EQ(TestClient(proxy.port(2)).who(), 2);
  cluster_.name_members(without(cluster_.members(), 2));
  EXPECT_TRUE(wait_who(proxy, 2, -1));
  EXPECT_TRUE(proxy.wait_refusals(Refusal::kUnknownBroker));
  EXPECT_EQ(TestClient(proxy.port(1)).who(), 1);
}

TEST_F(ServerTopology, ABrokerThatMovesIsFoundAtItsNewAddress) {
  spec_.serve.topology_refresh_ms = kOften;
  ProxyUnderTest proxy(spec_);
  const HostPort old = cluster_.broker(2).address();
  cluster_.add(2);
  ASSERT_NE(cluster_.broker(2).address(), old);
  EXPECT_TRUE(wait_who(proxy, 2, 2));
  EXPECT_TRUE(proxy.logged("broker_learnt", "new address"));
}

TEST_F(ServerTopology, BrokersThatSwapAddressesAreToldApartByTheirIds) {
  spec_.serve.topology_refresh_ms = kOften;
  ProxyUnderTest proxy(spec_);
  const HostPort first = cluster_.broker(1).address();
  const HostPort second = cluster_.broker(2).address();
  cluster_.name_members({{1, second.host, second.port}, {2, first.host, first.port}});
  EXPECT_TRUE(wait_who(proxy, 1, 2));  // the fakes themselves stay who they are
  EXPECT_TRUE(wait_who(proxy, 2, 1));
}

TEST_F(ServerTopology, OpenConnectionsToTheWrongBrokerAreLetGo) {
  cluster_.add(3);
  spec_.serve.topology_refresh_ms = kOften;
  ProxyUnderTest proxy(spec_);
  TestClient idle(proxy.port(1));
  EXPECT_EQ(idle.who(), 1);
  TestClient busy(proxy.port(2));
  cluster_.broker(2).hold_answers();
  const int32_t asked = busy.send_who();
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(2).data_requests() == 1; }));
  TestClient right(proxy.port(3));
  EXPECT_EQ(right.who(), 3);

  const HostPort first = cluster_.broker(1).address();
  const HostPort second = cluster_.broker(2).address();
  const HostPort third = cluster_.broker(3).address();
  cluster_.name_members(
      {{1, second.host, second.port}, {2, first.host, first.port}, {3, third.host, third.port}});
  EXPECT_EQ(idle.socket.wait_for_end(), End::kFin);
  cluster_.broker(2).release_answers();
  EXPECT_EQ(busy.read_who(asked), 2) << "what it asked is still answered";
  EXPECT_EQ(busy.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(TestClient(proxy.port(1)).who(), 2);
  EXPECT_EQ(right.who(), 3);
}

TEST_F(ServerTopology, ABrokerThatIsMissingForAMomentKeepsItsConnections) {
  spec_.serve.topology_refresh_ms = kOften;
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  EXPECT_EQ(client.who(), 2);
  cluster_.name_members(without(cluster_.members(), 2));
  EXPECT_TRUE(proxy.logged("broker_left", "broker=2"));
  EXPECT_TRUE(wait_who(proxy, 2, -1));
  EXPECT_EQ(client.who(), 2);
}

TEST_F(ServerTopology, ADialOfTheWrongBrokerIsGivenUp) {
  spec_.serve.topology_refresh_ms = kOften;
  spec_.serve.dial_timeout_ms = 10 * kPatienceMs;
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).fall_silent();
  TestClient client(proxy.port(2));
  const int32_t asked = client.send_who();
  const auto dialled = [&] { return proxy.total(&WorkerMetrics::broker_dials) == 1; };
  EXPECT_TRUE(wait_until(dialled));
  const HostPort first = cluster_.broker(1).address();
  cluster_.name_members({{1, first.host, first.port}, {2, first.host, first.port}});
  EXPECT_EQ(client.read_who(asked), 1);
}

TEST_F(ServerTopology, WhatPassesByInAnswersIsLearntWithoutARefresh) {
  spec_.serve.topology_refresh_ms = kNever;
  ProxyUnderTest proxy(spec_);
  cluster_.add(3);
  TestClient client(proxy.port(1));
  EXPECT_TRUE(client.ask(kafka::kMetadata, 12));
  EXPECT_TRUE(wait_who(proxy, 3, 3));
  const uint32_t asked = cluster_.broker(1).connections();
  cluster_.add(3);  // it moved
  EXPECT_EQ(asked, 2u) << "it was asked, after all";
  EXPECT_TRUE(client.fetch(kRewrittenFetch, 100));  // and that has brokers asked again
  EXPECT_TRUE(wait_who(proxy, 3, 3));
}

TEST_F(ServerTopology, ADialThatFailsHasTheTopologyAskedAgain) {
  spec_.serve.topology_refresh_ms = kNever;
  ProxyUnderTest proxy(spec_);
  cluster_.add(2);
  EXPECT_TRUE(wait_who(proxy, 2, 2));
}

TEST_F(ServerTopology, WhenNoBrokerTellsAnythingWhatIsKnownStays) {
  spec_.serve.topology_refresh_ms = kOften;
  ProxyUnderTest proxy(spec_);
  cluster_.broker(1).go_down();
  const auto failing = [](const ProxyStatus& status) { return !status.topology_error.empty(); };
  // Broker 2 is known and asked in its place; without it there is nobody left.
  cluster_.broker(2).hold_metadata(true);
  spec_.serve.dial_timeout_ms = 100;
  EXPECT_EQ(TestClient(proxy.port(2)).who(), 2);
  cluster_.broker(2).hold_metadata(false);
  cluster_.broker(2).go_down();
  EXPECT_TRUE(proxy.wait_known(failing));
  EXPECT_TRUE(proxy.status().ready);
  cluster_.broker(2).come_up();
  EXPECT_EQ(TestClient(proxy.port(2)).who(), 2);
  EXPECT_TRUE(proxy.wait_known([](const auto& status) { return status.topology_error.empty(); }));
}

TEST_F(ServerTopology, NoAnswerOfAnyKindNamesAnInsideAddress) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  for (int16_t version = 0; version <= 12; ++version) {
    const auto answer = client.ask(kafka::kMetadata, version);
    ASSERT_TRUE(answer) << "version " << version;
    EXPECT_TRUE(names_no_inside_host(*answer)) << "version " << version;
    const auto brokers = kafka::metadata_brokers("skip" + *answer, version);
    ASSERT_TRUE(brokers) << brokers.error().message;
    ASSERT_EQ(brokers->size(), 2u);
    for (const kafka::BrokerEntry& broker : *brokers) {
      const std::string host = "b" + std::to_string(broker.broker_id) + ".edge.test";
      EXPECT_EQ(broker.address, (HostPort{host, proxy.port(broker.broker_id)}));
    }
  }
  EXPECT_TRUE(client.fetch(kRewrittenFetch, 1000));  // looks for itself
  EXPECT_TRUE(client.produce(kRewrittenProduce, 1000));
  EXPECT_GE(proxy.total(&WorkerMetrics::responses_rewritten), 15u);
}

TEST_F(ServerTopology, ABrokerWithoutAPlaceInThePlanIsLeftOutAndOnlyItSuffers) {
  cluster_.add(9);
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  const auto answer = client.ask(kafka::kMetadata, 12);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(names_no_inside_host(*answer));
  EXPECT_NE(answer->find("b2.edge.test"), std::string::npos);
  EXPECT_EQ(answer->find("b9."), std::string::npos);
  EXPECT_TRUE(client.fetch(kRewrittenFetch, 1000));
  EXPECT_TRUE(client.fetch(kRewrittenFetch, 1'000'000));
  EXPECT_TRUE(client.produce(kRewrittenProduce, 1000));
  EXPECT_EQ(proxy.total(&WorkerMetrics::brokers_left_out), 4u);

  const ListenerStatus listener = proxy.status().external_listeners.at(0);
  EXPECT_EQ(listener.brokers_without_place, std::vector<int32_t>{9});
  EXPECT_NE(listener.widen_hint, "");
  EXPECT_TRUE(proxy.status().ready);
  EXPECT_TRUE(proxy.logged("broker_without_place", "broker=9"));
  EXPECT_TRUE(proxy.logged("broker_without_place", "do="));
}

// Portway has no credentials: the topology is learnt on a connection that its client authenticated.
TEST_F(ServerTopology, BehindSaslABrokerIsLearntFromAClientsConnection) {
  for (const int32_t id : {1, 2}) cluster_.broker(id).demand_sasl(true);
  ProxyUnderTest proxy(spec_);
  EXPECT_EQ(proxy.status().topology, TopologyState::kNeedsAuthentication);
  const auto authenticate = [](TestClient& client) {
    return client.ask(kafka::kApiVersions, 3) && client.ask(kafka::kSaslHandshake, 1) &&
           client.ask(kafka::kSaslAuthenticate, 1);
  };
  TestClient first(proxy.port(2));
  ASSERT_TRUE(authenticate(first));
  first.send_who();
  size_t bytes = 0;
  EXPECT_EQ(first.socket.wait_for_end(&bytes), End::kFin);
  EXPECT_EQ(bytes, 0u);
  EXPECT_EQ(proxy.total(&WorkerMetrics::topology_lessons), 1u);
  EXPECT_EQ(cluster_.broker(1).data_requests(), 0u) << "the request went to the wrong broker";

  ASSERT_TRUE(wait_until([&] {
    TestClient next(proxy.port(2));
    return authenticate(next) && next.who() == 2;
  }));
  TestClient other(proxy.port(1));
  EXPECT_TRUE(authenticate(other));
  EXPECT_EQ(other.who(), 1);
}

TEST_F(ServerTopology, BehindSaslABrokerThatMovedIsFoundAgain) {
  for (const int32_t id : {1, 2}) cluster_.broker(id).demand_sasl(true);
  ProxyUnderTest proxy(spec_);
  const auto reached = [&] {
    TestClient client(proxy.port(2));
    return client.ask(kafka::kSaslHandshake, 1) && client.ask(kafka::kSaslAuthenticate, 1) &&
           client.who() == 2;
  };
  ASSERT_TRUE(wait_until(reached));
  const HostPort old = cluster_.broker(2).address();
  cluster_.broker(2).go_down();
  cluster_.add(2).demand_sasl(true);
  ASSERT_NE(cluster_.broker(2).address(), old);
  EXPECT_TRUE(wait_until(reached));
}

TEST_F(ServerTopology, StoppingUnderLoadBreaksNothing) {
  spec_.serve.topology_refresh_ms = kOften;
  spec_.serve.workers = 2;
  auto proxy = std::make_unique<ProxyUnderTest>(spec_);
  std::atomic<uint32_t> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, port = proxy->port(1 + i % 2)] {
      TestClient client(port);
      while (client.ask(kafka::kMetadata, 12)) ++answered;
    });
  }
  // Broker 3 never stays where it is: workers never stop telling the keeper.
  std::atomic<bool> moving{true};
  std::thread mover([&, members = cluster_.members()]() mutable {
    members.push_back({3, "127.0.1.99", 0});
    for (members.back().port = 1; moving; ++members.back().port) cluster_.name_members(members);
  });
  EXPECT_TRUE(wait_until([&] { return answered > 200; }));
  proxy.reset();
  for (std::thread& client : clients) client.join();
  moving = false;
  mover.join();
}

TEST_F(ServerTopology, StoppingDoesNotWaitForABrokerThatDoesNotAnswer) {
  cluster_.broker(1).hold_metadata(true);
  spec_.serve.dial_timeout_ms = 10 * kPatienceMs;
  auto proxy = std::make_unique<ProxyUnderTest>(spec_, false);
  ASSERT_TRUE(wait_until([&] { return cluster_.broker(1).connections() == 1; }));
  proxy.reset();  // or the test's own time runs out
}

}  // namespace
}  // namespace portway::proxy
