// A port plan that follows the topology, as kafka-proxy's sequential ports do.

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/log.h"
#include "kafka/metadata.h"
#include "net/linux_system.h"
#include "proxy/server.h"
#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

// Every known broker gets the port that stands for its id in `ports`.
ServerInput dynamic_input(FakeCluster& cluster, const std::map<int32_t, uint16_t>& ports) {
  ServerInput input;
  input.spec = make_spec(cluster, {});
  input.plan = [ports](const std::map<int32_t, HostPort>& brokers) {
    plan::PortPlan plan;
    plan.external_listeners.push_back({"EXTERNAL", {}, 0, "no hint"});
    for (const auto& [id, address] : brokers) {
      plan.external_listeners[0].advertised[id] = {"edge.test", ports.at(id)};
      plan.ports.push_back({0, "127.0.0.1", ports.at(id), plan::Target::kBroker, id, {}});
    }
    return plan;
  };
  return input;
}

TEST(ServerDynamicPlan, OnlyTheBrokerWhosePortIsTakenSuffers) {
  FakeCluster cluster({1, 2});
  const Socket taken = Socket::listen("127.0.0.1", 0, 8, false);
  const uint16_t free = free_port();
  auto server = Server::start(dynamic_input(cluster, {{1, taken.local_port()}, {2, free}}),
                              net::make_linux_system);
  ASSERT_TRUE(server.has_value()) << server.error().message;

  const std::string port = std::to_string(taken.local_port());
  // Workers hear of the brokers last, after the plan.
  ASSERT_TRUE(wait_until([&] {
    const std::string reason = (*server)->status().not_ready_reason;
    return reason.find("port " + port) != std::string::npos;
  }));
  const ProxyStatus status = (*server)->status();
  EXPECT_EQ(status.external_listeners[0].ports[0].broker_id, 2);
  EXPECT_TRUE(status.external_listeners[0].ports[0].bound);
  EXPECT_EQ(status.external_listeners[0].ports[1].broker_id, 1);
  EXPECT_FALSE(status.external_listeners[0].ports[1].bound);
  EXPECT_FALSE(status.ready);
  EXPECT_NE(status.not_ready_reason.find(port), std::string::npos);
  EXPECT_EQ(status.external_listeners[0].brokers_without_place, std::vector<int32_t>{1});
}

TEST(ServerDynamicPlan, APortThatIsFreeAgainIsOpenedAtTheNextRefresh) {
  FakeCluster cluster({1, 2});
  Socket taken = Socket::listen("127.0.0.1", 0, 8, false);
  const uint16_t port = taken.local_port();
  ServerInput input = dynamic_input(cluster, {{1, free_port()}, {2, port}});
  input.spec.serve.topology_refresh_ms = 20;
  auto server = Server::start(std::move(input), net::make_linux_system);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  const auto bound = [&](size_t brokers) {
    const auto ports = (*server)->status().external_listeners[0].ports;
    return ports.size() == 2 && static_cast<size_t>(ports[0].bound) + ports[1].bound == brokers;
  };
  ASSERT_TRUE(wait_until([&] { return bound(1); }));
  const uint64_t generation = (*server)->status().configuration_generation;
  const uint32_t asked = cluster.broker(1).connections();
  EXPECT_TRUE(wait_until([&] { return cluster.broker(1).connections() > asked + 3; }));
  EXPECT_EQ((*server)->status().configuration_generation, generation) << "nothing changed";
  taken.close();
  EXPECT_TRUE(wait_until([&] { return bound(2); }));
  EXPECT_TRUE((*server)->status().ready);
  EXPECT_EQ(TestClient(port).who(), 2);
}

