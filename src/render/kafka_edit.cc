#include "render/kafka_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "plan/planned_brokers.h"
#include "plan/properties/kafka_listeners.h"
#include "plan/properties/properties_edit.h"
#include "plan/properties/properties_file.h"
#include "plan/values.h"
#include "render/kafka_security.h"
#include "render/template.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;
using plan::KafkaListener;
using plan::ListenerProtocol;
using plan::ProcessRole;

constexpr std::string_view kListenersKey = "listeners";
constexpr std::string_view kAdvertisedKey = "advertised.listeners";
constexpr std::string_view kMapKey = "listener.security.protocol.map";
constexpr std::string_view kInterBrokerKey = "inter.broker.listener.name";
constexpr std::string_view kControllersKey = "controller.listener.names";
constexpr std::string_view kHeading = "External listeners, as planned in portway.yaml";
constexpr int kFirstVersionWithoutZooKeeper = 4;

// As Kafka compares listener names.
bool is_same_name(std::string_view a, std::string_view b) {
  const auto upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return upper(x) == upper(y); });
}

template <typename Entry>
Entry* find_name(std::vector<Entry>& entries, std::string_view name) {
  const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& entry) {
    return is_same_name(entry.name, name);
  });
  return found == entries.rend() ? nullptr : &*found;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view word = trimmed(list.substr(0, comma));
    if (!word.empty()) words.emplace_back(word);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return words;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// Every address of the node: "0.0.0.0" takes no IPv6 connection, "::" takes both kinds.
std::string wildcard_for(const plan::NodeSpec& node) {
  return node.address.find(':') == std::string::npos ? "0.0.0.0" : "::";
}

// A list of the file before and after, and whether the file has it.
template <typename Entry>
struct EditedList {
  std::vector<Entry> before;
  std::vector<Entry> after;
  bool is_in_file = false;
};

class Editor {
 public:
  Editor(const RenderInput& input, const plan::NodeSpec& node, plan::PropertiesFile file)
      : input_(input), node_(node), file_(std::move(file)) {
    for (const plan::BrokerPlace& place : input.deployment.port_mapping->places) {
      if (place.broker_id == node.id) places_.push_back(&place);
    }
  }

  Result<std::string> edit() {
    for (const auto step : {&Editor::check_node, &Editor::read_lists, &Editor::check_listeners,
                            &Editor::plan_lists, &Editor::write_lists, &Editor::write_security}) {
      const auto done = (this->*step)();
      if (!done) return tl::unexpected(done.error());
    }
    return file_.text;
  }

 private:
  std::string value_of(std::string_view key) const {
    const plan::PropertiesEntry* entry = plan::find_property(file_, key);
    return entry == nullptr ? std::string() : std::string(trimmed(entry->value));
  }

  // "server.properties of broker-node1:12: listeners"
  std::string place_of(std::string_view key) const {
    const plan::PropertiesEntry* entry = plan::find_property(file_, key);
    if (entry == nullptr) return fmt::format("{}: {}", file_.name, key);
    return fmt::format("{}:{}: {}", file_.name, entry->line, key);
  }

  tl::unexpected<Error> contradiction(std::string_view key, std::string_view why) const {
    return fail(Fault::kOperator, "contradiction", fmt::format("{}: {}", place_of(key), why));
  }

  tl::unexpected<Error> unreadable(std::string_view key, const Error& error) const {
    const plan::PropertiesEntry* entry = plan::find_property(file_, key);
    return fail(
        error.fault, error.code,
        fmt::format("{}:{}: {}", file_.name, entry == nullptr ? 1 : entry->line, error.message));
  }

  // The file is this node's, and of the kind that the plan says.
  Result<void> check_node() {
    bool has_id = false;
    for (const std::string_view key : {"node.id", "broker.id"}) {
      const std::string id = value_of(key);
      if (id.empty()) continue;
      has_id = true;
      if (id == std::to_string(node_.id)) continue;
      return contradiction(key, fmt::format("'{}', but this file was given for node {}; give each "
                                            "node its own file",
                                            id, node_.id));
    }
    if (!has_id) {
      return contradiction("node.id", fmt::format("missing; write node.id={}", node_.id));
    }
    return check_roles();
  }

