// What the system calls under the proxy may answer, beside what they should.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <functional>
#include <vector>

#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/system_decorator.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

class ServerSockets : public testing::Test {
 protected:
  FakeCluster cluster_{{1, 2}};
  plan::Spec spec_ = make_spec(cluster_, {1, 2});
};

TEST_F(ServerSockets, ASecondPortwayDoesNotShareThePorts) {
  ProxyUnderTest proxy(spec_);
  const size_t descriptors = open_descriptors();
  const auto second = try_to_start(spec_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "cannot_listen");
  const std::string address = "127.0.0.1:" + std::to_string(std::min(proxy.port(1), proxy.port(2)));
  const std::string other = "127.0.0.1:" + std::to_string(std::max(proxy.port(1), proxy.port(2)));
  const std::string& message = second.error().message;
  EXPECT_TRUE(message.find(address) != std::string::npos ||
              message.find(other) != std::string::npos)
      << message;
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(TestClient(proxy.port(2)).who(), 2);
}

// Splices that fail: all of them, or only those out of a pipe.
class NoSplice : public SystemDecorator {
 public:
  struct Script {
    std::atomic<int> error{0};
    std::atomic<bool> only_out_of_pipes{false};
  };
  NoSplice(std::unique_ptr<net::System> system, Script& script)
      : SystemDecorator(std::move(system)), script_(script) {}

  Result<net::Pipe> make_pipe(size_t capacity_bytes) override {
    auto pipe = real->make_pipe(capacity_bytes);
    if (pipe) read_ends_.push_back(pipe->read_end);
    return pipe;
  }
  net::Io splice(net::Descriptor from, net::Descriptor to, size_t bytes) override {
    const bool out = std::find(read_ends_.begin(), read_ends_.end(), from) != read_ends_.end();
    const bool fails = script_.error != 0 && (out || !script_.only_out_of_pipes);
    return fails ? net::Io{-1, script_.error} : real->splice(from, to, bytes);
  }

 private:
  Script& script_;
  std::vector<net::Descriptor> read_ends_;
};

TEST_F(ServerSockets, WhereSpliceIsRefusedBodiesAreCopied) {
  for (const bool only_out_of_pipes : {false, true}) {
    for (const int error : {EINVAL, ENOSYS, EPERM, EOPNOTSUPP}) {
      NoSplice::Script script;
      script.error = error;
      script.only_out_of_pipes = only_out_of_pipes;
      ProxyUnderTest proxy(spec_, true, decorated<NoSplice>(script));
      TestClient client(proxy.port(2));
      EXPECT_TRUE(client.fetch(kRewrittenFetch, 3'000'000)) << error;
      EXPECT_TRUE(client.produce(kPassedProduce, 3'000'000)) << error;
      EXPECT_TRUE(proxy.logged("splice_unavailable"));
      EXPECT_GE(proxy.total(&WorkerMetrics::copied_bytes), 4'000'000u);
    }
  }
}

TEST_F(ServerSockets, WhereSpliceIsRefusedLaterWhatIsInPipesIsNotLost) {
  NoSplice::Script script;
  ProxyUnderTest proxy(spec_, true, decorated<NoSplice>(script));
  TestClient client(proxy.port(2), "127.0.0.1", 64 << 10);
  client.send_fetch(kRewrittenFetch, 30 << 20);
  ASSERT_TRUE(wait_until([&] { return proxy.total(&WorkerMetrics::spliced_bytes) > 1'000'000; }));
  script.error = EINVAL;
  EXPECT_TRUE(client.read_fetch(kRewrittenFetch, 30 << 20));
  EXPECT_EQ(client.who(), 2);
}

// What accept() and watch() say instead of what they should, while there is something to say.
class BadListeners : public SystemDecorator {
 public:
  struct Script {
    std::atomic<int> accept_error{0};
    std::atomic<uint64_t> accepts{0};
    std::atomic<int> listeners_unwatched{0};
  };
  BadListeners(std::unique_ptr<net::System> system, Script& script)
      : SystemDecorator(std::move(system)), script_(script) {}

  net::Accepted accept(net::Descriptor listener, const net::SocketOptions& options) override {
    ++script_.accepts;
    if (script_.accept_error != 0) return {net::kNoDescriptor, script_.accept_error, {}};
    return real->accept(listener, options);
  }
  bool watch(net::Descriptor descriptor, uint64_t tag) override {
    if (script_.listeners_unwatched > 0 && script_.listeners_unwatched-- > 0) return false;
    return real->watch(descriptor, tag);
  }

 private:
  Script& script_;
};

// Without a bound on the accepts of a turn, nobody would be served any more.
TEST_F(ServerSockets, HoweverManyClientsGiveUpOthersHaveTheirTurn) {
  BadListeners::Script script;
  ProxyUnderTest proxy(spec_, true, decorated<BadListeners>(script));
  TestClient client(proxy.port(2));
  EXPECT_EQ(client.who(), 2);
  script.accept_error = ECONNABORTED;
  TestClient waiting(proxy.port(2));
  ASSERT_TRUE(wait_until([&] { return script.accepts > 1000; }));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.who(), 2);
  script.accept_error = 0;
  EXPECT_EQ(waiting.who(), 2);
}

