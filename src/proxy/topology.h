#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/host_port.h"
#include "net/socket_address.h"
#include "proxy/admin/admin_source.h"

namespace portway::proxy {

// A broker's inside address, with every socket address it resolves to (none: it does not).
struct ResolvedAddress {
  HostPort address;
  std::vector<net::SocketAddress> endpoints;

  bool operator==(const ResolvedAddress&) const = default;
};

// Who is where, at one moment. Immutable once published; workers hold it by shared_ptr.
struct Topology {
  TopologyState state = TopologyState::kUnknown;
  std::map<int32_t, ResolvedAddress> brokers;
  std::vector<ResolvedAddress> bootstrap;
  std::map<HostPort, ResolvedAddress> fixed;  // targets that are named by address

  bool operator==(const Topology&) const = default;
};

}  // namespace portway::proxy