  Result<void> check_roles() {
    const auto roles = plan::parse_process_roles(value_of("process.roles"));
    if (!roles) return unreadable("process.roles", roles.error());
    const auto has = [&](ProcessRole role) {
      return std::find(roles->begin(), roles->end(), role) != roles->end();
    };
    is_kraft_ = !roles->empty();
    if (!is_kraft_) {
      if (plan::kafka_version(input_.spec).major < kFirstVersionWithoutZooKeeper) return {};
      return contradiction("process.roles",
                           fmt::format("missing: the file is one for ZooKeeper, which Kafka {} "
                                       "does without; write process.roles, or the cluster's real "
                                       "version in cluster.kafka_version",
                                       input_.spec.cluster.kafka_version));
    }
    if (has(ProcessRole::kBroker) == node_.is_broker &&
        has(ProcessRole::kController) == node_.is_controller) {
      return {};
    }
    return contradiction("process.roles",
                         fmt::format("'{}', but cluster.nodes gives node {} other "
                                     "roles; write there roles: [{}]",
                                     to_string(*roles), node_.id, to_string(*roles)));
  }

  Result<void> read_lists() {
    controllers_ = words_of(value_of(kControllersKey));
    const auto listeners = plan::parse_listeners(kListenersKey, value_of(kListenersKey));
    if (!listeners) return unreadable(kListenersKey, listeners.error());
    listeners_.is_in_file = !listeners->empty();
    listeners_.before = *listeners;
    if (!listeners_.is_in_file) listeners_.before = {{"PLAINTEXT", "", 9092}};  // Kafka's default

    const auto advertised = plan::parse_listeners(kAdvertisedKey, value_of(kAdvertisedKey));
    if (!advertised) return unreadable(kAdvertisedKey, advertised.error());
    advertised_.is_in_file = !advertised->empty();
    advertised_.before = advertised_.is_in_file ? *advertised : derived_advertised();

    const auto protocols = plan::parse_protocol_map(value_of(kMapKey));
    if (!protocols) return unreadable(kMapKey, protocols.error());
    protocols_.is_in_file = !protocols->empty();
    protocols_.before = protocols_.is_in_file ? *protocols : default_protocols();
    return {};
  }

  // Without advertised.listeners Kafka advertises what it listens on, controllers' listeners aside.
  std::vector<KafkaListener> derived_advertised() const {
    std::vector<KafkaListener> advertised;
    for (const KafkaListener& listener : listeners_.before) {
      if (!is_controllers(listener.name)) advertised.push_back(listener);
    }
    return advertised;
  }

  // Without listener.security.protocol.map every protocol is the name of a listener, and with KRaft
  // controllers' listeners of other names are PLAINTEXT.
  std::vector<ListenerProtocol> default_protocols() const {
    std::vector<ListenerProtocol> protocols;
    for (const auto protocol :
         {plan::SecurityProtocol::kPlaintext, plan::SecurityProtocol::kSsl,
          plan::SecurityProtocol::kSaslPlaintext, plan::SecurityProtocol::kSaslSsl}) {
      protocols.push_back({std::string(to_string(protocol)), protocol});
    }
    for (const std::string& name : controllers_) {
      if (find_name(protocols, name) == nullptr) {
        protocols.push_back({name, plan::SecurityProtocol::kPlaintext});
      }
    }
    return protocols;
  }

  bool is_controllers(std::string_view name) const {
    return std::any_of(controllers_.begin(), controllers_.end(),
                       [&](const std::string& one) { return is_same_name(one, name); });
  }

  const plan::ExternalListenerSpec& spec_of(const plan::BrokerPlace& place) const {
    return input_.spec.external_listeners[place.external_listener];
  }

  Result<void> check_listeners() {
    for (const plan::BrokerPlace* place : places_) {
      const std::string& name = spec_of(*place).name;
      if (is_controllers(name)) {
        return contradiction(kControllersKey,
                             fmt::format("{} is the controllers' listener; give the external "
                                         "listener another name in portway.yaml",
                                         name));
      }
      if (is_same_name(name, inter_broker_listener())) {
        return contradiction(kInterBrokerKey,
                             fmt::format("brokers talk to each other on {}; give the external "
                                         "listener another name in portway.yaml",
                                         name));
      }
    }
    const auto checked = check_ports();
    return checked ? check_internal() : checked;
  }

  std::string inter_broker_listener() const {
    if (const std::string name = value_of(kInterBrokerKey); !name.empty()) return name;
    const std::string protocol = value_of("security.inter.broker.protocol");
    return protocol.empty() ? "PLAINTEXT" : protocol;
  }

