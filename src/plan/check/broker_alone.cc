// One server.properties by itself: what Kafka refuses at its start, and what it takes and should
// not.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "plan/check/check_brokers.h"
#include "plan/check/tidb_cloud_name_check.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr KafkaVersion kControllersAdvertise = {3, 9, 0};  // KIP-853

// Properties whose misspelling goes unnoticed, and others that are near them and right.
constexpr std::string_view kWatchedKeys[] = {"advertised.listeners",
                                             "controller.listener.names",
                                             "controller.quorum.voters",
                                             "inter.broker.listener.name",
                                             "listener.security.protocol.map",
                                             "listeners",
                                             "log.dirs",
                                             "node.id",
                                             "process.roles"};
constexpr std::string_view kOtherKeys[] = {"log.dir"};
constexpr size_t kMisspeltEdits = 2;

constexpr int64_t kTicdcMessageBytes = 10 << 20;

class Lint {
 public:
  Lint(const BrokerFile& broker, const KafkaVersion* version, std::vector<Finding>& findings)
      : broker_(broker), version_(version), report_(broker.file.name, findings) {}

  void run() {
    check_keys();
    if (broker_.is_kraft) {
      check_kraft();
    } else {
      report_.add(Check::kZooKeeper, nullptr, "process.roles", "there is no process.roles");
    }
    check_listed_twice();
    check_protocols();
    if (broker_.is_broker) check_advertised();
    check_log_dirs();
    check_changefeed();
  }

 private:
  void add(Check check, std::string_view key, std::string message, std::string instead = {}) {
    report_.add(check, broker_.entry(key), key, std::move(message), std::move(instead));
  }

  void check_keys() {
    std::map<std::string_view, const PropertiesEntry*> in_force;
    for (const PropertiesEntry& entry : broker_.file.entries) {
      if (!entry.overridden) in_force.emplace(entry.key, &entry);
    }
    std::set<std::string_view> reported;
    for (const PropertiesEntry& entry : broker_.file.entries) {
      if (entry.overridden && reported.insert(entry.key).second) {
        report_.add(Check::kPropertyTwice, in_force.at(entry.key), entry.key,
                    fmt::format("also in line {}, which is forgotten", entry.line));
      }
      check_spelling(entry);
    }
  }

  void check_spelling(const PropertiesEntry& entry) {
    for (const std::string_view key : kWatchedKeys) {
      if (entry.key == key) return;
    }
    for (const std::string_view key : kOtherKeys) {
      if (entry.key == key) return;
    }
    for (const std::string_view key : kWatchedKeys) {
      // Long keys cannot be near, and measuring them would take long.
      if (entry.key.size() > key.size() + kMisspeltEdits) continue;
      if (edit_distance(entry.key, key) > kMisspeltEdits) continue;
      report_.add(Check::kMisspeltProperty, &entry, entry.key, "Kafka knows no such property",
                  fmt::format("did you mean {}?", key));
      return;
    }
  }

  void check_kraft() {
    if (broker_.entry("node.id") == nullptr && broker_.entry("broker.id") == nullptr) {
      add(Check::kNoNodeId, "node.id", "there is no node.id");
    }
    const bool is_named =
        !broker_.listeners ||
        std::any_of(broker_.listeners->begin(), broker_.listeners->end(),
                    [&](const auto& one) { return broker_.is_controller_name(one.name); });
    if (broker_.controller_names.empty()) {
      if (broker_.entry("controller.listener.names") == nullptr ||
          broker_.entry("controller.listener.names")->value.empty()) {
        add(Check::kNoControllerNames, "controller.listener.names", "there is none");
      }
    } else if (broker_.is_controller && !is_named) {
      add(Check::kNoControllerNames, "controller.listener.names",
          fmt::format("{} is not among listeners, and the node is a controller",
                      fmt::join(broker_.controller_names, ", ")));
    }
    if (broker_.listeners && !broker_.is_controller && is_named &&
        !broker_.controller_names.empty()) {
      add(Check::kControllerOnBroker, "listeners",
          fmt::format("{} is listened on, and process.roles is broker",
                      fmt::join(broker_.controller_names, ", ")));
    }
    check_voters();
  }

