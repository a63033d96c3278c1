#include "proxy/topology_keeper.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/log.h"
#include "kafka/request.h"
#include "net/linux_system.h"
#include "proxy/testing/fake_cluster.h"
#include "proxy/testing/system_decorator.h"
#include "proxy/testing/waiting.h"

namespace portway::proxy {
namespace {

constexpr int64_t kOftenUs = 10'000;
constexpr int64_t kNeverUs = 3'600'000'000;

class TopologyKeeperTest : public testing::Test {
 protected:
  TopologyKeeperTest() {
    capture_log([](std::string_view) {});
  }
  ~TopologyKeeperTest() override {
    keeper_.reset();
    capture_log(nullptr);
  }

  void start(int64_t refresh_us, TopologySources sources, int64_t retry_us = kOftenUs,
             const Server::MakeSystem& make_system = net::make_linux_system) {
    TopologyTimes times;
    times.refresh_us = refresh_us;
    times.retry_us = retry_us;
    times.query_timeout_us = 10 * int64_t{kPatienceMs} * 1000;
    keeper_ = std::make_unique<TopologyKeeper>(
        std::move(*make_system()), std::move(sources), times, "test",
        TopologyKeeper::Listener{[this](const std::shared_ptr<const Topology>&) { ++changes_; },
                                 [this] { ++refreshes_; }});
    keeper_->start();
  }
  void start(int64_t refresh_us) { start(refresh_us, {cluster_.bootstrap(), {}, {}}); }

  // Where the keeper knows a broker to be; an empty host: nowhere.
  HostPort place(int32_t id) const {
    const auto topology = keeper_->current();
    const auto broker = topology->brokers.find(id);
    return broker == topology->brokers.end() ? HostPort{} : broker->second.address;
  }
  bool wait_place(int32_t id, const HostPort& address) const {
    return wait_until([&] { return place(id) == address; });
  }

  bool wait_state(TopologyState state) const {
    return wait_until([&] { return keeper_->current()->state == state; });
  }
  // Asks for one more, and waits for its end.
  bool refresh() {
    const int before = refreshes_;
    keeper_->refresh_soon();
    return wait_until([&] { return refreshes_ > before; });
  }

  FakeCluster cluster_{{1, 2}};
  std::atomic<int> changes_{0};
  std::atomic<int> refreshes_{0};
  std::unique_ptr<TopologyKeeper> keeper_;
};

TEST_F(TopologyKeeperTest, LearnsAtTheStartAndTellsOnceWhileNothingChanges) {
  start(kOftenUs);
  EXPECT_TRUE(wait_place(2, cluster_.broker(2).address()));
  EXPECT_EQ(keeper_->current()->state, TopologyState::kKnown);
  EXPECT_EQ(keeper_->current()->brokers.at(2).endpoints.size(), 1u);
  const uint32_t asked = cluster_.broker(1).connections();
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(1).connections() > asked + 3; }));
  EXPECT_EQ(changes_, 1);
  EXPECT_EQ(keeper_->health().error, "");
}

TEST_F(TopologyKeeperTest, TriesAgainSoonWhileNothingIsKnown) {
  cluster_.broker(1).go_down();
  start(kNeverUs);
  EXPECT_TRUE(wait_until([&] { return !keeper_->health().error.empty(); }));
  EXPECT_EQ(keeper_->current()->state, TopologyState::kUnknown);
  cluster_.broker(1).come_up();
  EXPECT_TRUE(wait_place(1, cluster_.broker(1).address()));
  EXPECT_EQ(keeper_->health().error, "");
}

TEST_F(TopologyKeeperTest, AsksKnownBrokersWhenTheBootstrapIsGone) {
  start(kOftenUs);
  EXPECT_TRUE(wait_place(2, cluster_.broker(2).address()));
  cluster_.broker(1).go_down();
  cluster_.add(3);
  EXPECT_TRUE(wait_place(3, cluster_.broker(3).address()));
}

