// Descriptors used up: nobody who is served notices, and it passes by itself.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

// The highest of this process's descriptors.
int highest_descriptor() {
  int highest = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    highest = std::max(highest, std::stoi(entry.path().filename().string()));
  }
  return highest;
}

// What fakes close later would give descriptors back at any time.
bool wait_closed(FakeCluster& cluster) {
  return wait_until([&] {
    return cluster.broker(1).connections_open() == 0 && cluster.broker(2).connections_open() == 0;
  });
}

// Leaves this process `free` descriptors while it lives, of kMore at most.
class FewDescriptors {
 public:
  explicit FewDescriptors(size_t free) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(highest_descriptor() + kMore);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    for (int taken = ::dup(0); taken >= 0; taken = ::dup(0)) taken_.push_back(taken);
    give_back(free);
  }
  ~FewDescriptors() {
    give_back(taken_.size());
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

  void give_back(size_t count) {
    for (; count > 0; --count) {
      ::close(taken_.back());
      taken_.pop_back();
    }
  }

 private:
  static constexpr int kMore = 20;

  rlimit before_{};
  std::vector<int> taken_;
};

class ServerDescriptors : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(wait_closed(cluster_)); }

  FakeCluster cluster_{{1, 2}};
  ProxyUnderTest proxy_{make_spec(cluster_, {1, 2})};
};

TEST_F(ServerDescriptors, AcceptPausesAndComesBackByItself) {
  TestClient established(proxy_.port(2));
  EXPECT_EQ(established.who(), 2);
  FewDescriptors few(1);
  TestClient waiting(proxy_.port(2));  // the kernel takes it, with the last descriptor
  ASSERT_TRUE(waiting.socket.open());
  const int32_t id = waiting.send_who();
  ASSERT_TRUE(proxy_.wait_refusals(Refusal::kOutOfDescriptors, 2));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(established.who(), 2);
  EXPECT_EQ(proxy_.server().connections(), 1u);
  EXPECT_TRUE(proxy_.logged("accept_paused", "ulimit"));
  few.give_back(8);
  EXPECT_EQ(waiting.read_who(id), 2);
  EXPECT_LT(proxy_.refusals(Refusal::kOutOfDescriptors), 200u) << "it tried without a pause";
}

TEST_F(ServerDescriptors, AClientWhoseBrokerCannotBeDialledForWantOfOneIsClosed) {
  TestClient established(proxy_.port(2));
  EXPECT_EQ(established.who(), 2);
  FewDescriptors few(2);
  TestClient client(proxy_.port(2));
  ASSERT_TRUE(client.socket.open());
  client.send_who();
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  EXPECT_TRUE(proxy_.wait_refusals(Refusal::kDialFailed));
  EXPECT_EQ(established.who(), 2);
}

// Behind SASL a broker that takes no connection is forgotten: this one was not asked.
TEST(ServerDescriptorsBehindSasl, ABrokerIsNotForgottenBecauseItCannotBeDialledForWantOfOne) {
  FakeCluster cluster({1, 2});
  for (const int32_t id : {1, 2}) cluster.broker(id).demand_sasl(true);
  ProxyUnderTest proxy(make_spec(cluster, {1, 2}));
  const auto reached = [&] {
    TestClient client(proxy.port(2));
    return client.ask(kafka::kSaslHandshake, 1) && client.ask(kafka::kSaslAuthenticate, 1) &&
           client.who() == 2;
  };
  ASSERT_TRUE(wait_until(reached));
  ASSERT_TRUE(proxy.wait_connections(0));
  ASSERT_TRUE(wait_closed(cluster));
  const uint64_t lessons = proxy.total(&WorkerMetrics::topology_lessons);
  const uint32_t asked = cluster.broker(1).connections();
  {
    const FewDescriptors few(2);
    TestClient client(proxy.port(2));
    ASSERT_TRUE(client.socket.open());
    client.send_who();
    EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
    EXPECT_TRUE(proxy.wait_refusals(Refusal::kDialFailed));
  }
  // It had the topology asked again: what else it told the keeper was taken before.
  EXPECT_TRUE(wait_until([&] { return cluster.broker(1).connections() > asked; }));
  EXPECT_TRUE(reached());
  EXPECT_EQ(proxy.total(&WorkerMetrics::topology_lessons), lessons);
}

// Pipes need descriptors too: without any, bodies are copied.
TEST_F(ServerDescriptors, LargeBodiesAreCopiedWhenNoPipeCanBeMade) {
  TestClient established(proxy_.port(2));
  // Small ones first: the sanitizer looks at a type with a pipe of its own, but only once.
  EXPECT_TRUE(established.fetch(kRewrittenFetch, 100));
  EXPECT_TRUE(established.produce(kPassedProduce, 100));
  const FewDescriptors few(1);
  EXPECT_TRUE(established.fetch(kRewrittenFetch, 5'000'000));
  EXPECT_TRUE(established.produce(kPassedProduce, 5'000'000));
  EXPECT_EQ(proxy_.total(&WorkerMetrics::spliced_bytes), 0u);
}

}  // namespace
}  // namespace portway::proxy
