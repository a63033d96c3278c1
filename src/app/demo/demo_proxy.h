#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/host_port.h"
#include "base/result.h"
#include "plan/spec.h"
#include "proxy/server.h"

namespace portway::app {

// Portway as the demo runs it: one external listener on a loopback address of this process's own,
// configured by a portway.yaml that is made here and read like any other. One thread.
class DemoProxy {
 public:
  // Returns when the proxy is ready: its ports are open and it knows the brokers. Takes the first
  // range of kFirstPorts that is free: a Kafka of this machine may listen on 9092 of all addresses.
  static Result<std::unique_ptr<DemoProxy>> start(const std::map<int, HostPort>& brokers);
  static constexpr std::array<uint16_t, 4> kFirstPorts = {9092, 19092, 29092, 39092};

  const std::string& yaml() const { return yaml_; }
  const std::string& host() const { return host_; }
  const HostPort& bootstrap() const { return bootstrap_; }
  // Broker id -> what clients are told.
  const std::map<int, HostPort>& advertised() const { return advertised_; }

  uint64_t requests_forwarded() const;
  uint64_t responses_rewritten() const;

 private:
  DemoProxy() = default;
  static Result<std::unique_ptr<DemoProxy>> start(const std::map<int, HostPort>& brokers,
                                                  uint16_t first_port);
  Result<void> wait_until_ready();

  std::string yaml_;
  std::string host_;
  HostPort bootstrap_;
  std::map<int, HostPort> advertised_;
  std::unique_ptr<proxy::Server> server_;
};

}  // namespace portway::app
