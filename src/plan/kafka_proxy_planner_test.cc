#include "plan/kafka_proxy_planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plan/kafka_proxy_testing.h"

namespace portway::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Brokers = std::map<int32_t, HostPort>;

std::map<int32_t, std::string> told(const PortPlan& plan) {
  std::map<int32_t, std::string> result;
  for (const auto& [id, address] : plan.external_listeners.front().advertised) {
    result[id] = to_string(address);
  }
  return result;
}

// broker id -> bound port
std::map<int32_t, uint16_t> bound(const PortPlan& plan) {
  std::map<int32_t, uint16_t> result;
  for (const BoundPort& port : plan.ports) {
    if (port.target == Target::kBroker) result[port.broker_id] = port.port;
  }
  return result;
}

Brokers brokers_with_ids(const std::vector<int32_t>& ids) {
  Brokers brokers;
  for (const int32_t id : ids) brokers[id] = {"inside" + std::to_string(id), 9092};
  return brokers;
}

const Words kDocument = {
    "--bootstrap-server-mapping",
    "10.64.0.1:9092,0.0.0.0:9092,b1.abc.us-west1.gcp.3199745.tidbcloud.com:9092",
    "--bootstrap-server-mapping",
    "10.64.0.2:9092,0.0.0.0:9093,b2.abc.us-west1.gcp.3199745.tidbcloud.com:9093",
    "--bootstrap-server-mapping",
    "10.64.0.3:9092,0.0.0.0:9094,b3.abc.us-west1.gcp.3199745.tidbcloud.com:9094",
    "--dynamic-sequential-min-port=9095",
    "--dynamic-advertised-listener=brokers.abc.us-west1.gcp.3199745.tidbcloud.com",
};

Brokers document_brokers() {
  Brokers brokers;
  for (int32_t id = 1; id <= 5; ++id) brokers[id] = {"10.64.0." + std::to_string(id), 9092};
  return brokers;
}

TEST(KafkaProxyPlanner, TheDocumentsCommandLine) {
  const auto settings = read(kDocument);
  ASSERT_TRUE(settings) << errors_of(settings);
  EXPECT_THAT(settings->warnings,
              ElementsAre(HasSubstr("replicas need --deterministic-listeners")));
  KafkaProxyPlanner planner(*settings);

  const PortPlan before = planner.plan({});
  EXPECT_EQ(before.ports.size(), 3u);
  EXPECT_THAT(told(before), IsEmpty());

  const PortPlan plan = planner.plan(document_brokers());
  const std::map<int32_t, std::string> expected = {
      {1, "b1.abc.us-west1.gcp.3199745.tidbcloud.com:9092"},
      {2, "b2.abc.us-west1.gcp.3199745.tidbcloud.com:9093"},
      {3, "b3.abc.us-west1.gcp.3199745.tidbcloud.com:9094"},
      {4, "brokers.abc.us-west1.gcp.3199745.tidbcloud.com:9095"},
      {5, "brokers.abc.us-west1.gcp.3199745.tidbcloud.com:9096"},
  };
  EXPECT_EQ(told(plan), expected);
  EXPECT_EQ(bound(plan), (std::map<int32_t, uint16_t>{{4, 9095}, {5, 9096}}));
  EXPECT_EQ(plan.ports[0],
            (BoundPort{0, "0.0.0.0", 9092, Target::kAddress, -1, {"10.64.0.1", 9092}}));
  EXPECT_THAT(planner.take_warnings(), IsEmpty());
}

TEST(KafkaProxyPlanner, MappedBrokersAreToldByAddressBeforeTheyAreKnown) {
  KafkaProxyPlanner planner(read({"--bootstrap-server-mapping=k1:9092,0.0.0.0:9101,a:1",
                                  "--bootstrap-server-mapping=k2:9092,0.0.0.0:9102,b:2",
                                  "--bootstrap-server-mapping=k3:9092,0.0.0.0:9103,b:2",
                                  "--external-server-mapping=k4:9092,c:3"})
                                .value());
  const std::map<HostPort, HostPort> expected = {{{"k1", 9092}, {"a", 1}},
                                                 {{"k4", 9092}, {"c", 3}}};
  const PortPlan plan = planner.plan({});
  EXPECT_EQ(plan.external_listeners.front().advertised_by_address, expected)
      << "b:2 is told of one broker only, and ids say of which";
}

