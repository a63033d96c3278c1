// A port plan that follows the topology, as kafka-proxy's sequential ports do.

#include <gtest/gtest.h>

#include "net/linux_system.h"
#include "proxy/server.h"
#include "proxy/testing/proxy_under_test.h"

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

  ASSERT_TRUE(
      wait_until([&] { return (*server)->status().external_listeners[0].ports.size() == 2; }));
  const ProxyStatus status = (*server)->status();
  EXPECT_EQ(status.external_listeners[0].ports[0].broker_id, 2);
  EXPECT_TRUE(status.external_listeners[0].ports[0].bound);
  EXPECT_EQ(status.external_listeners[0].ports[1].broker_id, 1);
  EXPECT_FALSE(status.external_listeners[0].ports[1].bound);
  EXPECT_FALSE(status.ready);
  EXPECT_NE(status.not_ready_reason.find(std::to_string(taken.local_port())), std::string::npos);
  EXPECT_EQ(status.external_listeners[0].brokers_without_place, std::vector<int32_t>{1});
}

}  // namespace
}  // namespace portway::proxy
