#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "net/linux_system.h"
#include "net/system.h"
#include "proxy/server.h"

namespace portway::proxy {

// The real system, of which a test replaces what it wants to fail. Derive and override; the rest
// goes to `real`.
class SystemDecorator : public net::System {
 public:
  explicit SystemDecorator(std::unique_ptr<net::System> system) : real(std::move(system)) {}

  int64_t now_us() override { return real->now_us(); }
  Result<net::Descriptor> listen(const net::SocketAddress& address) override {
    return real->listen(address);
  }
  Result<void> check_free(const net::SocketAddress& address) override {
    return real->check_free(address);
  }
  net::SocketAddress local_address(net::Descriptor socket) override {
    return real->local_address(socket);
  }
  net::Accepted accept(net::Descriptor listener, const net::SocketOptions& options) override {
    return real->accept(listener, options);
  }
  net::Dialled dial(const net::SocketAddress& address, const net::SocketOptions& options) override {
    return real->dial(address, options);
  }
  int connect_error(net::Descriptor socket) override { return real->connect_error(socket); }
  net::Io receive(net::Descriptor from, std::span<char> into) override {
    return real->receive(from, into);
  }
  net::Io send(net::Descriptor socket, std::span<const ByteView> pieces) override {
    return real->send(socket, pieces);
  }
  void shutdown_send(net::Descriptor socket) override { real->shutdown_send(socket); }
  void close(net::Descriptor descriptor) override { real->close(descriptor); }
  Result<net::Pipe> make_pipe(size_t capacity_bytes) override {
    return real->make_pipe(capacity_bytes);
  }
  net::Io splice(net::Descriptor from, net::Descriptor to, size_t bytes) override {
    return real->splice(from, to, bytes);
  }
  bool watch(net::Descriptor descriptor, uint64_t tag) override {
    return real->watch(descriptor, tag);
  }
  void forget(net::Descriptor descriptor) override { real->forget(descriptor); }
  std::span<const net::Event> wait(int64_t timeout_us) override { return real->wait(timeout_us); }
  void wake() override { real->wake(); }
  Result<std::vector<net::SocketAddress>> resolve(const HostPort& address) override {
    return real->resolve(address);
  }

  const std::unique_ptr<net::System> real;
};

// Makes a `Decorated` of the real system and `more`, which all of them share.
template <typename Decorated, typename... More>
Server::MakeSystem decorated(More&... more) {
  return [&more...]() -> Result<std::unique_ptr<net::System>> {
    auto system = net::make_linux_system();
    if (!system) return system;
    return std::make_unique<Decorated>(std::move(*system), more...);
  };
}

}  // namespace portway::proxy
