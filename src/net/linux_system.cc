#include "net/linux_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

namespace portway::net {
namespace {

constexpr int kBacklog = 4096;
constexpr size_t kEventsPerWait = 256;
constexpr size_t kPiecesPerSend = 64;
// No tag of a caller is this: callers' tags are pointers.
constexpr uint64_t kWakeTag = 0;

// Probes after the first silence: ten seconds apart, five of them, as kafka clients' hosts expect
// nothing finer; a dead peer is found keep_alive + 50 s after its last sign.
constexpr int kKeepAliveIntervalS = 10;
constexpr int kKeepAliveProbes = 5;

Io from_result(ssize_t result) {
  if (result >= 0) return {result, 0};
  return {-1, errno};
}

void set_option(int socket, int level, int name, int value) {
  // Options are improvements, never needed for correctness: a refusal is not an error.
  ::setsockopt(socket, level, name, &value, sizeof value);
}

void apply(int socket, const SocketOptions& options) {
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  if (options.keep_alive_ms > 0) {
    set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    const int idle_s = std::max(1, static_cast<int>(options.keep_alive_ms / 1000));
    set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, idle_s);
    set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveIntervalS);
    set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveProbes);
    // Keep-alive says nothing while sent bytes are unacknowledged; this does.
    const auto user_timeout_ms =
        static_cast<int>(std::min<uint32_t>(options.keep_alive_ms, 3'600'000) +
                         1000 * kKeepAliveIntervalS * kKeepAliveProbes);
    set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, user_timeout_ms);
  }
  if (options.receive_buffer_bytes > 0) {
    set_option(socket, SOL_SOCKET, SO_RCVBUF, static_cast<int>(options.receive_buffer_bytes));
  }
  if (options.send_buffer_bytes > 0) {
    set_option(socket, SOL_SOCKET, SO_SNDBUF, static_cast<int>(options.send_buffer_bytes));
  }
}

