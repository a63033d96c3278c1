#include "app/server_input.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/demo/mock_cluster.h"
#include "app/kafka_proxy_words.h"
#include "base/log.h"
#include "net/linux_system.h"
#include "proxy/broker_query.h"

namespace portway::app {
namespace {

constexpr int64_t kLookUs = 10'000;
constexpr int64_t kReadyTimeoutUs = 20'000'000;

// 127.128.0.0 to 127.191.255.255, by process id and case: tests at once do not meet, although the
// document's ports are fixed.
std::string own_loopback_address(uint32_t index) {
  const auto id = static_cast<uint32_t>(getpid());
  return fmt::format("127.{}.{}.{}", 128 + (id >> 14) % 64, (id >> 6) % 256, (id % 64) * 4 + index);
}

class RunningServer {
 public:
  RunningServer(const std::vector<std::string>& words, std::string host) : host_(std::move(host)) {
    configure_logging(LogFormat::kLogfmt, LogLevel::kError);
    system_ = net::make_linux_system().value();
    auto input = server_input(read_kafka_proxy_words(words).value());
    input.spec.serve.workers = 1;
    server_ = proxy::Server::start(std::move(input), net::make_linux_system).value();
    const int64_t deadline_us = system_->now_us() + kReadyTimeoutUs;
    while (!server_->status().ready && system_->now_us() < deadline_us) system_->wait(kLookUs);
  }

  // Broker id -> what a client is told behind this port.
  std::map<int32_t, std::string> told(uint16_t port) {
    const auto brokers =
        proxy::query_brokers(*system_, net::SocketAddress::parse(host_, port).value(), "test",
                             kReadyTimeoutUs, [] { return false; });
    std::map<int32_t, std::string> result;
    if (!brokers) {
      ADD_FAILURE() << brokers.error().message;
      return result;
    }
    for (const auto& broker : *brokers) result[broker.broker_id] = to_string(broker.address);
    return result;
  }

  std::map<int32_t, proxy::PortStatus> broker_ports() const {
    std::map<int32_t, proxy::PortStatus> ports;
    const proxy::ProxyStatus status = server_->status();
    for (const auto& port : status.external_listeners.front().ports) {
      if (port.broker_id >= 0) ports[port.broker_id] = port;
    }
    return ports;
  }

 private:
  std::string host_;
  std::unique_ptr<net::System> system_;
  std::unique_ptr<proxy::Server> server_;
};

// The command line of the document that Portway starts from, with five brokers behind it.
TEST(ServerInput, TheDocumentsCommandLineAdvertisesWhatTheDocumentExpects) {
  const auto cluster = MockCluster::start(5).value();
  const std::string host = own_loopback_address(0);
  std::vector<std::string> words = {
      "--dynamic-sequential-min-port=9095",
      "--dynamic-advertised-listener=brokers.abc.us-west1.gcp.3199745.tidbcloud.com",
      "--default-listener-ip=" + host, "--http-disable"};
  for (int id = 1; id <= 3; ++id) {
    words.push_back("--bootstrap-server-mapping");
    words.push_back(fmt::format("{},{}:{},b{}.abc.us-west1.gcp.3199745.tidbcloud.com:{}",
                                to_string(cluster->brokers().at(id)), host, 9091 + id, id,
                                9091 + id));
  }
  RunningServer server(words, host);

  const std::map<int32_t, std::string> expected = {
      {1, "b1.abc.us-west1.gcp.3199745.tidbcloud.com:9092"},
      {2, "b2.abc.us-west1.gcp.3199745.tidbcloud.com:9093"},
      {3, "b3.abc.us-west1.gcp.3199745.tidbcloud.com:9094"},
      {4, "brokers.abc.us-west1.gcp.3199745.tidbcloud.com:9095"},
      {5, "brokers.abc.us-west1.gcp.3199745.tidbcloud.com:9096"},
  };
  for (uint16_t port = 9092; port <= 9096; ++port) EXPECT_EQ(server.told(port), expected) << port;
  EXPECT_EQ(server.broker_ports().at(4).port, 9095);
  EXPECT_EQ(server.broker_ports().at(4).broker, cluster->brokers().at(4));
  EXPECT_EQ(server.broker_ports().at(5).port, 9096);
  EXPECT_EQ(server.broker_ports().at(5).broker, cluster->brokers().at(5));
}

TEST(ServerInput, RandomPortsAreBoundAndAdvertised) {
  const auto cluster = MockCluster::start(2).value();
  const std::string host = own_loopback_address(1);
  RunningServer server({fmt::format("--bootstrap-server-mapping={},{}:9092",
                                    to_string(cluster->brokers().at(1)), host),
                        "--default-listener-ip=" + host, "--http-disable"},
                       host);
  const proxy::PortStatus port = server.broker_ports().at(2);
  const std::map<int32_t, std::string> expected = {{1, host + ":9092"},
                                                   {2, fmt::format("{}:{}", host, port.port)}};
  EXPECT_EQ(server.told(9092), expected);
  EXPECT_EQ(server.told(port.port), expected);
}

}  // namespace
}  // namespace portway::app
