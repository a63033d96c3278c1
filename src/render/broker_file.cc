#include "render/broker_file.h"

#include <fmt/format.h>

#include <utility>

#include "plan/check/broker_file.h"

namespace portway::render {
namespace {

using plan::KafkaListener;
using plan::ListenerProtocol;
using plan::SecurityProtocol;

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string word = plan::trimmed(list.substr(0, comma));
    if (!word.empty()) words.emplace_back(word);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return words;
}

tl::unexpected<Error> unreadable(const plan::PropertiesFile& file, std::string_view key,
                                 const Error& error) {
  const plan::PropertiesEntry* entry = plan::find_property(file, key);
  return fail(
      error.fault, error.code,
      fmt::format("{}:{}: {}", file.name, entry == nullptr ? 1 : entry->line, error.message));
}

// Without inter.broker.listener.name it is the listener that bears the protocol's name.
std::string inter_broker_listener(const plan::PropertiesFile& file) {
  if (std::string name = broker_value(file, kInterBrokerKey); !name.empty()) return name;
  std::string protocol = broker_value(file, "security.inter.broker.protocol");
  return protocol.empty() ? "PLAINTEXT" : protocol;
}

// Without advertised.listeners Kafka advertises what it listens on, controllers' listeners aside.
std::vector<KafkaListener> derived_advertised(const BrokerFile& file) {
  std::vector<KafkaListener> advertised;
  for (const KafkaListener& listener : file.listeners.entries) {
    if (!is_controllers_listener(file, listener.name)) advertised.push_back(listener);
  }
  return advertised;
}

// Without listener.security.protocol.map every protocol is the name of a listener, and with KRaft
// controllers' listeners of other names are PLAINTEXT.
std::vector<ListenerProtocol> default_protocols(const BrokerFile& file) {
  std::vector<ListenerProtocol> protocols;
  for (const auto protocol : {SecurityProtocol::kPlaintext, SecurityProtocol::kSsl,
                              SecurityProtocol::kSaslPlaintext, SecurityProtocol::kSaslSsl}) {
    protocols.push_back({std::string(to_string(protocol)), protocol});
  }
  for (const std::string& name : file.controllers) {
    if (find_name(protocols, name) != nullptr) continue;
    protocols.push_back({name, SecurityProtocol::kPlaintext});
  }
  return protocols;
}

Result<void> read_lists(BrokerFile& file) {
  auto listeners = plan::parse_listeners(kListenersKey, broker_value(file.file, kListenersKey));
  if (!listeners) return unreadable(file.file, kListenersKey, listeners.error());
  file.listeners = {std::move(*listeners), true};
  if (file.listeners.entries.empty()) file.listeners = {{{"PLAINTEXT", "", 9092}}, false};

  auto advertised = plan::parse_listeners(kAdvertisedKey, broker_value(file.file, kAdvertisedKey));
  if (!advertised) return unreadable(file.file, kAdvertisedKey, advertised.error());
  file.advertised = {std::move(*advertised), true};
  if (file.advertised.entries.empty()) file.advertised = {derived_advertised(file), false};

  auto protocols = plan::parse_protocol_map(broker_value(file.file, kProtocolsKey));
  if (!protocols) return unreadable(file.file, kProtocolsKey, protocols.error());
  file.protocols = {std::move(*protocols), true};
  if (file.protocols.entries.empty()) file.protocols = {default_protocols(file), false};
  return {};
}

}  // namespace

Result<BrokerFile> read_broker_file(std::string text, std::string name) {
  BrokerFile file;
  auto properties = plan::parse_properties(std::move(text), std::move(name));
  if (!properties) return tl::unexpected(properties.error());
  file.file = std::move(*properties);
  auto roles = plan::parse_process_roles(broker_value(file.file, kRolesKey));
  if (!roles) return unreadable(file.file, kRolesKey, roles.error());
  file.roles = std::move(*roles);
  file.controllers = words_of(broker_value(file.file, kControllersKey));
  file.inter_broker = inter_broker_listener(file.file);
  const auto read = read_lists(file);
  if (!read) return tl::unexpected(read.error());
  return file;
}

std::string broker_value(const plan::PropertiesFile& file, std::string_view key) {
  const plan::PropertiesEntry* entry = plan::find_property(file, key);
  return entry == nullptr ? std::string() : plan::trimmed(entry->value);
}

bool is_same_name(std::string_view a, std::string_view b) {
  const auto upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return upper(x) == upper(y); });
}

bool is_controllers_listener(const BrokerFile& file, std::string_view name) {
  return std::any_of(file.controllers.begin(), file.controllers.end(),
                     [&](const std::string& one) { return is_same_name(one, name); });
}

}  // namespace portway::render