TEST_F(ServerSockets, AnErrorThatNobodyForesawPausesTheListenerAndIsTold) {
  BadListeners::Script script;
  ProxyUnderTest proxy(spec_, true, decorated<BadListeners>(script));
  TestClient client(proxy.port(2));
  EXPECT_EQ(client.who(), 2);
  script.accept_error = EINVAL;
  const uint64_t before = script.accepts;
  TestClient waiting(proxy.port(2));
  EXPECT_TRUE(proxy.logged("accept_paused", "not foreseen"));
  ASSERT_TRUE(wait_until([&] { return script.accepts >= before + 3; }));  // it tries again
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.who(), 2);
  EXPECT_LT(script.accepts, before + 300) << "it tried without a pause";
  script.accept_error = 0;
  EXPECT_EQ(waiting.who(), 2);
}

TEST_F(ServerSockets, AListenerThatCannotBeWatchedIsToldAndTriedAgain) {
  BadListeners::Script script;
  script.listeners_unwatched = 2;
  ProxyUnderTest proxy(spec_, false, decorated<BadListeners>(script));
  EXPECT_TRUE(proxy.logged("accept_paused", "cannot be watched"));
  ASSERT_TRUE(proxy.wait_known([](const ProxyStatus& status) { return status.ready; }));
  for (const int32_t id : {1, 2}) EXPECT_EQ(TestClient(proxy.port(id)).who(), id);
}

// Clients come as soon as a socket listens.
class EagerClients : public SystemDecorator {
 public:
  EagerClients(std::unique_ptr<net::System> system, std::vector<Socket>& clients)
      : SystemDecorator(std::move(system)), clients_(clients) {}

  Result<net::Descriptor> listen(const net::SocketAddress& address) override {
    auto listener = real->listen(address);
    for (int i = 0; i < 16; ++i) clients_.push_back(Socket::connect("127.0.0.1", address.port()));
    return listener;
  }

 private:
  std::vector<Socket>& clients_;
};

// Workers that are gone are handed no clients by those that are not gone yet.
TEST_F(ServerSockets, AStartThatFailsLeavesNoClientBehind) {
  const Socket taken = Socket::listen("127.0.0.1", 0, 8, false);
  spec_.serve.admin = HostPort{"127.0.0.1", taken.local_port()};
  spec_.serve.workers = 3;
  std::vector<Socket> clients;
  const size_t descriptors = open_descriptors();
  ASSERT_FALSE(try_to_start(spec_, decorated<EagerClients>(clients)));
  EXPECT_FALSE(clients.empty());
  clients.clear();
  EXPECT_EQ(open_descriptors(), descriptors);
}

// The accepts of one worker that found a client take their time.
class SlowAccepts : public SystemDecorator {
 public:
  struct Script {
    std::atomic<int> made{0};
    std::atomic<int> slow{-1};  // the number of the system, in the order they were made
    std::atomic<bool> waiting{false};
    std::atomic<int> listening{0};  // watches of sockets that listen
  };
  SlowAccepts(std::unique_ptr<net::System> system, Script& script)
      : SystemDecorator(std::move(system)), script_(script), number_(script.made++) {}

  net::Accepted accept(net::Descriptor listener, const net::SocketOptions& options) override {
    const net::Accepted accepted = real->accept(listener, options);
    if (accepted.error == 0 && script_.slow == number_) {
      script_.waiting = true;
      wait_until([&] { return !script_.waiting; });
    }
    return accepted;
  }
  bool watch(net::Descriptor descriptor, uint64_t tag) override {
    int listens = 0;
    socklen_t length = sizeof listens;
    ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length);
    script_.listening += listens;
    return real->watch(descriptor, tag);
  }

 private:
  Script& script_;
  const int number_;
};

// One worker accepted it for a listener, and hands it to another for which the port is already the
// next listener's.
TEST_F(ServerSockets, AClientIsCountedForTheListenerThatAcceptedIt) {
  constexpr int kOtherSystems = 2;  // the server's, and that of the keeper
  spec_.serve.workers = 2;
  SlowAccepts::Script script;
  ProxyUnderTest proxy(spec_, true, decorated<SlowAccepts>(script));
  TestClient first(proxy.port(2));
  ASSERT_EQ(first.who(), 2);
  const auto loads = proxy.status().connections_by_worker;
  script.slow = kOtherSystems + (loads[0] == 1 ? 0 : 1);  // it will hand over what it accepts
  Socket handed_over;
  ASSERT_TRUE(wait_until([&] {
    handed_over.close();  // the other worker had it
    proxy.wait_connections(1);
    handed_over = Socket::connect("127.0.0.1", proxy.port(2));
    return wait_until([&] { return script.waiting || proxy.server().connections() == 2; }) &&
           script.waiting;
  }));
  const int listening = script.listening;
  spec_.external_listeners.push_back(listener_spec("OTHER", {1}));
  std::vector<plan::ExternalListenerSpec>& listeners = spec_.external_listeners;
  listeners[1].brokers[2] = listeners[0].brokers.at(2);
  listeners[0].brokers.erase(2);
  ASSERT_TRUE(proxy.reload(spec_));
  ASSERT_TRUE(wait_until([&] { return script.listening == listening + 2; }));  // the other worker
  script.slow = -1;
  script.waiting = false;
  first.socket.close();
  handed_over.close();
  ASSERT_TRUE(proxy.wait_connections(0));
  for (const ListenerStatus& listener : proxy.status().external_listeners) {
    EXPECT_EQ(listener.connections, 0u) << listener.name;
  }
}