// Brokers get their places before workers know of them: no answer leaves out one that has a place.
TEST(ServerDynamicPlan, IsInForceBeforeItsBrokersAreKnown) {
  FakeCluster cluster({1});
  std::mutex mutex;
  std::condition_variable changed;
  bool planning = false;
  bool may_plan = false;
  ServerInput input = dynamic_input(cluster, {{1, free_port()}});
  input.plan = [&, plan = input.plan](const std::map<int32_t, HostPort>& brokers) {
    std::unique_lock lock(mutex);
    planning = !brokers.empty();
    changed.notify_all();
    changed.wait(lock, [&] { return !planning || may_plan; });
    return plan(brokers);
  };
  auto server = Server::start(std::move(input), net::make_linux_system);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return planning; });
  }
  constexpr int kMomentMs = 200;
  EXPECT_FALSE(wait_until([&] { return (*server)->status().ready; }, kMomentMs));
  {
    const std::lock_guard lock(mutex);
    may_plan = true;
  }
  changed.notify_all();
  EXPECT_TRUE(wait_until([&] { return (*server)->status().ready; }));
}

// Portway has no credentials, and nobody told it of any broker: the first Metadata through it names
// those whose addresses the plan knows.
TEST(ServerDynamicPlan, WhatIsKnownByAddressIsToldBeforeTheTopologyIsKnown) {
  FakeCluster cluster({1, 2});
  for (const int32_t id : {1, 2}) cluster.broker(id).demand_sasl(true);
  const HostPort inside = cluster.broker(1).address();
  const uint16_t port = free_port();
  std::atomic<int> logged{0};
  capture_log([&logged](std::string_view line) {
    if (line.find("broker_without_place") != std::string_view::npos) ++logged;
  });
  ServerInput input;
  input.spec = make_spec(cluster, {});
  input.plan = [&](const std::map<int32_t, HostPort>& brokers) {
    plan::PortPlan plan;
    plan.external_listeners.push_back({"EXTERNAL", {}, 0, "no hint"});
    plan.external_listeners[0].advertised_by_address[inside] = {"edge.test", port};
    for (const auto& [id, address] : brokers) {
      plan.external_listeners[0].advertised[id] = {"edge.test", port};
    }
    plan.ports.push_back({0, "127.0.0.1", port, plan::Target::kAddress, -1, inside});
    return plan;
  };
  auto server = Server::start(std::move(input), net::make_linux_system);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  ASSERT_TRUE(wait_until([&] { return (*server)->status().ready; }));
  TestClient client(port);
  ASSERT_TRUE(client.ask(kafka::kSaslHandshake, 1) && client.ask(kafka::kSaslAuthenticate, 1));
  const auto answer = client.ask(kafka::kMetadata, 12);
  ASSERT_TRUE(answer);
  const auto brokers = kafka::metadata_brokers("skip" + *answer, 12);
  ASSERT_TRUE(brokers) << brokers.error().message;
  ASSERT_EQ(brokers->size(), 1u) << "the other broker has no place yet";
  EXPECT_EQ(brokers->front().broker_id, 1);
  EXPECT_EQ(brokers->front().address, (HostPort{"edge.test", port}));
  server->reset();
  capture_log(nullptr);
  EXPECT_EQ(logged, 0) << "the plan was about to give it one";
}

// A bootstrap port whose known brokers are all gone falls back on cluster.bootstrap.
TEST(ServerDynamicPlan, ABootstrapPortTriesTheBootstrapBrokersToo) {
  FakeCluster cluster({1, 2});
  const Member second = cluster.members().back();
  cluster.name_members({second});
  const uint16_t port = free_port();
  ServerInput input;
  input.spec = make_spec(cluster, {});
  input.spec.serve.topology_refresh_ms = 3'600'000;
  input.plan = [port](const std::map<int32_t, HostPort>&) {
    plan::PortPlan plan;
    plan.external_listeners.push_back({"EXTERNAL", {{2, {"edge.test", port}}}, 0, "no hint"});
    plan.ports.push_back({0, "127.0.0.1", port, plan::Target::kAnyBroker, -1, {}});
    return plan;
  };
  auto server = Server::start(std::move(input), net::make_linux_system);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  ASSERT_TRUE(wait_until([&] { return (*server)->status().ready; }));
  EXPECT_EQ(TestClient(port).who(), 2);
  cluster.broker(2).go_down();
  EXPECT_EQ(TestClient(port).who(), 1);
}

}  // namespace
}  // namespace portway::proxy
