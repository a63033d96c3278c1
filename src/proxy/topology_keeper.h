#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/host_port.h"
#include "base/result.h"
#include "kafka/metadata.h"
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
  int64_t retry_us = 1'000'000;           // while nothing is known
  int64_t query_timeout_us = 10'000'000;  // of one broker, which gets kAskBrokerUs at most
};

// One broker has so long to tell the topology: the next may be in better health.
inline constexpr int64_t kAskBrokerUs = 2'000'000;

// So many refreshes in a row have to find nobody but brokers that demand SASL before a cluster that
// answered plainly is taken to demand it: one that restarts can look like that, too.
inline constexpr int kRefreshesToDoubt = 3;

// Keeps the topology: asks for Metadata whoever answered last, then the bootstrap brokers, then
// those known; at the start, at every refresh and when told to. Resolves every name again, and
// takes what workers saw passing by, between brokers and while it waits for one. All of it on a
// thread of its own, so that no worker ever waits for a name or a broker.
//
// What to believe: an answer to its own question is the whole truth (so is a lesson, where brokers
// demand SASL). What passes by adds brokers that are not known; about those that are it is believed
// only where brokers demand SASL, and has brokers asked again elsewhere: it may be older. A name
// that does not resolve for now keeps the addresses that it had.
class TopologyKeeper {
 public:
  // Called on the keeper's thread.
  struct Listener {
    // A topology different from the last was published.
    std::function<void(std::shared_ptr<const Topology>)> on_change;
    // Brokers were asked, whatever came of it; after `on_change`. May be null.
    std::function<void()> on_refresh;
  };

  TopologyKeeper(std::unique_ptr<net::System> system, TopologySources sources, TopologyTimes times,
                 std::string client_id, Listener listener);
  ~TopologyKeeper();  // stops the thread
  TopologyKeeper(const TopologyKeeper&) = delete;
  TopologyKeeper& operator=(const TopologyKeeper&) = delete;

  void start();
  // Ends the thread; what others tell the keeper from then on is lost. Waits for the resolution of
  // one name at most.
  void stop();

  // Any thread, never blocking for long:
  std::shared_ptr<const Topology> current() const;
  void learn(int32_t broker_id, const HostPort& address);  // seen in a response
  void replace(std::vector<kafka::BrokerEntry> brokers);   // a lesson: all brokers there are
  // The broker does not take connections at this address. Where brokers demand SASL nobody tells of
  // a new one while this one is believed: it is forgotten, so that the next client brings a lesson.
  void forget(int32_t broker_id, const HostPort& address);
  void refresh_soon();  // something does not fit: ask again
  void change_sources(TopologySources sources);

  struct Health {
    int64_t age_us = 0;  // since the last refresh that worked
    std::string error;   // of the last refresh; empty when it worked
  };
  Health health() const;

 private:
  struct Inbox {
    std::map<int32_t, HostPort> seen;
    std::map<int32_t, HostPort> forgotten;
    std::vector<kafka::BrokerEntry> lesson;  // older than the two above
    std::unique_ptr<TopologySources> sources;
    bool refresh = false;
    bool stop = false;
  };

  void run();
  bool take_inbox();  // false: stop
  void take_news(const Inbox& inbox);
  bool given_up() const { return stopping_ || sources_changed_; }
  bool refresh();  // whether brokers were learnt, or known to be behind SASL
  std::vector<HostPort> candidates() const;
  Result<std::vector<kafka::BrokerEntry>> ask(const net::SocketAddress& endpoint);
  void take_answer(Topology next, const std::vector<kafka::BrokerEntry>& brokers);
  bool keep_known(Topology next, bool demand_sasl, const std::string& errors);
  Topology from_sources();
  ResolvedAddress resolve(const HostPort& address);
  std::vector<net::SocketAddress> last_endpoints(const HostPort& address) const;
  bool stop_wanted() const;
  void publish(Topology topology);
  void log_changes(const Topology& last, const Topology& next);
  void note(const std::string& error);

  const std::unique_ptr<net::System> system_;
  const TopologyTimes times_;
  const std::string client_id_;
  const Listener listener_;

  // The thread's own:
  TopologySources sources_;
  bool stopping_ = false;
  bool sources_changed_ = false;  // a refresh from the old ones is pointless
  bool refresh_wanted_ = false;
  std::optional<HostPort> answered_last_;
  int doubts_ = 0;  // refreshes in a row that met nobody but brokers that demand SASL

  mutable std::mutex mutex_;  // guards what follows
  Inbox inbox_;
  std::shared_ptr<const Topology> current_;
  int64_t refreshed_us_ = 0;
  std::string error_;

  std::thread thread_;
};

}  // namespace portway::proxy
