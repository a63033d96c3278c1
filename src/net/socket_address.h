#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace portway::net {

// An IP address with a port, ready for connect() and bind(). A value.
class SocketAddress {
 public:
  SocketAddress() = default;
  SocketAddress(const sockaddr* address, socklen_t length);

  // A numeric IPv4 or IPv6 address, no name. Error: operator, "bad_ip".
  static Result<SocketAddress> parse(std::string_view ip, uint16_t port);

  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t length() const { return length_; }
  int family() const { return storage_.ss_family; }
  uint16_t port() const;
  SocketAddress with_port(uint16_t port) const;

  // "10.0.0.1:9092" or "[::1]:9092"; "-" when unset.
  std::string text() const;

  bool operator==(const SocketAddress& other) const;

 private:
  sockaddr_storage storage_{};
  socklen_t length_ = 0;
};

}  // namespace portway::net
