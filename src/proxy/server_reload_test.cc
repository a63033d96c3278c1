// Reload: what changed changes, and nothing else is touched.

#include <gtest/gtest.h>

#include <algorithm>

#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

class ServerReload : public testing::Test {
 protected:
  FakeCluster cluster_{{1, 2, 3}};
  plan::Spec spec_ = make_spec(cluster_, {1, 2});
};

TEST_F(ServerReload, PortsAreAddedWithoutTouchingConnections) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  EXPECT_EQ(client.who(), 2);
  const uint64_t generation = proxy.status().configuration_generation;
  spec_.external_listeners[0].brokers[3] = {free_port(), 9999};
  spec_.external_listeners.push_back(listener_spec("OTHER", {1}));
  ASSERT_TRUE(proxy.reload(spec_));
  EXPECT_EQ(TestClient(proxy.port(3)).who(), 3);
  EXPECT_EQ(TestClient(proxy.port(1, 1)).who(), 1);
  EXPECT_EQ(client.who(), 2);
  EXPECT_EQ(proxy.status().configuration_generation, generation + 1);
}

TEST_F(ServerReload, ConnectionsOfAPortThatGoesAreDrainedAndOthersStay) {
  cluster_.broker(2).hold_answers();
  ProxyUnderTest proxy(spec_);
  TestClient stays(proxy.port(1));
  EXPECT_EQ(stays.who(), 1);
  TestClient idle(proxy.port(2));
  ASSERT_TRUE(proxy.wait_connections(2));
  TestClient busy(proxy.port(2));
  const int32_t id = busy.send_who();
  ASSERT_TRUE(wait_until([&] { return proxy.in_flight() == 1; }));
  const uint16_t gone = proxy.port(2);
  spec_.external_listeners[0].brokers.erase(2);
  ASSERT_TRUE(proxy.reload(spec_));
  EXPECT_EQ(idle.socket.wait_for_end(), End::kFin);
  EXPECT_FALSE(TestClient(gone).socket.open());
  cluster_.broker(2).release_answers();
  EXPECT_EQ(busy.read_who(id), 2);
  EXPECT_EQ(busy.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(stays.who(), 1);
}

TEST_F(ServerReload, APortThatLeadsElsewhereTakesNewConnectionsThere) {
  ProxyUnderTest proxy(spec_);
  TestClient old(proxy.port(2));
  EXPECT_EQ(old.who(), 2);
  const uint16_t port = proxy.port(2);
  spec_.external_listeners[0].brokers.erase(2);
  spec_.external_listeners[0].brokers[3] = {port, port};
  ASSERT_TRUE(proxy.reload(spec_));
  EXPECT_EQ(old.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(TestClient(port).who(), 3);
}

TEST_F(ServerReload, ABadFileIsRefusedAndTheOldOneStays) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  EXPECT_EQ(client.who(), 2);
  const auto refused = proxy.reload(fail(Fault::kOperator, "bad_spec", "portway.yaml:1:1: bad"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(proxy.status().configuration_error, "portway.yaml:1:1: bad");
  EXPECT_EQ(client.who(), 2);
  EXPECT_EQ(TestClient(proxy.port(1)).who(), 1);
  ASSERT_TRUE(proxy.reload(spec_));
  EXPECT_EQ(proxy.status().configuration_error, "");
}

TEST_F(ServerReload, APortInUseIsNamedAndNothingChanges) {
  ProxyUnderTest proxy(spec_);
  const Socket taken = Socket::listen("127.0.0.1", 0, 8, false);
  plan::Spec wrong = spec_;
  wrong.external_listeners[0].brokers[3] = {taken.local_port(), taken.local_port()};
  wrong.external_listeners[0].brokers.erase(1);
  const size_t descriptors = open_descriptors();
  const auto refused = proxy.reload(wrong);
  ASSERT_FALSE(refused);
  const std::string address = "127.0.0.1:" + std::to_string(taken.local_port());
  EXPECT_NE(refused.error().message.find(address), std::string::npos) << refused.error().message;
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(TestClient(proxy.port(1)).who(), 1);

  wrong.external_listeners[0].brokers.erase(2);  // which the proxy has
  const auto started = try_to_start(wrong);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "cannot_listen");
  EXPECT_NE(started.error().message.find(address), std::string::npos);
}

TEST_F(ServerReload, AdvertisedNamesChangeUnderOpenConnections) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(1));
  EXPECT_NE(client.ask(kafka::kMetadata, 12)->find("b2.edge.test"), std::string::npos);
  spec_.external_listeners[0].advertise = "b{id}.new.test";
  ASSERT_TRUE(proxy.reload(spec_));
  ASSERT_TRUE(wait_until(
      [&] { return client.ask(kafka::kMetadata, 12)->find("b2.new.test") != std::string::npos; }));
}

// Portway's own requests name themselves by a setting that must survive the reload.
TEST_F(ServerReload, ALessonAfterAReloadStillHasItsClientId) {
  for (const int32_t id : {1, 2, 3}) cluster_.broker(id).demand_sasl(true);
  spec_.serve.client_id = "a client id that is longer than any string keeps inside itself";
  ProxyUnderTest proxy(spec_);
  spec_.external_listeners.push_back(listener_spec("OTHER", {1}));
  ASSERT_TRUE(proxy.reload(spec_));
  TestClient client(proxy.port(2));
  EXPECT_TRUE(client.ask(kafka::kSaslHandshake, 1));
  EXPECT_TRUE(client.ask(kafka::kSaslAuthenticate, 1));
  client.send_who();
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(proxy.total(&WorkerMetrics::topology_lessons), 1u);
}

}  // namespace
}  // namespace portway::proxy
