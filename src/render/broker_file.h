#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/properties/kafka_listeners.h"
#include "plan/properties/properties_file.h"

namespace portway::render {

inline constexpr std::string_view kListenersKey = "listeners";
inline constexpr std::string_view kAdvertisedKey = "advertised.listeners";
inline constexpr std::string_view kProtocolsKey = "listener.security.protocol.map";
inline constexpr std::string_view kControllersKey = "controller.listener.names";
inline constexpr std::string_view kInterBrokerKey = "inter.broker.listener.name";
inline constexpr std::string_view kRolesKey = "process.roles";

// A list that holds for a broker: what its file says, or what Kafka takes for granted without.
template <typename Entry>
struct BrokerList {
  std::vector<Entry> entries;
  bool is_in_file = false;
};

// What a broker's own server.properties says about where it listens, as Kafka 3.7 and 4 read it.
struct BrokerFile {
  plan::PropertiesFile file;
  std::vector<plan::ProcessRole> roles;  // empty: with ZooKeeper
  std::vector<std::string> controllers;  // controller.listener.names
  std::string inter_broker;              // the name of the listener for brokers among themselves
  BrokerList<plan::KafkaListener> listeners;
  BrokerList<plan::KafkaListener> advertised;
  BrokerList<plan::ListenerProtocol> protocols;
};

// Errors (operator): those of parse_properties, and "bad_property_value" with file and line.
Result<BrokerFile> read_broker_file(std::string text, std::string name);

// The value that counts, without blanks around it; empty when there is none.
std::string broker_value(const plan::PropertiesFile& file, std::string_view key);

// As Kafka compares the names of listeners: without regard to case.
bool is_same_name(std::string_view a, std::string_view b);
bool is_controllers_listener(const BrokerFile& file, std::string_view name);

// The entry with this name, the last if there are several; nullptr when there is none.
template <typename Entry>
Entry* find_name(std::vector<Entry>& entries, std::string_view name) {
  const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& entry) {
    return is_same_name(entry.name, name);
  });
  return found == entries.rend() ? nullptr : &*found;
}

}  // namespace portway::render