  Result<void> check_ports() {
    for (const plan::BrokerPlace* place : places_) {
      for (const KafkaListener& other : listeners_.before) {
        if (other.port != place->vm_port || is_external(other.name)) continue;
        return contradiction(
            kListenersKey,
            fmt::format("port {} of {} is that of {} already; give {} another listen_port in "
                        "portway.yaml, or its name there if both are the same listener",
                        place->vm_port, spec_of(*place).name, other.name, spec_of(*place).name));
      }
    }
    return {};
  }

  bool is_external(std::string_view name) const {
    return std::any_of(places_.begin(), places_.end(), [&](const plan::BrokerPlace* place) {
      return is_same_name(spec_of(*place).name, name);
    });
  }

  // The scripts and portway itself reach the broker inside by the plan's internal listener.
  Result<void> check_internal() {
    const uint16_t port = input_.spec.cluster.internal.port;
    std::string others;
    for (const KafkaListener& listener : listeners_.before) {
      if (is_external(listener.name) || is_controllers(listener.name)) continue;
      if (listener.port == port) return {};
      others += fmt::format("{}{} at {}", others.empty() ? "" : ", ", listener.name, listener.port);
    }
    return contradiction(kListenersKey,
                         fmt::format("no inside listener has port {}; there is {}. Write its name "
                                     "and port below cluster.listeners.internal",
                                     port, others.empty() ? "none" : others));
  }

  Result<void> plan_lists() {
    listeners_.after = listeners_.before;
    advertised_.after = advertised_.before;
    protocols_.after = protocols_.before;
    for (const plan::BrokerPlace* place : places_) {
      const plan::ExternalListenerSpec& spec = spec_of(*place);
      if (KafkaListener* bound = find_name(listeners_.after, spec.name)) {
        if (is_loopback(bound->host)) bound->host = wildcard_for(node_);
        bound->port = place->vm_port;
      } else {
        listeners_.after.push_back({spec.name, wildcard_for(node_), place->vm_port});
      }
      if (KafkaListener* told = find_name(advertised_.after, spec.name)) {
        told->host = place->advertised.host;
        told->port = place->advertised.port;
      } else {
        advertised_.after.push_back({spec.name, place->advertised.host, place->advertised.port});
      }
      const auto protocol = protocol_of(spec.security);
      if (ListenerProtocol* mapped = find_name(protocols_.after, spec.name)) {
        mapped->protocol = protocol;
      } else {
        protocols_.after.push_back({spec.name, protocol});
      }
    }
    return {};
  }

  static plan::SecurityProtocol protocol_of(plan::Security security) {
    switch (security) {
      case plan::Security::kPlaintext:
        return plan::SecurityProtocol::kPlaintext;
      case plan::Security::kSsl:
        return plan::SecurityProtocol::kSsl;
      case plan::Security::kSaslPlaintext:
        return plan::SecurityProtocol::kSaslPlaintext;
      case plan::Security::kSaslSsl:
        return plan::SecurityProtocol::kSaslSsl;
    }
    return plan::SecurityProtocol::kPlaintext;
  }

  Result<void> write_lists() {
    const auto bound = write_list(kListenersKey, listeners_, "");
    if (!bound) return bound;
    const auto told = write_list(kAdvertisedKey, advertised_, kListenersKey);
    if (!told) return told;
    return write_list(kMapKey, protocols_, kAdvertisedKey);
  }

  // What was there is kept as it was written where entries are only added.
  template <typename Entry>
  Result<void> write_list(std::string_view key, const EditedList<Entry>& list,
                          std::string_view after_key) {
    if (list.before == list.after) return {};
    std::string value = to_string(list.after);
    if (list.is_in_file && std::equal(list.before.begin(), list.before.end(), list.after.begin())) {
      std::string_view old = trimmed(plan::find_property(file_, key)->value);
      while (old.ends_with(',')) old = trimmed(old.substr(0, old.size() - 1));
      const auto added = list.after.begin() + static_cast<ptrdiff_t>(list.before.size());
      value = fmt::format("{},{}", old, to_string(std::vector<Entry>(added, list.after.end())));
    }
    return set(key, value, after_key);
  }

  Result<void> set(std::string_view key, std::string_view value, std::string_view after_key) {
    auto edited =
        plan::set_property(file_, key, value, {std::string(after_key), std::string(kHeading)});
    if (!edited) return tl::unexpected(edited.error());
    file_ = std::move(*edited);
    return {};
  }