  void check_voters() {
    if (!broker_.is_controller || !broker_.node_id || !broker_.voters || broker_.voters->empty()) {
      return;
    }
    for (const QuorumVoter& voter : *broker_.voters) {
      if (voter.id == *broker_.node_id) return;
    }
    add(Check::kNotAVoter, "controller.quorum.voters",
        fmt::format("node {} is a controller and not among the voters", *broker_.node_id));
  }

  void check_listed_twice() {
    for (const std::string_view key : {"listeners", "advertised.listeners"}) {
      const auto& list = key == "listeners" ? broker_.listeners : broker_.advertised;
      if (!list || broker_.entry(key) == nullptr) continue;
      std::set<std::string> seen;
      for (const KafkaListener& listener : *list) {
        if (!seen.insert(listener.name).second) {
          add(Check::kListenerTwice, key, fmt::format("{} is listed twice", listener.name));
        }
      }
    }
    if (!broker_.listeners) return;
    for (size_t i = 0; i < broker_.listeners->size(); ++i) {
      for (size_t j = 0; j < i; ++j)
        check_same_port((*broker_.listeners)[j], (*broker_.listeners)[i]);
    }
  }

  void check_same_port(const KafkaListener& a, const KafkaListener& b) {
    if (a.port == 0 || a.port != b.port || a.name == b.name) return;
    const bool both_known = is_ip_address(a.host) && is_ip_address(b.host);
    if (both_known && is_ipv6_address(a.host) != is_ipv6_address(b.host)) return;
    add(Check::kListenerPortTwice, "listeners",
        fmt::format("{} and {} are both on port {}", a.name, b.name, a.port));
  }

  void check_protocols() {
    if (!broker_.protocols || !broker_.listeners) return;
    std::set<std::string> names(broker_.controller_names.begin(), broker_.controller_names.end());
    for (const KafkaListener& listener : *broker_.listeners) names.insert(listener.name);
    for (const std::string& name : names) {
      if (broker_.protocols->contains(name)) continue;
      add(Check::kNoProtocol, "listener.security.protocol.map",
          fmt::format("{} is not in the map", name),
          fmt::format("add {}:PLAINTEXT, or what it speaks", name));
    }
  }

  void check_advertised() {
    if (!broker_.listeners || !broker_.advertised) return;
    for (const KafkaListener& listener : *broker_.listeners) {
      if (broker_.is_controller_name(listener.name)) continue;
      if (find_listener(*broker_.advertised, listener.name) != nullptr) continue;
      add(Check::kNotAdvertised, "advertised.listeners",
          fmt::format("{} is among listeners and not here", listener.name));
    }
    for (const KafkaListener& listener : *broker_.advertised) {
      check_advertised_one(listener);
      check_name(listener);
    }
    check_inter_broker();
  }

  void check_advertised_one(const KafkaListener& listener) {
    if (broker_.is_controller_name(listener.name)) {
      const bool may =
          broker_.is_controller && (version_ == nullptr || *version_ >= kControllersAdvertise);
      if (!may) {
        add(Check::kControllerAdvertised, "advertised.listeners",
            fmt::format("{} is the controllers' listener", listener.name));
      }
    } else if (find_listener(*broker_.listeners, listener.name) == nullptr) {
      add(Check::kNotListened, "advertised.listeners",
          fmt::format("{} is not among listeners", listener.name));
    }
    if (listener.host == "0.0.0.0") {
      const bool is_given = broker_.entry("advertised.listeners") != nullptr;
      add(Check::kWildcardAdvertised, is_given ? "advertised.listeners" : "listeners",
          fmt::format("{} is advertised at 0.0.0.0:{}", listener.name, listener.port));
    }
  }

