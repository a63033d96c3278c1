#include "plan/check/broker_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plan/values.h"

namespace portway::plan {
namespace {

// Where a set-up guide has something to fill in.
constexpr std::string_view kFilledInKeys[] = {"advertised.listeners",
                                              "broker.id",
                                              "controller.listener.names",
                                              "controller.quorum.bootstrap.servers",
                                              "controller.quorum.voters",
                                              "inter.broker.listener.name",
                                              "listener.security.protocol.map",
                                              "listeners",
                                              "log.dirs",
                                              "node.id",
                                              "process.roles"};

constexpr std::string_view kLeftOver[] = {"...", "xxxx", "unique_name"};

// `text` with every {...} and <...> replaced; empty when none is there.
std::string filled_in(std::string_view text) {
  std::string result;
  size_t changes = 0;
  while (true) {
    const size_t open = text.find_first_of("{<");
    const size_t close = open == std::string_view::npos
                             ? std::string_view::npos
                             : text.find(text[open] == '{' ? '}' : '>', open);
    if (close == std::string_view::npos) return changes > 0 ? result.append(text) : "";
    result.append(text.substr(0, open)).append(placeholder_host(++changes));
    text.remove_prefix(close + 1);
  }
}

std::vector<std::string> names_of(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    std::string name = in_capitals(trimmed(list.substr(0, comma)));
    if (!name.empty()) names.push_back(std::move(name));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return names;
}

class Reader {
 public:
  Reader(BrokerFile& broker, BrokerReport& report) : broker_(broker), report_(report) {}

  void read() {
    read_node_id();
    read_roles();
    if (const auto names = value("controller.listener.names")) {
      broker_.controller_names = names_of(*names);
    }
    read_listeners();
    read_protocols();
    const auto voters = value("controller.quorum.voters");
    if (voters)
      broker_.voters = read_value("controller.quorum.voters", parse_quorum_voters(*voters));
  }

 private:
  // The value of a key; nothing when it is not there or holds a placeholder that leaves nothing to
  // read.
  std::optional<std::string> value(std::string_view key) {
    const PropertiesEntry* entry = broker_.entry(key);
    if (entry == nullptr) return std::nullopt;
    std::string text = trimmed(entry->value);
    const bool may_be_left = std::find(std::begin(kFilledInKeys), std::end(kFilledInKeys), key) !=
                             std::end(kFilledInKeys);
    if (!may_be_left) return text;
    for (const std::string_view left : kLeftOver) {
      if (text.find(left) == std::string::npos) continue;
      report_.add(Check::kPlaceholder, entry, key,
                  fmt::format("'{}' is still in '{}'", left, text));
      return std::nullopt;
    }
    std::string filled = filled_in(text);
    if (filled.empty()) return text;
    report_.add(Check::kPlaceholder, entry, key, fmt::format("'{}' has a placeholder", text));
    return filled;
  }

  template <typename T>
  std::optional<T> read_value(std::string_view key, Result<T> result) {
    if (result) return std::move(*result);
    report_.add(Check::kPropertyRefused, broker_.entry(key), key, result.error().message);
    return std::nullopt;
  }

  void read_node_id() {
    const std::string_view key = broker_.entry("node.id") != nullptr ? "node.id" : "broker.id";
    const auto text = value(key);
    if (!text || is_placeholder(*text)) return;
    const auto number = parse_number(*text);
    if (number && *number >= 0 && *number <= INT32_MAX) {
      broker_.node_id = static_cast<int32_t>(*number);
    } else {
      report_.add(Check::kPropertyRefused, broker_.entry(key), key,
                  fmt::format("'{}' is not a number from 0 to 2147483647", *text));
    }
  }

  void read_roles() {
    const auto text = value("process.roles");
    if (!text || text->empty()) return;
    broker_.is_kraft = true;
    const auto roles = read_value("process.roles", parse_process_roles(*text));
    if (!roles) return;
    const auto has = [&](ProcessRole role) {
      return std::find(roles->begin(), roles->end(), role) != roles->end();
    };
    broker_.is_broker = has(ProcessRole::kBroker);
    broker_.is_controller = has(ProcessRole::kController);
  }