void ignore_broken_pipes() {
  struct sigaction action {};
  ::sigaction(SIGPIPE, nullptr, &action);
  if (action.sa_handler != SIG_DFL) return;
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

class LinuxSystem final : public System {
 public:
  LinuxSystem(int epoll, int wake) : epoll_(epoll), wake_(wake) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;  // always writable, which is no event
    event.data.u64 = kWakeTag;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
  }
  ~LinuxSystem() override {
    ::close(wake_);
    ::close(epoll_);
  }

  int64_t now_us() override {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  }

  Result<Descriptor> listen(const SocketAddress& address) override {
    const int socket = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return cannot_listen(address);
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1);
    if (address.family() == AF_INET6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (::bind(socket, address.data(), address.length()) != 0 || ::listen(socket, kBacklog) != 0) {
      auto error = cannot_listen(address);
      ::close(socket);
      return error;
    }
    return socket;
  }

  // SO_REUSEADDR lets addresses pass that are only bound, or in TIME_WAIT. It does not listen: a
  // client would be taken and dropped.
  Result<void> check_free(const SocketAddress& address) override {
    const int socket = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return cannot_listen(address);
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    if (address.family() == AF_INET6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    Result<void> free;
    if (::bind(socket, address.data(), address.length()) != 0) free = cannot_listen(address);
    ::close(socket);
    return free;
  }

  SocketAddress local_address(Descriptor socket) override {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    if (::getsockname(socket, address, &length) != 0) return {};
    return {address, length};
  }

  Accepted accept(Descriptor listener, const SocketOptions& options) override {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    const int socket = ::accept4(listener, address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) return {kNoDescriptor, errno, {}};
    apply(socket, options);
    return {socket, 0, SocketAddress(address, length)};
  }

  Dialled dial(const SocketAddress& address, const SocketOptions& options) override {
    const int socket = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return {kNoDescriptor, errno, false};
    apply(socket, options);
    if (::connect(socket, address.data(), address.length()) == 0) return {socket, 0, false};
    if (errno == EINPROGRESS) return {socket, 0, true};
    const int error = errno;
    ::close(socket);
    return {kNoDescriptor, error, false};
  }

  int connect_error(Descriptor socket) override {
    int error = 0;
    socklen_t length = sizeof error;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
    return error;
  }

  Io receive(Descriptor from, std::span<char> into) override {
    return from_result(::read(from, into.data(), into.size()));
  }

  Io send(Descriptor socket, std::span<const ByteView> pieces) override {
    if (pieces.size() == 1) {
      return from_result(::send(socket, pieces[0].data(), pieces[0].size(), MSG_NOSIGNAL));
    }
    std::array<iovec, kPiecesPerSend> vector;
    const size_t count = std::min(pieces.size(), vector.size());
    for (size_t i = 0; i < count; ++i) {
      vector[i].iov_base = const_cast<char*>(pieces[i].data());
      vector[i].iov_len = pieces[i].size();
    }
    msghdr message{};
    message.msg_iov = vector.data();
    message.msg_iovlen = count;
    // More pieces follow at once: the kernel need not make a packet of the first ones.
    const int more = count < pieces.size() ? MSG_MORE : 0;
    return from_result(::sendmsg(socket, &message, MSG_NOSIGNAL | more));
  }

  void shutdown_send(Descriptor socket) override { ::shutdown(socket, SHUT_WR); }
  void close(Descriptor descriptor) override { ::close(descriptor); }

  Result<Pipe> make_pipe(size_t capacity_bytes) override {
    int ends[2];
    if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) {
      return fail(Fault::kSelf, "out_of_descriptors",
                  fmt::format("no pipe can be made: {}", std::strerror(errno)));
    }
    // Above /proc/sys/fs/pipe-max-size, or the user's share of pipe pages, the size stays smaller.
    ::fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(capacity_bytes));
    const int size = ::fcntl(ends[1], F_GETPIPE_SZ);
    return Pipe{ends[0], ends[1], size > 0 ? static_cast<size_t>(size) : 65536};
  }

  Io splice(Descriptor from, Descriptor to, size_t bytes) override {
    return from_result(
        ::splice(from, nullptr, to, nullptr, bytes, SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
  }

  bool watch(Descriptor descriptor, uint64_t tag) override {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = tag;
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0;
  }

  void forget(Descriptor descriptor) override {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  }

  std::span<const Event> wait(int64_t timeout_us) override {
    // Rounded up: waking early would mean waking twice.
    const int timeout_ms =
        timeout_us < 0 ? -1
                       : static_cast<int>(std::min<int64_t>((timeout_us + 999) / 1000, 3'600'000));
    const int count = ::epoll_wait(epoll_, raw_.data(), static_cast<int>(raw_.size()), timeout_ms);
    size_t used = 0;
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = raw_[static_cast<size_t>(i)];
      if (event.data.u64 == kWakeTag) {
        uint64_t times = 0;
        [[maybe_unused]] const ssize_t got = ::read(wake_, &times, sizeof times);
        continue;
      }
      events_[used++] = {event.data.u64, (event.events & EPOLLIN) != 0,
                         (event.events & EPOLLOUT) != 0,
                         (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0};
    }
    return {events_.data(), used};
  }

  void wake() override {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
  }

  Result<std::vector<SocketAddress>> resolve(const HostPort& address) override {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int error =
        ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &list);
    if (error != 0) {
      return fail(Fault::kOperator, "cannot_resolve",
                  fmt::format("the name '{}' does not resolve: {}", address.host,
                              error == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(error)));
    }
    std::vector<SocketAddress> found;
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
      found.emplace_back(entry->ai_addr, entry->ai_addrlen);
    }
    ::freeaddrinfo(list);
    return found;
  }

 private:
  static tl::unexpected<Error> cannot_listen(const SocketAddress& address) {
    return fail(Fault::kOperator, "cannot_listen",
                fmt::format("cannot listen on {}: {}", address.text(), std::strerror(errno)));
  }

  const int epoll_;
  const int wake_;
  std::array<epoll_event, kEventsPerWait> raw_;
  std::array<Event, kEventsPerWait> events_;
};

}  // namespace

bool Io::would_block() const { return bytes < 0 && (error == EAGAIN || error == EINTR); }

bool Io::unsupported() const {
  return bytes < 0 && (error == EINVAL || error == ENOSYS || error == EPERM || error == EOPNOTSUPP);
}

Result<std::unique_ptr<System>> make_linux_system() {
  ignore_broken_pipes();
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  const int wake = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epoll < 0 || wake < 0) {
    const int error = errno;
    if (epoll >= 0) ::close(epoll);
    if (wake >= 0) ::close(wake);
    return fail(Fault::kSelf, "out_of_descriptors",
                fmt::format("no epoll instance can be made: {}", std::strerror(error)));
  }
  return std::make_unique<LinuxSystem>(epoll, wake);
}

}  // namespace portway::net
