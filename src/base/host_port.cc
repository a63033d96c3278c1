#include "base/host_port.h"

#include <fmt/format.h>

#include <charconv>

namespace portway {
namespace {

tl::unexpected<Error> bad_address(std::string_view text, std::string_view why) {
  return fail(Fault::kOperator, "bad_address",
              fmt::format("'{}' is not host:port: {}; write for example 10.64.0.2:9092, "
                          "broker1.example:9092 or [2001:db8::1]:9092",
                          text, why));
}

}  // namespace

Result<HostPort> parse_host_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_address(text, "the port is missing");
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad_address(text, "an IPv6 address needs brackets");
  }
  if (host.empty()) return bad_address(text, "the host is missing");
  if (host.find_first_of(" \t\r\n[]{}<>/,") != std::string_view::npos) {
    return bad_address(text, "the host has a character that no host has");
  }
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port < 1 || port > 65535) {
    return bad_address(text, fmt::format("the port '{}' is not a number from 1 to 65535", digits));
  }
  return HostPort{std::string(host), static_cast<uint16_t>(port)};
}

std::string to_string(const HostPort& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", address.host, address.port)
            : fmt::format("{}:{}", address.host, address.port);
}

}  // namespace portway