TEST(KafkaProxyPlanner, SequentialPortsAreKept) {
  KafkaProxyPlanner planner(
      read_more({"--dynamic-sequential-min-port=9100", "--dynamic-advertised-listener=x.example"})
          .value());
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({4, 7}))),
            (std::map<int32_t, uint16_t>{{4, 9100}, {7, 9101}}));
  // A lower id that joins gets the next port; one that leaves and comes back has its old one.
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({1, 7}))),
            (std::map<int32_t, uint16_t>{{1, 9102}, {7, 9101}}));
  Brokers swapped = brokers_with_ids({1, 4, 7});
  std::swap(swapped[1], swapped[7]);
  EXPECT_EQ(bound(planner.plan(swapped)),
            (std::map<int32_t, uint16_t>{{1, 9102}, {4, 9100}, {7, 9101}}));
}

TEST(KafkaProxyPlanner, SequentialPortsStepOverMappings) {
  KafkaProxyPlanner planner(
      read({"--bootstrap-server-mapping=k1:9092,0.0.0.0:9101,a:1",
            "--dynamic-sequential-min-port=9100", "--dynamic-advertised-listener=x.example",
            "--http-listen-address=127.0.0.1:9102"})
          .value());
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({1, 2}))),
            (std::map<int32_t, uint16_t>{{1, 9100}, {2, 9103}}));
}

TEST(KafkaProxyPlanner, ARangeThatIsUsedUpCostsOnlyTheBrokersBeyondIt) {
  KafkaProxyPlanner planner(
      read_more({"--dynamic-sequential-min-port=9100", "--dynamic-sequential-max-ports=2",
                 "--dynamic-advertised-listener=x.example"})
          .value());
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({0, 1, 2}))),
            (std::map<int32_t, uint16_t>{{0, 9100}, {1, 9101}}));
  EXPECT_THAT(planner.take_warnings(),
              ElementsAre(HasSubstr("broker 2 is left out: all 2 ports from 9100 on are given")));
  planner.plan(brokers_with_ids({0, 1, 2}));
  EXPECT_THAT(planner.take_warnings(), IsEmpty());
}

TEST(KafkaProxyPlanner, DeterministicPortsFollowFromTheId) {
  const Words words = {"--dynamic-sequential-min-port=9100", "--deterministic-listeners",
                       "--dynamic-sequential-max-ports=10",
                       "--dynamic-advertised-listener=b{{ .brokerId }}.example"};
  KafkaProxyPlanner first(read_more(words).value());
  KafkaProxyPlanner second(read_more(words).value());
  const std::map<int32_t, uint16_t> expected = {{0, 9100}, {2, 9102}, {7, 9107}};
  EXPECT_EQ(bound(first.plan(brokers_with_ids({0, 2, 7}))), expected);
  second.plan(brokers_with_ids({7}));
  Brokers swapped = brokers_with_ids({0, 2, 7});
  std::swap(swapped[0], swapped[7]);
  const PortPlan plan = second.plan(swapped);
  EXPECT_EQ(bound(plan), expected);
  EXPECT_EQ(told(plan).at(7), "b7.example:9107");
}

TEST(KafkaProxyPlanner, DeterministicCollisionsCostTheHigherId) {
  KafkaProxyPlanner planner(
      read({"--bootstrap-server-mapping=k1:9092,0.0.0.0:9103,a:1",
            "--dynamic-sequential-min-port=9100", "--deterministic-listeners",
            "--dynamic-sequential-max-ports=10", "--dynamic-advertised-listener=x.example"})
          .value());
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({1, 3, 11}))),
            (std::map<int32_t, uint16_t>{{1, 9101}}));
  EXPECT_THAT(planner.take_warnings(),
              ElementsAre(HasSubstr("broker 3 is left out: its port 9103 is that of k1:9092"),
                          HasSubstr("broker 11 is left out: its port 9101 is broker 1's")));
}

