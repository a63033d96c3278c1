#include "net/linux_system.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <thread>

namespace portway::net {
namespace {

constexpr int64_t kFiveSecondsUs = 5'000'000;

class LinuxSystemTest : public testing::Test {
 protected:
  void SetUp() override {
    auto made = make_linux_system();
    ASSERT_TRUE(made.has_value());
    system_ = std::move(*made);
  }

  // Waits until an event carries `tag`; what it says is added up in the result.
  Event wait_for(uint64_t tag, bool Event::*what) {
    Event sum;
    while (!(sum.*what)) {
      const auto events = system_->wait(kFiveSecondsUs);
      if (events.empty()) {
        ADD_FAILURE() << "no event for " << tag;
        break;
      }
      for (const Event& event : events) {
        if (event.tag != tag) continue;
        sum.readable |= event.readable;
        sum.writable |= event.writable;
        sum.hung_up |= event.hung_up;
      }
    }
    return sum;
  }

  // Two ends of one TCP connection, watched with tags 2 and 3.
  std::pair<Descriptor, Descriptor> connect(const char* ip) {
    const Descriptor listener = system_->listen(SocketAddress::parse(ip, 0).value()).value();
    EXPECT_TRUE(system_->watch(listener, 1));
    const Dialled dialled = system_->dial(system_->local_address(listener), {});
    EXPECT_NE(dialled.descriptor, kNoDescriptor);
    wait_for(1, &Event::readable);
    const Accepted accepted = system_->accept(listener, {.keep_alive_ms = 60'000});
    EXPECT_NE(accepted.descriptor, kNoDescriptor);
    EXPECT_EQ(system_->accept(listener, {}).error, EAGAIN);
    EXPECT_TRUE(system_->watch(dialled.descriptor, 2));
    EXPECT_TRUE(system_->watch(accepted.descriptor, 3));
    system_->close(listener);
    EXPECT_EQ(system_->connect_error(dialled.descriptor), 0);
    return {dialled.descriptor, accepted.descriptor};
  }

  std::unique_ptr<System> system_;
};

TEST_F(LinuxSystemTest, AnAddressIsFreeUntilSomebodyListens) {
  for (const char* ip : {"127.0.0.1", "::1"}) {
    const Descriptor first = system_->listen(SocketAddress::parse(ip, 0).value()).value();
    const SocketAddress address = system_->local_address(first);
    const auto taken = system_->check_free(address);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, "cannot_listen");
    EXPECT_NE(taken.error().message.find(address.text()), std::string::npos);
    EXPECT_TRUE(system_->check_free(SocketAddress::parse(ip, 0).value()));
    const auto second = system_->listen(address);  // its own process shares when it means to
    ASSERT_TRUE(second);
    system_->close(first);
    EXPECT_FALSE(system_->check_free(address));
    system_->close(*second);
    EXPECT_TRUE(system_->check_free(address));
  }
}

TEST_F(LinuxSystemTest, MovesBytesOverBothFamilies) {
  for (const char* ip : {"127.0.0.1", "::1"}) {
    const auto [left, right] = connect(ip);
    const std::array<ByteView, 3> pieces = {"ab", "", "cd"};
    EXPECT_EQ(system_->send(left, pieces).bytes, 4);
    wait_for(3, &Event::readable);
    std::array<char, 16> buffer{};
    EXPECT_EQ(system_->receive(right, buffer).bytes, 4);
    EXPECT_EQ(ByteView(buffer.data(), 4), "abcd");
    EXPECT_TRUE(system_->receive(right, buffer).would_block());
    system_->shutdown_send(left);
    wait_for(3, &Event::hung_up);
    EXPECT_EQ(system_->receive(right, buffer).bytes, 0);
    system_->close(left);
    system_->close(right);
  }
}

TEST_F(LinuxSystemTest, SplicesThroughAPipe) {
  const auto [left, right] = connect("127.0.0.1");
  const Pipe pipe = system_->make_pipe(65536).value();
  const std::array<ByteView, 1> pieces = {"spliced"};
  system_->send(left, pieces);
  wait_for(3, &Event::readable);
  EXPECT_EQ(system_->splice(right, pipe.write_end, 100).bytes, 7);
  EXPECT_EQ(system_->splice(pipe.read_end, right, 100).bytes, 7);
  wait_for(2, &Event::readable);
  std::array<char, 16> buffer{};
  EXPECT_EQ(system_->receive(left, buffer).bytes, 7);
  EXPECT_TRUE(system_->splice(right, pipe.write_end, 100).would_block());
}

TEST_F(LinuxSystemTest, SplicingToAClosedSocketIsAnErrorAndNoSignal) {
  const auto [client, server] = connect("127.0.0.1");
  const Pipe pipe = system_->make_pipe(65536).value();
  const std::array<ByteView, 1> pieces = {"to nobody"};
  EXPECT_EQ(system_->send(client, pieces).bytes, 9);
  wait_for(3, &Event::readable);
  EXPECT_EQ(system_->splice(server, pipe.write_end, 9).bytes, 9);
  system_->shutdown_send(server);
  const Io sent = system_->splice(pipe.read_end, server, 9);
  EXPECT_FALSE(sent.ok());
  EXPECT_EQ(sent.error, EPIPE);
  for (const Descriptor descriptor : {client, server, pipe.read_end, pipe.write_end}) {
    system_->close(descriptor);
  }
}

TEST_F(LinuxSystemTest, SaysWhyItCannotListen) {
  const auto nowhere = system_->listen(SocketAddress::parse("203.0.113.7", 9092).value());
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().code, "cannot_listen");
  EXPECT_NE(nowhere.error().message.find("203.0.113.7:9092"), std::string::npos);
}

TEST_F(LinuxSystemTest, WakesFromAnotherThread) {
  std::thread other([this] { system_->wake(); });
  EXPECT_TRUE(system_->wait(kFiveSecondsUs).empty());
  other.join();
}

TEST_F(LinuxSystemTest, ResolvesNamesAndAddresses) {
  EXPECT_EQ(system_->resolve({"127.0.0.1", 9092}).value().front().text(), "127.0.0.1:9092");
  EXPECT_FALSE(system_->resolve({"localhost", 1}).value().empty());
  const auto unknown = system_->resolve({"no-such-host.invalid", 1});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_NE(unknown.error().message.find("no-such-host.invalid"), std::string::npos);
}

TEST_F(LinuxSystemTest, TimesOutByItsOwnClock) {
  const int64_t before = system_->now_us();
  EXPECT_TRUE(system_->wait(2'000).empty());
  EXPECT_GE(system_->now_us() - before, 2'000);
}

}  // namespace
}  // namespace portway::net
