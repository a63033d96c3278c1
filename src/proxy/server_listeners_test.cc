// Several external listeners, several workers, both families of addresses.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

TEST(ServerListeners, EachExternalListenerTellsItsOwnAddresses) {
  FakeCluster cluster({1, 2});
  plan::Spec spec = make_spec(cluster, {1, 2});
  spec.external_listeners.push_back(listener_spec("SECOND", {1, 2}));
  spec.external_listeners[1].advertise = "second-{id}.test";
  spec.external_listeners.push_back(listener_spec("THIRD", {2}));
  spec.external_listeners[2].advertise = "all.third.test";
  ProxyUnderTest proxy(spec);
  const std::string names[] = {"b2.edge.test", "second-2.test", "all.third.test"};
  for (size_t i = 0; i < 3; ++i) {
    TestClient client(proxy.port(2, i));
    const auto answer = client.ask(kafka::kMetadata, 9);
    ASSERT_TRUE(answer);
    for (size_t other = 0; other < 3; ++other) {
      EXPECT_EQ(answer->find(names[other]) != std::string::npos, other == i) << i << other;
    }
    EXPECT_TRUE(names_no_inside_host(*answer));
    EXPECT_EQ(client.who(), 2);
  }
  EXPECT_EQ(proxy.status().external_listeners.size(), 3u);
}

TEST(ServerListeners, ABootstrapPortLeadsToAnyLiveBroker) {
  FakeCluster cluster({1, 2, 3});
  plan::Spec spec = make_spec(cluster, {1, 2, 3});
  spec.external_listeners[0].bootstrap_port = free_port();
  ProxyUnderTest proxy(spec);
  std::set<int32_t> met;
  for (int i = 0; i < 6; ++i) {
    met.insert(TestClient(*spec.external_listeners[0].bootstrap_port).who());
  }
  EXPECT_EQ(met, (std::set<int32_t>{1, 2, 3}));
  cluster.broker(1).go_down();
  cluster.broker(3).go_down();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(TestClient(*spec.external_listeners[0].bootstrap_port).who(), 2);
  }
}

TEST(ServerListeners, NewConnectionsGoToTheLeastLoadedWorker) {
  FakeCluster cluster({1, 2});
  plan::Spec spec = make_spec(cluster, {1, 2});
  spec.serve.workers = 2;
  ProxyUnderTest proxy(spec);
  std::vector<TestClient> clients;
  for (int i = 0; i < 40; ++i) {
    clients.emplace_back(proxy.port(1 + i % 2));
    ASSERT_EQ(clients.back().who(), 1 + i % 2);
  }
  const auto loads = proxy.status().connections_by_worker;
  ASSERT_EQ(loads.size(), 2u);
  EXPECT_EQ(loads[0] + loads[1], 40u);
  EXPECT_LE(std::max(loads[0], loads[1]) - std::min(loads[0], loads[1]), 2u);
  clients.clear();
  EXPECT_TRUE(proxy.wait_connections(0));
}

TEST(ServerListeners, ManyClientsAtOnceOverSeveralWorkers) {
  FakeCluster cluster({1, 2});
  plan::Spec spec = make_spec(cluster, {1, 2});
  spec.serve.workers = 2;
  ProxyUnderTest proxy(spec);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&proxy, &right, broker = 1 + i % 2] {
      for (int n = 0; n < 10; ++n) {
        TestClient client(proxy.port(broker));
        right += client.who() == broker && client.fetch(kRewrittenFetch, 100'000) &&
                 client.produce(kRewrittenProduce, 100'000);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 80);
}

TEST(ServerListeners, IPv6OnBothSides) {
  FakeCluster cluster({1, 2}, "::1");
  plan::Spec spec = make_spec(cluster, {});
  spec.external_listeners = {listener_spec("EXTERNAL", {1, 2}, "::1")};
  spec.serve.listen = {"::1"};
  ProxyUnderTest proxy(spec);
  TestClient client(proxy.port(2), "::1");
  EXPECT_EQ(client.who(), 2);
  EXPECT_TRUE(client.fetch(kRewrittenFetch, 100'000));
  const auto answer = client.ask(kafka::kMetadata, 12);
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->find("b1.edge.test"), std::string::npos);
  EXPECT_EQ(answer->find("::1"), std::string::npos);
}

TEST(ServerListeners, APortIsBoundOnEveryAddressOfTheList) {
  FakeCluster cluster({1});
  plan::Spec spec = make_spec(cluster, {1});
  spec.serve.listen = {"127.0.0.1", "127.0.0.2"};
  ProxyUnderTest proxy(spec);
  EXPECT_EQ(TestClient(proxy.port(1), "127.0.0.1").who(), 1);
  EXPECT_EQ(TestClient(proxy.port(1), "127.0.0.2").who(), 1);
  EXPECT_FALSE(TestClient(proxy.port(1), "127.0.0.3").socket.open());
}

}  // namespace
}  // namespace portway::proxy