TEST(KafkaProxyPlanner, AdvertisedPortOfTheTemplate) {
  KafkaProxyPlanner each(read_more({"--dynamic-sequential-min-port=9100",
                                    "--dynamic-advertised-listener=b{{.brokerID}}.example:443"})
                             .value());
  EXPECT_EQ(told(each.plan(brokers_with_ids({1, 2}))),
            (std::map<int32_t, std::string>{{1, "b1.example:443"}, {2, "b2.example:443"}}));

  KafkaProxyPlanner shared(read_more({"--dynamic-sequential-min-port=9100",
                                      "--dynamic-advertised-listener=[2001:db8::1]:443"})
                               .value());
  EXPECT_EQ(told(shared.plan(brokers_with_ids({1, 2}))),
            (std::map<int32_t, std::string>{{1, "[2001:db8::1]:443"}}));
  EXPECT_THAT(shared.take_warnings(), ElementsAre(HasSubstr("broker 2 is left out")));
}

TEST(KafkaProxyPlanner, MappingsGoByAddress) {
  const auto settings =
      read({"--bootstrap-server-mapping=k1:9092,127.0.0.1:32400",
            "--external-server-mapping=k2:9092,other.example:9092", "--dynamic-listeners-disable"});
  ASSERT_TRUE(settings) << errors_of(settings);
  KafkaProxyPlanner planner(*settings);
  const PortPlan plan = planner.plan({{5, {"k1", 9092}}, {3, {"k2", 9092}}, {1, {"k3", 9092}}});
  EXPECT_EQ(told(plan),
            (std::map<int32_t, std::string>{{3, "other.example:9092"}, {5, "127.0.0.1:32400"}}));
  EXPECT_EQ(plan.ports.size(), 1u);
  EXPECT_THAT(planner.take_warnings(), ElementsAre(HasSubstr("--dynamic-listeners-disable")));
}

TEST(KafkaProxyPlanner, RandomPortsAreAskedForOnceAndKept) {
  uint16_t next = 40'000;
  KafkaProxyPlanner planner(read_more({"--dynamic-advertised-listener=x.example"}).value(),
                            [&next](const std::string&) { return next++; });
  const auto first = bound(planner.plan(brokers_with_ids({1, 2})));
  EXPECT_EQ(first, (std::map<int32_t, uint16_t>{{1, 40'000}, {2, 40'001}}));
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({1, 2}))), first);
  EXPECT_THAT(planner.take_warnings(), Contains(HasSubstr("by chance")));

  KafkaProxyPlanner without(read_more({"--dynamic-advertised-listener=x.example"}).value());
  EXPECT_THAT(bound(without.plan(brokers_with_ids({1}))), IsEmpty());
}

TEST(KafkaProxyPlanner, WarnsWhenClientsWouldBeSentToThemselves) {
  KafkaProxyPlanner planner(read_more({"--dynamic-sequential-min-port=9100"}).value());
  EXPECT_EQ(told(planner.plan(brokers_with_ids({1}))).at(1), "0.0.0.0:9100");
  EXPECT_THAT(planner.take_warnings(), Contains(HasSubstr("leads them to themselves")));
  EXPECT_THAT(read({"--bootstrap-server-mapping=k1:9092,0.0.0.0:1"})->warnings,
              Contains(HasSubstr("leads them to themselves")));
}

RC_GTEST_PROP(KafkaProxyPlannerProperty, NoTwoBrokersShareAPortAndNoneChanges, ()) {
  Words words = {"--dynamic-sequential-min-port=32390", "--dynamic-advertised-listener=x.example"};
  if (*rc::gen::arbitrary<bool>()) words.push_back("--dynamic-sequential-max-ports=20");
  const bool deterministic = *rc::gen::arbitrary<bool>();
  if (deterministic) words.push_back("--deterministic-listeners");
  KafkaProxyPlanner planner(read_more(words).value());
  std::map<int32_t, uint16_t> ports;
  for (int round = 0; round < 4; ++round) {
    const auto ids = *rc::gen::container<std::vector<int32_t>>(rc::gen::inRange<int32_t>(-1, 40));
    const PortPlan plan = planner.plan(brokers_with_ids(ids));
    std::set<std::pair<std::string, uint16_t>> taken;
    for (const BoundPort& port : plan.ports) {
      RC_ASSERT(taken.emplace(port.listen, port.port).second);
      if (port.target != Target::kBroker || deterministic) continue;
      const auto [first, is_new] = ports.emplace(port.broker_id, port.port);
      RC_ASSERT(first->second == port.port);
    }
    RC_ASSERT(planner.plan(brokers_with_ids(ids)) == plan);
  }
}

}  // namespace
}  // namespace portway::plan
