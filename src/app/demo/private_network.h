#pragma once

#include <sys/socket.h>

#include <mutex>
#include <string>
#include <vector>

#include "base/host_port.h"

namespace portway::app {

// One attempt of a client to connect.
struct ConnectAttempt {
  std::string broker;  // librdkafka's name for whom it meant, as in "127.64.0.1:9092/1"
  HostPort address;    // where it went
  bool allowed = false;

  bool operator==(const ConnectAttempt&) const = default;
};

// The network that the demo's client lives in: one address can be reached and no other, as in a VPC
// with a private endpoint. Everything else is refused, and remembered. Any thread.
class PrivateNetwork {
 public:
  explicit PrivateNetwork(std::string reachable_host)
      : reachable_host_(std::move(reachable_host)) {}

  // Connects `socket`, or refuses. Returns 0 or an errno, as librdkafka's connect callback does.
  int connect_socket(int socket, const sockaddr* address, socklen_t length, const char* broker);

  std::vector<ConnectAttempt> attempts() const;

 private:
  std::string reachable_host_;
  mutable std::mutex mutex_;
  std::vector<ConnectAttempt> attempts_;
};

}  // namespace portway::app
