#include "app/demo/private_network.h"

#include <netdb.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

namespace portway::app {
namespace {

HostPort numeric_address(const sockaddr* address, socklen_t length) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  HostPort result;
  if (getnameinfo(address, length, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) == 0) {
    result.host = host.data();
    const std::string_view digits = port.data();
    std::from_chars(digits.data(), digits.data() + digits.size(), result.port);
  }
  return result;
}

}  // namespace

int PrivateNetwork::connect_socket(int socket, const sockaddr* address, socklen_t length,
                                   const char* broker) {
  const HostPort target = numeric_address(address, length);
  const bool allowed = target.host == reachable_host_;
  {
    const std::lock_guard lock(mutex_);
    attempts_.push_back({broker, target, allowed});
  }
  if (!allowed) return ENETUNREACH;
  // The socket does not block: connecting goes on while librdkafka waits.
  if (connect(socket, address, length) == 0 || errno == EINPROGRESS) return 0;
  return errno;
}

std::vector<ConnectAttempt> PrivateNetwork::attempts() const {
  const std::lock_guard lock(mutex_);
  return attempts_;
}

}  // namespace portway::app
