#include "net/socket_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <cstring>

namespace portway::net {
namespace {

template <typename T>
T read_as(const sockaddr_storage& storage) {
  T address;
  std::memcpy(&address, &storage, sizeof address);
  return address;
}

}  // namespace

SocketAddress::SocketAddress(const sockaddr* address, socklen_t length) : length_(length) {
  std::memcpy(&storage_, address, length);
}

Result<SocketAddress> SocketAddress::parse(std::string_view ip, uint16_t port) {
  const std::string text(ip);
  SocketAddress result;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&result.storage_, &v4, sizeof v4);
    result.length_ = sizeof v4;
  } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    std::memcpy(&result.storage_, &v6, sizeof v6);
    result.length_ = sizeof v6;
  } else {
    return fail(Fault::kOperator, "bad_ip",
                fmt::format("'{}' is not an IP address; write for example 0.0.0.0 or ::", text));
  }
  return result.with_port(port);
}

uint16_t SocketAddress::port() const {
  // sin_port and sin6_port stand at the same place.
  return ntohs(read_as<sockaddr_in>(storage_).sin_port);
}

SocketAddress SocketAddress::with_port(uint16_t port) const {
  SocketAddress result = *this;
  auto header = read_as<sockaddr_in>(storage_);
  header.sin_port = htons(port);
  std::memcpy(&result.storage_, &header, sizeof header);
  return result;
}

std::string SocketAddress::text() const {
  char ip[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET) {
    const auto v4 = read_as<sockaddr_in>(storage_);
    inet_ntop(AF_INET, &v4.sin_addr, ip, sizeof ip);
    return fmt::format("{}:{}", ip, port());
  }
  if (family() == AF_INET6) {
    const auto v6 = read_as<sockaddr_in6>(storage_);
    inet_ntop(AF_INET6, &v6.sin6_addr, ip, sizeof ip);
    return fmt::format("[{}]:{}", ip, port());
  }
  return "-";
}

bool SocketAddress::operator==(const SocketAddress& other) const {
  return length_ == other.length_ && std::memcmp(&storage_, &other.storage_, length_) == 0;
}

}  // namespace portway::net