  Result<void> write_security() {
    bool has_secret = false;
    for (const plan::BrokerPlace* place : places_) {
      const plan::ExternalListenerSpec& spec = spec_of(*place);
      const auto settings =
          listener_settings(plan::listener_key(place->external_listener), spec.name, spec.security,
                            spec.sasl_mechanisms, ListenerUse::kClients);
      if (!settings) return tl::unexpected(settings.error());
      for (const PropertyLine& line : settings->lines) {
        const bool is_mechanisms = line.key.ends_with(".sasl.enabled.mechanisms");
        // The owner's keys and passwords are not replaced.
        if (!is_mechanisms && has_setting(line.key)) continue;
        const auto done = set(line.key, line.value, "");
        if (!done) return done;
        has_secret |= line.value.starts_with("${directory:");
      }
    }
    if (!has_secret) return {};
    for (const PropertyLine& line : secret_provider(value_of("config.providers"))) {
      const auto done = set(line.key, line.value, "");
      if (!done) return done;
    }
    return {};
  }

  // Keys of one keystore belong together: one that is there, for this listener or for all of them,
  // stands for the rest.
  bool has_setting(std::string_view key) const {
    if (plan::find_property(original_, key) != nullptr) return true;
    const size_t name_end = key.find(".ssl.keystore.");
    if (name_end == std::string_view::npos) return false;
    for (const std::string_view one :
         {"ssl.keystore.location", "ssl.keystore.key", "ssl.keystore.certificate.chain"}) {
      const std::string own = fmt::format("{}.{}", key.substr(0, name_end), one);
      if (plan::find_property(original_, one) != nullptr) return true;
      if (plan::find_property(original_, own) != nullptr) return true;
    }
    return false;
  }

  const RenderInput& input_;
  const plan::NodeSpec& node_;
  plan::PropertiesFile file_;
  const plan::PropertiesFile original_ = file_;  // as it was given
  std::vector<const plan::BrokerPlace*> places_;
  bool is_kraft_ = false;
  std::vector<std::string> controllers_;
  EditedList<KafkaListener> listeners_;
  EditedList<KafkaListener> advertised_;
  EditedList<ListenerProtocol> protocols_;
};

}  // namespace

Result<std::string> edited_properties(const RenderInput& input, const plan::NodeSpec& node,
                                      const std::string& text) {
  auto file = plan::parse_properties(text, fmt::format("server.properties of {}", node.instance));
  if (!file) return tl::unexpected(file.error());
  return Editor(input, node, std::move(*file)).edit();
}

Result<std::string> external_listener_fragment(const RenderInput& input,
                                               const plan::NodeSpec& node) {
  std::vector<KafkaListener> bound;
  std::vector<KafkaListener> told;
  std::string protocols;
  Json settings = Json::array();
  bool has_secret = false;
  for (const plan::BrokerPlace& place : input.deployment.port_mapping->places) {
    if (place.broker_id != node.id) continue;
    const auto& spec = input.spec.external_listeners[place.external_listener];
    bound.push_back({spec.name, wildcard_for(node), place.vm_port});
    told.push_back({spec.name, place.advertised.host, place.advertised.port});
    protocols += fmt::format("{}{}:{}", protocols.empty() ? "" : ",", spec.name,
                             plan::security_name(spec.security));
    const auto needed =
        listener_settings(plan::listener_key(place.external_listener), spec.name, spec.security,
                          spec.sasl_mechanisms, ListenerUse::kClients);
    if (!needed) return tl::unexpected(needed.error());
    for (const std::string& comment : needed->comments) settings.push_back("# " + comment);
    for (const PropertyLine& line : needed->lines) {
      settings.push_back(fmt::format("{}={}", line.key, properties_value(line.value)));
    }
    has_secret |= needed->has_secret;
  }
  if (has_secret) {
    for (const PropertyLine& line : secret_provider("")) {
      settings.push_back(fmt::format("{}={}", line.key, properties_value(line.value)));
    }
  }
  return fill("kafka/external-listener.properties", {{"instance", node.instance},
                                                     {"id", node.id},
                                                     {"listeners", to_string(bound)},
                                                     {"advertised", to_string(told)},
                                                     {"protocols", protocols},
                                                     {"has_settings", !settings.empty()},
                                                     {"settings", settings}});
}

}  // namespace portway::render