// Sends to brokers fail from a moment on, when their answer is already here; and receives that find
// nothing are counted.
class BrokerSockets : public SystemDecorator {
 public:
  struct Script {
    std::atomic<bool> sends_fail{false};
    std::function<void()> before_failure;
    std::atomic<uint32_t> empty_receives{0};
  };
  BrokerSockets(std::unique_ptr<net::System> system, Script& script)
      : SystemDecorator(std::move(system)), script_(script) {}

  net::Dialled dial(const net::SocketAddress& address, const net::SocketOptions& options) override {
    const net::Dialled dialled = real->dial(address, options);
    dialled_.push_back(dialled.descriptor);
    return dialled;
  }
  void close(net::Descriptor descriptor) override {
    std::erase(dialled_, descriptor);
    real->close(descriptor);
  }
  net::Io send(net::Descriptor socket, std::span<const ByteView> pieces) override {
    if (!is_brokers(socket) || !script_.sends_fail) return real->send(socket, pieces);
    script_.before_failure();
    pollfd answer{socket, POLLIN, 0};
    ::poll(&answer, 1, kPatienceMs);
    return {-1, EPIPE};
  }
  net::Io receive(net::Descriptor from, std::span<char> into) override {
    const net::Io got = real->receive(from, into);
    if (got.would_block() && is_brokers(from)) ++script_.empty_receives;
    return got;
  }

 private:
  bool is_brokers(net::Descriptor socket) const {
    return std::find(dialled_.begin(), dialled_.end(), socket) != dialled_.end();
  }

  Script& script_;
  std::vector<net::Descriptor> dialled_;
};

TEST_F(ServerSockets, WhatABrokerAnsweredBeforeItTookNothingAnyMoreIsDelivered) {
  BrokerSockets::Script script;
  script.before_failure = [this] { cluster_.broker(2).release_answers(); };
  ProxyUnderTest proxy(spec_, true, decorated<BrokerSockets>(script));
  cluster_.broker(2).hold_answers();
  TestClient client(proxy.port(2));
  const int32_t first = client.send_who();
  ASSERT_TRUE(wait_until([&] { return cluster_.broker(2).data_requests() == 1; }));
  script.sends_fail = true;
  client.send_who();
  EXPECT_EQ(client.read_who(first), 2);
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
}

// What was known of the socket that failed is not believed of the next: a read more for each
// answer.
TEST_F(ServerSockets, AFailedDialLeavesNoTraceInTheNextOne) {
  spec_.external_listeners[0].bootstrap_port = free_port();
  BrokerSockets::Script script;
  ProxyUnderTest proxy(spec_, true, decorated<BrokerSockets>(script));
  cluster_.broker(1).go_down();
  TestClient client(*spec_.external_listeners[0].bootstrap_port);
  EXPECT_EQ(client.who(), 2);
  EXPECT_EQ(proxy.total(&WorkerMetrics::broker_dials_failed), 1u);
  const uint32_t before = script.empty_receives;
  for (int i = 0; i < 50; ++i) ASSERT_EQ(client.who(), 2);
  EXPECT_LT(script.empty_receives - before, 25u);
}

// However the broker's bytes were cut, what it answered well arrives.
TEST_F(ServerSockets, AnswersBeforeABadOneAreDelivered) {
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).hold_answers();
  TestClient client(proxy.port(2));
  const int32_t good = client.send_who();
  client.send_who();
  ASSERT_TRUE(wait_until([&] { return proxy.in_flight() == 2; }));
  cluster_.broker(2).answer_with(who_answer(good, 2) + who_answer(good + 1000, 2));
  cluster_.broker(2).allow_answers(1);
  EXPECT_EQ(client.read_who(good), 2);
  size_t bytes = 0;
  EXPECT_EQ(client.socket.wait_for_end(&bytes), End::kFin);
  EXPECT_EQ(bytes, 0u) << "of the bad one";
  EXPECT_EQ(proxy.refusals(Refusal::kMalformedResponse), 1u);
}

}  // namespace
}  // namespace portway::proxy
