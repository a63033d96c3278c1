#include "proxy/testing/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "net/socket_address.h"
#include "proxy/testing/waiting.h"

namespace portway::proxy {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
  std::abort();
}

void set_option(int socket, int level, int name, int value) {
  ::setsockopt(socket, level, name, &value, sizeof value);
}

}  // namespace

Socket::Socket(int descriptor) : descriptor_(descriptor) {
  const timeval patience{kPatienceMs / 1000, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  set_option(descriptor_, IPPROTO_TCP, TCP_NODELAY, 1);
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Socket Socket::connect(const std::string& ip, uint16_t port, int receive_buffer_bytes) {
  const auto address = net::SocketAddress::parse(ip, port);
  if (!address) give_up("not an address to connect to");
  Socket made(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (receive_buffer_bytes > 0) {
    set_option(made.descriptor_, SOL_SOCKET, SO_RCVBUF, receive_buffer_bytes);
  }
  if (::connect(made.descriptor_, address->data(), address->length()) != 0) made.close();
  return made;
}

Socket Socket::begin_to_connect(const std::string& ip, uint16_t port) {
  const auto address = net::SocketAddress::parse(ip, port);
  if (!address) give_up("not an address to connect to");
  Socket made(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ::connect(made.descriptor_, address->data(), address->length());
  return made;
}

Socket Socket::listen(const std::string& ip, uint16_t port, int backlog, bool reuse_port) {
  const auto address = net::SocketAddress::parse(ip, port);
  if (!address) give_up("not an address to listen on");
  Socket made(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  set_option(made.descriptor_, SOL_SOCKET, SO_REUSEADDR, 1);
  if (reuse_port) set_option(made.descriptor_, SOL_SOCKET, SO_REUSEPORT, 1);
  if (::bind(made.descriptor_, address->data(), address->length()) != 0) give_up("bind");
  if (backlog >= 0 && ::listen(made.descriptor_, backlog) != 0) give_up("listen");
  return made;
}

uint16_t Socket::local_port() const {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (::getsockname(descriptor_, address, &length) != 0) give_up("getsockname");
  return net::SocketAddress(address, length).port();
}

Socket Socket::accept() {
  const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  return descriptor < 0 ? Socket() : Socket(descriptor);
}

bool Socket::send_all(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string Socket::receive(size_t bytes) {
  std::string received(bytes, '\0');
  size_t count = 0;
  while (count < bytes) {
    const size_t part = receive_some(received.data() + count, bytes - count);
    if (part == 0) break;
    count += part;
  }
  received.resize(count);
  return received;
}

size_t Socket::receive_some(char* into, size_t bytes) {
  const ssize_t got = ::recv(descriptor_, into, bytes, 0);
  return got > 0 ? static_cast<size_t>(got) : 0;
}

End Socket::wait_for_end(size_t* dropped) {
  std::vector<char> buffer(64 << 10);
  while (true) {
    const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (got == 0) return End::kFin;
    if (got < 0) return errno == EAGAIN ? End::kTimeout : End::kReset;
    if (dropped != nullptr) *dropped += static_cast<size_t>(got);
  }
}

void Socket::finish_sending() { ::shutdown(descriptor_, SHUT_WR); }

void Socket::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Socket::interrupt(Interrupt how) {
  ::shutdown(descriptor_, how == Interrupt::kBoth ? SHUT_RDWR : SHUT_RD);
}

void Socket::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

uint16_t free_port(const std::string& ip) {
  static std::mutex mutex;
  static std::vector<Socket> reserved;  // bound, not listening
  const std::lock_guard lock(mutex);
  reserved.push_back(Socket::listen(ip, 0, -1, true));
  return reserved.back().local_port();
}

}  // namespace portway::proxy