TEST_F(TopologyKeeperTest, TakesWhatWasSeenAndLeavesTheRest) {
  start(kNeverUs);
  EXPECT_TRUE(wait_place(2, cluster_.broker(2).address()));
  keeper_->learn(7, {"127.0.1.99", 7});
  EXPECT_TRUE(wait_place(7, {"127.0.1.99", 7}));
  EXPECT_EQ(place(2), cluster_.broker(2).address());
  keeper_->refresh_soon();  // the cluster itself knows better
  EXPECT_TRUE(wait_place(7, {}));
}

TEST_F(TopologyKeeperTest, KnowsBrokersBehindSaslOnlyFromWhatWasSeen) {
  for (const int32_t id : {1, 2}) cluster_.broker(id).demand_sasl(true);
  start(kOftenUs);
  EXPECT_TRUE(
      wait_until([&] { return keeper_->current()->state == TopologyState::kNeedsAuthentication; }));
  EXPECT_EQ(keeper_->health().error, "");
  keeper_->learn(2, cluster_.broker(2).address());
  EXPECT_TRUE(wait_place(2, cluster_.broker(2).address()));
  const uint32_t asked = cluster_.broker(1).connections();
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(1).connections() > asked + 3; }));
  EXPECT_EQ(place(2), cluster_.broker(2).address()) << "a refresh forgot it";
}

TEST_F(TopologyKeeperTest, AnAddressThatIsSeenElsewhereHasBrokersAskedAgain) {
  start(kNeverUs);
  EXPECT_TRUE(wait_place(2, cluster_.broker(2).address()));
  EXPECT_TRUE(wait_until([&] { return refreshes_ == 1; }));
  keeper_->learn(2, {"127.0.1.99", 7});  // older than what the cluster just told
  EXPECT_TRUE(wait_until([&] { return refreshes_ == 2; }));
  EXPECT_EQ(place(2), cluster_.broker(2).address());
  EXPECT_EQ(changes_, 1) << "what was seen was believed for a while";
}

TEST_F(TopologyKeeperTest, BehindSaslALessonIsTheWholeTruth) {
  for (const int32_t id : {1, 2}) cluster_.broker(id).demand_sasl(true);
  start(kNeverUs);
  EXPECT_TRUE(wait_state(TopologyState::kNeedsAuthentication));
  keeper_->learn(1, {"127.0.1.99", 1});
  EXPECT_TRUE(wait_place(1, {"127.0.1.99", 1}));
  keeper_->learn(1, {"127.0.1.99", 2});  // there is nobody else to ask
  EXPECT_TRUE(wait_place(1, {"127.0.1.99", 2}));
  keeper_->replace({{2, {"127.0.1.99", 3}}});
  EXPECT_TRUE(wait_place(2, {"127.0.1.99", 3}));
  EXPECT_EQ(place(1), HostPort{});
}

TEST_F(TopologyKeeperTest, BehindSaslAnAddressThatDoesNotAnswerIsForgotten) {
  for (const int32_t id : {1, 2}) cluster_.broker(id).demand_sasl(true);
  start(kNeverUs);
  EXPECT_TRUE(wait_state(TopologyState::kNeedsAuthentication));
  keeper_->replace({{1, {"127.0.1.99", 1}}, {2, {"127.0.1.99", 2}}});
  EXPECT_TRUE(wait_place(2, {"127.0.1.99", 2}));
  keeper_->forget(1, {"127.0.1.99", 7});  // it is at another one by now
  keeper_->forget(2, {"127.0.1.99", 2});
  EXPECT_TRUE(wait_place(2, {}));
  EXPECT_EQ(place(1), (HostPort{"127.0.1.99", 1}));
}

TEST_F(TopologyKeeperTest, WhatBrokersToldIsNotForgotten) {
  start(kNeverUs);
  EXPECT_TRUE(wait_place(2, cluster_.broker(2).address()));
  keeper_->forget(2, cluster_.broker(2).address());
  keeper_->replace({{7, {"127.0.1.99", 7}}});
  EXPECT_TRUE(wait_until([&] { return refreshes_ == 2; })) << "a lesson has them asked again";
  EXPECT_EQ(changes_, 1);
}