  void check_name(const KafkaListener& listener) {
    if (auto fault = tidb_cloud_name_fault(listener.host)) {
      add(Check::kAdvertisedNotOfTidbCloud, "advertised.listeners", std::move(fault->message),
          std::move(fault->instead));
      return;
    }
    const auto name = parse_tidb_cloud_name(listener.host);
    if (!name || !broker_.node_id || name->label.size() < 2 || name->label[0] != 'b') return;
    const auto number = parse_number(std::string_view(name->label).substr(1));
    if (!number || *number == *broker_.node_id) return;
    add(Check::kLabelOfOther, "advertised.listeners",
        fmt::format("node {} advertises itself as {}", *broker_.node_id, name->label),
        fmt::format("write b{}", *broker_.node_id));
  }

  void check_inter_broker() {
    std::string key = "inter.broker.listener.name";
    const PropertiesEntry* entry = broker_.entry(key);
    if (entry == nullptr) {
      key = "security.inter.broker.protocol";
      entry = broker_.entry(key);
    }
    const std::string name = entry == nullptr ? "PLAINTEXT" : in_capitals(entry->value);
    if (name.find_first_of("{<") != std::string::npos) return;
    if (find_listener(*broker_.advertised, name) != nullptr) return;
    if (entry == nullptr) key = "inter.broker.listener.name";
    add(Check::kInterBrokerListener, key,
        entry == nullptr ? "there is none, which means PLAINTEXT, and PLAINTEXT is not advertised"
                         : fmt::format("{} is not advertised", name));
  }

  void check_log_dirs() {
    const std::string_view key = broker_.entry("log.dirs") != nullptr ? "log.dirs" : "log.dir";
    const PropertiesEntry* entry = broker_.entry(key);
    if (entry == nullptr) {
      add(Check::kLogDirsInTmp, "log.dirs", "there is none, which means /tmp/kafka-logs");
      return;
    }
    std::string_view rest = entry->value;
    while (!rest.empty()) {
      const size_t comma = std::min(rest.find(','), rest.size());
      std::string_view dir = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      dir.remove_prefix(std::min(dir.find_first_not_of(' '), dir.size()));
      if (dir.empty() || dir.find_first_of("{<") != std::string_view::npos) continue;
      if (dir == "/tmp" || dir.starts_with("/tmp/")) {
        add(Check::kLogDirsInTmp, key, fmt::format("{} is emptied when the machine starts", dir));
      } else if (dir[0] != '/') {
        add(Check::kRelativeLogDirs, key, fmt::format("'{}' does not begin with a slash", dir));
      }
    }
  }

  // What a changefeed meets that writes to this broker.
  void check_changefeed() {
    const bool has_tidb =
        broker_.advertised &&
        std::any_of(broker_.advertised->begin(), broker_.advertised->end(),
                    [](const auto& listener) { return is_meant_for_tidb_cloud(listener.host); });
    if (!has_tidb) return;
    const auto number = [&](std::string_view key) {
      const PropertiesEntry* entry = broker_.entry(key);
      return entry == nullptr ? std::nullopt : parse_number(trimmed(entry->value));
    };
    const auto bytes = number("message.max.bytes");
    if (bytes && *bytes < kTicdcMessageBytes) {
      add(Check::kMessageBytesMax, "message.max.bytes",
          fmt::format("{} bytes, less than the 10 MiB that a changefeed would send", *bytes));
    }
    const auto replicas = number("min.insync.replicas");
    if (replicas && *replicas > 1) {
      add(Check::kMinInsyncReplicas, "min.insync.replicas",
          fmt::format("{} replicas must have a record", *replicas));
    }
  }

  const BrokerFile& broker_;
  const KafkaVersion* version_;
  BrokerReport report_;
};

}  // namespace

void check_broker(const BrokerFile& broker, const KafkaVersion* version,
                  std::vector<Finding>& findings) {
  Lint(broker, version, findings).run();
}

}  // namespace portway::plan