  void read_listeners() {
    broker_.listeners =
        listeners_of("listeners", std::vector<KafkaListener>{{"PLAINTEXT", "", 9092}});
    std::optional<std::vector<KafkaListener>> own;
    if (broker_.listeners) {
      own.emplace();
      for (const KafkaListener& listener : *broker_.listeners) {
        if (!broker_.is_controller_name(listener.name)) own->push_back(listener);
      }
    }
    broker_.advertised = listeners_of("advertised.listeners", std::move(own));
  }

  std::optional<std::vector<KafkaListener>> listeners_of(
      std::string_view key, std::optional<std::vector<KafkaListener>> fallback) {
    if (broker_.entry(key) == nullptr) return fallback;
    const auto text = value(key);
    if (!text) return std::nullopt;
    auto listeners = read_value(key, parse_listeners(key, *text));
    if (!listeners) return std::nullopt;
    for (KafkaListener& listener : *listeners) listener.name = in_capitals(listener.name);
    return listeners;
  }

  void read_protocols() {
    static constexpr std::string_view kKey = "listener.security.protocol.map";
    std::map<std::string, SecurityProtocol> protocols;
    if (broker_.entry(kKey) == nullptr) {
      for (const auto protocol : {SecurityProtocol::kPlaintext, SecurityProtocol::kSsl,
                                  SecurityProtocol::kSaslPlaintext, SecurityProtocol::kSaslSsl}) {
        protocols.emplace(to_string(protocol), protocol);
      }
      for (const std::string& name : broker_.controller_names) {
        protocols.emplace(name, SecurityProtocol::kPlaintext);
      }
      broker_.protocols = std::move(protocols);
      return;
    }
    const auto text = value(kKey);
    if (!text) return;
    const auto list = read_value(kKey, parse_protocol_map(*text));
    if (!list) return;
    for (const ListenerProtocol& one : *list) protocols[in_capitals(one.name)] = one.protocol;
    broker_.protocols = std::move(protocols);
  }

  BrokerFile& broker_;
  BrokerReport& report_;
};

}  // namespace

bool BrokerFile::is_controller_name(std::string_view name) const {
  return std::find(controller_names.begin(), controller_names.end(), name) !=
         controller_names.end();
}

std::string placeholder_host(size_t number) {
  return fmt::format("{}.placeholder.invalid", number);
}

bool is_placeholder(std::string_view host) { return host.ends_with(".placeholder.invalid"); }

std::string trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\f");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\f") + 1 - first));
}

std::string in_capitals(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  });
  return result;
}

const KafkaListener* find_listener(const std::vector<KafkaListener>& listeners,
                                   std::string_view name) {
  const auto found =
      std::find_if(listeners.begin(), listeners.end(),
                   [name](const KafkaListener& listener) { return listener.name == name; });
  return found == listeners.end() ? nullptr : &*found;
}

void BrokerReport::add(Check check, const PropertiesEntry* entry, std::string_view key,
                       std::string message, std::string instead) {
  if (!has_room(findings_, check)) return;
  findings_.push_back({check, file_, Place{entry == nullptr ? 0 : entry->line, 0}, std::string(key),
                       std::move(message), std::move(instead)});
}

std::optional<BrokerFile> read_broker_file(const std::string& text, const std::string& name,
                                           std::vector<Finding>& findings) {
  BrokerReport report(name, findings);
  auto file = parse_properties(text, name);
  if (!file) {
    report.add(Check::kPropertiesUnreadable, nullptr, "", file.error().message);
    return std::nullopt;
  }
  BrokerFile broker;
  broker.file = std::move(*file);
  Reader(broker, report).read();
  return broker;
}

}  // namespace portway::plan