TEST_F(TopologyKeeperTest, ListensWhileABrokerDoesNotAnswer) {
  cluster_.broker(1).hold_metadata(true);
  start(kNeverUs);
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(1).connections() == 1; }));
  keeper_->learn(7, {"127.0.1.99", 7});
  EXPECT_TRUE(wait_place(7, {"127.0.1.99", 7}));
  EXPECT_EQ(refreshes_, 0) << "the broker was given up before";
}

TEST_F(TopologyKeeperTest, NewSourcesEndARefreshFromTheOldOnes) {
  FakeCluster other({5});
  cluster_.broker(1).hold_metadata(true);
  start(kNeverUs);
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(1).connections() == 1; }));
  keeper_->change_sources({other.bootstrap(), {}, {}});
  EXPECT_TRUE(wait_place(5, other.broker(5).address()));
  EXPECT_TRUE(wait_until([&] { return refreshes_ == 1; }));
}

TEST_F(TopologyKeeperTest, ABrokerThatDoesNotAnswerHoldsUpTheOthersForAShortTime) {
  cluster_.broker(1).hold_metadata(true);
  start(kNeverUs, {{cluster_.broker(1).address(), cluster_.broker(2).address()}, {}, {}});
  EXPECT_TRUE(wait_place(2, cluster_.broker(2).address()));
  EXPECT_EQ(cluster_.broker(1).connections(), 1u);
}

TEST_F(TopologyKeeperTest, AsksFirstWhoAnsweredLast) {
  cluster_.broker(1).go_down();
  start(kNeverUs, {{cluster_.broker(1).address(), cluster_.broker(2).address()}, {}, {}});
  // The place is published before the refresh ends.
  EXPECT_TRUE(wait_until([&] { return refreshes_ == 1; }));
  cluster_.broker(1).come_up();
  EXPECT_TRUE(refresh());
  EXPECT_EQ(cluster_.broker(1).connections(), 0u);
  EXPECT_EQ(cluster_.broker(2).connections(), 2u);
}

TEST_F(TopologyKeeperTest, ABrokerThatStopsWhileItIsAskedDoesNotLookAsIfItDemandedSasl) {
  Socket listener = Socket::listen("127.0.0.1", 0, 8, false);
  std::thread broker([&] {
    const size_t versions_bytes = kafka::api_versions_request(1, "test").size();
    const size_t metadata_bytes = kafka::metadata_request(12, 1, "test").size();
    for (const bool answers : {false, true}) {
      Socket asked = listener.accept();
      asked.receive(versions_bytes);
      asked.send_all(api_versions_answer(0, 1));
      asked.receive(metadata_bytes);
      if (answers) asked.send_all(metadata_answer(12, 1, cluster_.members()));
    }
  });
  start(kNeverUs, {{{"127.0.0.1", listener.local_port()}}, {}, {}}, kNeverUs);
  EXPECT_TRUE(wait_state(TopologyState::kKnown));
  broker.join();
}

TEST_F(TopologyKeeperTest, ALittleDoubtDoesNotMakeAKnownClusterOneThatDemandsSasl) {
  start(kNeverUs, {cluster_.bootstrap(), {}, {}}, kNeverUs);
  EXPECT_TRUE(wait_state(TopologyState::kKnown));
  for (const int32_t id : {1, 2}) cluster_.broker(id).demand_sasl(true);
  for (int i = 1; i < kRefreshesToDoubt; ++i) {
    ASSERT_TRUE(refresh());
    EXPECT_EQ(keeper_->current()->state, TopologyState::kKnown);
    EXPECT_NE(keeper_->health().error, "");
  }
  ASSERT_TRUE(refresh());
  EXPECT_EQ(keeper_->current()->state, TopologyState::kNeedsAuthentication);
  EXPECT_EQ(keeper_->health().error, "");
  EXPECT_EQ(place(2), cluster_.broker(2).address());
}

