#include "app/demo/demo_client.h"

#include <gtest/gtest.h>

#include <set>

#include "app/demo/mock_cluster.h"

namespace portway::app {
namespace {

constexpr const char* kTopic = "demo";

// Without Portway, in a network where the brokers themselves can be reached.
TEST(DemoClient, WritesAndReadsThroughEveryBroker) {
  const auto cluster = MockCluster::start(3);
  ASSERT_TRUE(cluster.has_value()) << cluster.error().message;
  PrivateNetwork network("127.0.0.1");
  DemoClient client((*cluster)->brokers().at(2), network);

  ASSERT_TRUE(client.look_at(kTopic).has_value());
  ASSERT_TRUE((*cluster)->spread_leaders(kTopic, 3).has_value());
  const auto view = client.look_at(kTopic);
  ASSERT_TRUE(view.has_value()) << view.error().message;
  EXPECT_EQ(view->brokers.size(), 3u);
  for (const NamedBroker& broker : view->brokers) {
    EXPECT_EQ(broker.address, (*cluster)->brokers().at(broker.id));
  }
  EXPECT_EQ(view->leaders[0], 1);
  EXPECT_EQ(view->leaders[2], 3);

  const auto written = client.produce(kTopic, 3, {"one", "two", "three", "four"});
  ASSERT_TRUE(written.has_value()) << written.error().message;
  for (const DemoMessage& message : *written) EXPECT_EQ(message.broker_id, message.partition + 1);
  EXPECT_EQ(written->at(3).offset, 1);

  const auto read = client.consume(kTopic, 4);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  std::set<std::string> texts;
  for (const DemoMessage& message : *read) texts.insert(message.text);
  EXPECT_EQ(texts, (std::set<std::string>{"one", "two", "three", "four"}));
}

// What the demo is there to find out: a client that is told an address of the inside goes there,
// and the network notices.
TEST(DemoClient, AnInsideAddressIsRefusedAndRemembered) {
  PrivateNetwork network("127.0.0.99");
  sockaddr_storage inside{};
  inside.ss_family = AF_INET;
  EXPECT_EQ(network.connect_socket(-1, reinterpret_cast<const sockaddr*>(&inside), 16, "x/1"),
            ENETUNREACH);
  ASSERT_EQ(network.attempts().size(), 1u);
  EXPECT_EQ(network.attempts()[0].broker, "x/1");
  EXPECT_EQ(network.attempts()[0].address.host, "0.0.0.0");
  EXPECT_FALSE(network.attempts()[0].allowed);
}

}  // namespace
}  // namespace portway::app
