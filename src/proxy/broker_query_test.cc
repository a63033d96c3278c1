#include "proxy/broker_query.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/linux_system.h"
#include "proxy/testing/fake_cluster.h"
#include "proxy/testing/proxy_under_test.h"

namespace portway::proxy {
namespace {

constexpr int64_t kPatienceUs = int64_t{kPatienceMs} * 1000;

class BrokerQuery : public testing::Test {
 protected:
  Result<std::vector<kafka::BrokerEntry>> query(int32_t id, int64_t timeout_us = kPatienceUs) {
    const HostPort address = cluster_.broker(id).address();
    return query_brokers(*system_, *net::SocketAddress::parse(address.host, address.port), "test",
                         timeout_us, [this] { return stopped_.load(); });
  }
  std::string error_of(int32_t id, int64_t timeout_us = kPatienceUs) {
    const auto brokers = query(id, timeout_us);
    return brokers ? "none" : brokers.error().code;
  }

  FakeCluster cluster_{{1, 2}};
  std::atomic<bool> stopped_{false};
  const std::unique_ptr<net::System> system_ = std::move(*net::make_linux_system());
};

TEST_F(BrokerQuery, NamesTheBrokersOfTheCluster) {
  const auto brokers = query(1);
  ASSERT_TRUE(brokers) << brokers.error().message;
  ASSERT_EQ(brokers->size(), 2u);
  for (const kafka::BrokerEntry& broker : *brokers) {
    EXPECT_EQ(broker.address, cluster_.broker(broker.broker_id).address());
  }
}

TEST_F(BrokerQuery, ABrokerThatIsDownIsUnreachable) {
  cluster_.broker(1).go_down();
  EXPECT_EQ(error_of(1), "unreachable");
}

TEST_F(BrokerQuery, ABrokerThatDoesNotAnswerIsUnreachableInTime) {
  cluster_.broker(1).hold_metadata(true);
  EXPECT_EQ(error_of(1, 50'000), "unreachable");
  cluster_.broker(2).fall_silent();
  EXPECT_EQ(error_of(2, 50'000), "unreachable");
}

TEST_F(BrokerQuery, ABrokerThatClosesOnMetadataDemandsSasl) {
  cluster_.broker(1).demand_sasl(true);
  EXPECT_EQ(error_of(1), "needs_authentication");
}

TEST_F(BrokerQuery, CanBeStopped) {
  cluster_.broker(1).hold_metadata(true);
  std::thread stopper([this] {
    EXPECT_TRUE(wait_until([&] { return cluster_.broker(1).connections() == 1; }));
    stopped_ = true;
    system_->wake();
  });
  EXPECT_EQ(error_of(1, 10 * kPatienceUs), "unreachable");
  stopper.join();
}

TEST_F(BrokerQuery, WhatIsNoKafkaBrokerIsSaidToBeNone) {
  for (const std::string& bytes :
       {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
        std::string("\x15\x03\x03\0\x02\x02\x0a", 7), std::string("\0\0\0\x02\0\0", 6)}) {
    Socket listener = Socket::listen("127.0.0.1", 0, 1, false);
    std::thread server([&] {
      Socket accepted = listener.accept();
      accepted.send_all(bytes);
      accepted.wait_for_end();
    });
    const auto brokers =
        query_brokers(*system_, *net::SocketAddress::parse("127.0.0.1", listener.local_port()),
                      "test", kPatienceUs, [] { return false; });
    ASSERT_FALSE(brokers);
    EXPECT_EQ(brokers.error().code, "malformed_response") << brokers.error().message;
    server.join();
  }
}

TEST_F(BrokerQuery, LeavesNoDescriptorBehind) {
  const size_t before = open_descriptors();
  EXPECT_EQ(error_of(1), "none");
  cluster_.broker(2).demand_sasl(true);
  EXPECT_EQ(error_of(2), "needs_authentication");
  EXPECT_TRUE(wait_until([&] { return open_descriptors() == before; }));
}

}  // namespace
}  // namespace portway::proxy