TEST_F(TopologyKeeperTest, NewSourcesAreAskedAtOnce) {
  FakeCluster other({5});
  start(kNeverUs);
  EXPECT_TRUE(wait_place(1, cluster_.broker(1).address()));
  keeper_->change_sources({other.bootstrap(), {{"127.0.0.1", 9}}, {}});
  EXPECT_TRUE(wait_place(5, other.broker(5).address()));
  EXPECT_EQ(place(1), HostPort{});
  EXPECT_EQ(keeper_->current()->fixed.count({"127.0.0.1", 9}), 1u);
}

TEST_F(TopologyKeeperTest, DialsWhatTheMappingSaysInstead) {
  const HostPort named{"no-such-host.invalid", 9092};
  start(kNeverUs, {{named}, {}, {{named, cluster_.broker(1).address()}}});
  EXPECT_TRUE(wait_place(2, cluster_.broker(2).address()));
}

// "two.test" is 127.0.0.1, while names resolve at all; and they may take their time.
class Names : public SystemDecorator {
 public:
  struct Script {
    std::atomic<bool> fail{false};
    std::atomic<bool> held{false};
    std::atomic<int> asked{0};
    std::atomic<bool> woken{false};
  };
  Names(std::unique_ptr<net::System> system, Script& script)
      : SystemDecorator(std::move(system)), script_(script) {}

  Result<std::vector<net::SocketAddress>> resolve(const HostPort& address) override {
    ++script_.asked;
    wait_until([&] { return !script_.held; });
    if (address.host != "two.test") return real->resolve(address);
    if (script_.fail) return fail(Fault::kOperator, "cannot_resolve", "no name server answers");
    return real->resolve({"127.0.0.1", address.port});
  }
  void wake() override {
    script_.woken = true;
    real->wake();
  }

 private:
  Script& script_;
};

class TopologyKeeperNames : public TopologyKeeperTest {
 protected:
  ~TopologyKeeperNames() override { keeper_.reset(); }  // it wakes its system once more

  Names::Script script_;
};

TEST_F(TopologyKeeperNames, OneThatDoesNotResolveForNowKeepsItsAddresses) {
  const Member first = cluster_.members().front();
  cluster_.name_members({first, {2, "two.test", 9092}});
  start(kNeverUs, {cluster_.bootstrap(), {{"two.test", 7}}, {}}, kNeverUs,
        decorated<Names>(script_));
  ASSERT_TRUE(wait_place(2, {"two.test", 9092}));
  const auto known = keeper_->current();
  EXPECT_EQ(known->brokers.at(2).endpoints.size(), 1u);
  EXPECT_EQ(known->fixed.at({"two.test", 7}).endpoints.size(), 1u);
  script_.fail = true;
  ASSERT_TRUE(refresh());
  EXPECT_EQ(*keeper_->current(), *known) << "while brokers answer";
  cluster_.broker(1).go_down();
  ASSERT_TRUE(refresh());
  EXPECT_EQ(*keeper_->current(), *known) << "when none does";
}

TEST_F(TopologyKeeperNames, StoppingWaitsForOneAtMost) {
  script_.held = true;
  std::vector<HostPort> many;
  for (uint16_t port = 1; port <= 20; ++port) many.push_back({"two.test", port});
  start(kNeverUs, {many, {}, {}}, kNeverUs, decorated<Names>(script_));
  ASSERT_TRUE(wait_until([&] { return script_.asked == 1; }));
  std::thread stopping([&] { keeper_->stop(); });
  EXPECT_TRUE(wait_until([&] { return script_.woken.load(); }));
  script_.held = false;
  stopping.join();
  EXPECT_EQ(script_.asked, 1);
  EXPECT_EQ(changes_, 0);
}

TEST_F(TopologyKeeperTest, ANameThatDoesNotResolveIsSaid) {
  const std::string name(300, 'n');  // too long for any: nobody outside is asked
  start(kNeverUs, {{{name, 9092}}, {}, {}});
  EXPECT_TRUE(wait_until([&] { return keeper_->health().error.find(name) != std::string::npos; }));
}

}  // namespace
}  // namespace portway::proxy
