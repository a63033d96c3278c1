// The server.properties of one cluster: what Kafka cannot see, because each broker reads its own
// only.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "plan/check/check_brokers.h"
#include "plan/check/tidb_cloud_name_check.h"

namespace portway::plan {
namespace {

class Together {
 public:
  Together(const std::vector<BrokerFile>& brokers, std::vector<Finding>& findings)
      : brokers_(brokers), findings_(findings) {}

  void run() {
    for (const BrokerFile& broker : brokers_) {
      check_id(broker);
      check_advertised(broker);
      check_voters(broker);
      check_protocols(broker);
    }
  }

 private:
  void add(Check check, const BrokerFile& broker, std::string_view key, std::string message) {
    BrokerReport(broker.file.name, findings_)
        .add(check, broker.entry(key), key, std::move(message));
  }

  void check_id(const BrokerFile& broker) {
    if (!broker.node_id) return;
    const auto [first, is_new] = by_id_.emplace(*broker.node_id, &broker);
    if (is_new) return;
    const std::string_view key = broker.entry("node.id") != nullptr ? "node.id" : "broker.id";
    add(Check::kNodeIdTwice, broker, key,
        fmt::format("{} is also the id in {}", *broker.node_id, first->second->file.name));
  }

  // Behind an endpoint the port alone tells brokers apart, whatever the names are. The endpoint of
  // one unique string is one address.
  static std::string address_of(const KafkaListener& listener) {
    const auto name = parse_tidb_cloud_name(listener.host);
    return name ? fmt::format("{}.{}.{}.{}", name->az_id, name->unique, name->region, name->number)
                : listener.host;
  }

  void check_advertised(const BrokerFile& broker) {
    if (!broker.is_broker || !broker.advertised) return;
    for (const KafkaListener& listener : *broker.advertised) {
      if (listener.host.empty() || listener.host == "0.0.0.0" || is_placeholder(listener.host)) {
        continue;
      }
      const auto [first, is_new] =
          by_address_.emplace(std::pair(address_of(listener), listener.port), &broker);
      if (is_new || first->second == &broker) continue;
      add(Check::kAdvertisedTwice, broker, "advertised.listeners",
          fmt::format("{}:{} is the port of the broker in {}", listener.host, listener.port,
                      first->second->file.name));
    }
  }

  void check_voters(const BrokerFile& broker) {
    if (!broker.voters || broker.voters->empty()) return;
    auto voters = *broker.voters;
    std::sort(voters.begin(), voters.end(),
              [](const QuorumVoter& a, const QuorumVoter& b) { return a.id < b.id; });
    if (voters_of_ == nullptr) {
      voters_ = std::move(voters);
      voters_of_ = &broker;
    } else if (voters != voters_) {
      add(Check::kVotersDiffer, broker, "controller.quorum.voters",
          fmt::format("'{}' here and '{}' in {}", to_string(voters), to_string(voters_),
                      voters_of_->file.name));
    }
  }

  void check_protocols(const BrokerFile& broker) {
    if (!broker.protocols || !broker.listeners) return;
    for (const KafkaListener& listener : *broker.listeners) {
      const auto protocol = broker.protocols->find(listener.name);
      if (protocol == broker.protocols->end()) continue;
      const auto [first, is_new] =
          by_listener_.emplace(listener.name, std::pair(protocol->second, &broker));
      if (is_new || first->second.first == protocol->second) continue;
      add(Check::kListenersDiffer, broker, "listener.security.protocol.map",
          fmt::format("{} is {} here and {} in {}", listener.name, to_string(protocol->second),
                      to_string(first->second.first), first->second.second->file.name));
    }
  }

  const std::vector<BrokerFile>& brokers_;
  std::vector<Finding>& findings_;
  std::map<int32_t, const BrokerFile*> by_id_;
  std::map<std::pair<std::string, uint16_t>, const BrokerFile*> by_address_;
  std::map<std::string, std::pair<SecurityProtocol, const BrokerFile*>> by_listener_;
  std::vector<QuorumVoter> voters_;
  const BrokerFile* voters_of_ = nullptr;
};

}  // namespace

void check_brokers_together(const std::vector<BrokerFile>& brokers,
                            std::vector<Finding>& findings) {
  Together(brokers, findings).run();
}

}  // namespace portway::plan
