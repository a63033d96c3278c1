#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace portway {

// Where to connect to: a host name or an address without brackets, and a TCP port.
struct HostPort {
  std::string host;
  uint16_t port = 0;

  bool operator==(const HostPort&) const = default;
  auto operator<=>(const HostPort&) const = default;
};

// "host:port" or "[v6]:port"; the error (operator, "bad_address") names the text and what is wrong
// with it. Ports are 1-65535.
Result<HostPort> parse_host_port(std::string_view text);

// The reverse of parse_host_port: a host with a colon gets brackets.
std::string to_string(const HostPort& address);

}  // namespace portway
