#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/host_port.h"
#include "net/system.h"
#include "proxy/topology.h"

namespace portway::proxy {

// What to learn the topology from. Changes with a reload.
struct TopologySources {
  std::vector<HostPort> bootstrap;
  std::vector<HostPort> fixed;                // addresses that ports lead to whatever broker it is
  std::map<HostPort, HostPort> dial_mapping;  // dialled instead (kafka-proxy)
};

struct TopologyTimes {
  int64_t refresh_us = 30'000'000;
  int64_t retry_us = 1'000'000;  // while nothing is known
  int64_t query_timeout_us = 10'000'000;
};

// Keeps the topology: asks the bootstrap brokers (then those known) for Metadata, at the start, at
// every refresh and when told to, resolves every name again, and takes what workers saw passing by.
// All of it on a thread of its own, so that no worker ever waits for a name or a broker.
//
// `on_change` is called on that thread whenever a topology different from the last is published.
class TopologyKeeper {
 public:
  using OnChange = std::function<void(std::shared_ptr<const Topology>)>;

  TopologyKeeper(std::unique_ptr<net::System> system, TopologySources sources, TopologyTimes times,
                 std::string client_id, OnChange on_change);
  ~TopologyKeeper();  // stops the thread
  TopologyKeeper(const TopologyKeeper&) = delete;
  TopologyKeeper& operator=(const TopologyKeeper&) = delete;

  void start();

  // Any thread, never blocking for long:
  std::shared_ptr<const Topology> current() const;
  void learn(int32_t broker_id, const HostPort& address);  // seen in a response
  void refresh_soon();                                     // something does not fit: ask again
  void change_sources(TopologySources sources);

  struct Health {
    int64_t age_us = 0;  // since the last refresh that worked
    std::string error;   // of the last refresh; empty when it worked
  };
  Health health() const;

 private:
  struct Inbox {
    std::map<int32_t, HostPort> seen;
    std::unique_ptr<TopologySources> sources;
    bool refresh = false;
    bool stop = false;
  };

  void run();
  bool refresh();  // whether brokers were learnt, or known to be behind SASL
  Topology from_sources();
  ResolvedAddress resolve(const HostPort& address);
  void take_seen(const std::map<int32_t, HostPort>& seen);
  void publish(Topology topology);
  void note(const std::string& error);

  const std::unique_ptr<net::System> system_;
  TopologySources sources_;  // the thread's own
  const TopologyTimes times_;
  const std::string client_id_;
  const OnChange on_change_;

  mutable std::mutex mutex_;  // guards what follows
  Inbox inbox_;
  std::shared_ptr<const Topology> current_;
  int64_t refreshed_us_ = 0;
  std::string error_;

  std::thread thread_;
};

}  // namespace portway::proxy
