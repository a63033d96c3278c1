#include "render/kafka_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "plan/planned_brokers.h"
#include "plan/properties/properties_edit.h"
#include "render/broker_file.h"
#include "render/kafka_security.h"

namespace portway::render {
namespace {

using plan::KafkaListener;
using plan::ProcessRole;

constexpr std::string_view kHeading = "External listeners, as planned in portway.yaml";
constexpr int kFirstVersionWithoutZooKeeper = 4;

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

class Editor {
 public:
  Editor(const RenderInput& input, const plan::NodeSpec& node, BrokerFile own)
      : input_(input), node_(node), own_(std::move(own)), file_(own_.file) {
    for (const plan::BrokerPlace& place : input.deployment.port_mapping->places) {
      if (place.broker_id == node.id) places_.push_back(&place);
    }
  }

  Result<std::string> edit() {
    for (const auto step :
         {&Editor::check_node, &Editor::check_roles, &Editor::check_listeners, &Editor::check_ports,
          &Editor::check_internal, &Editor::write_lists, &Editor::write_security}) {
      const auto done = (this->*step)();
      if (!done) return tl::unexpected(done.error());
    }
    return file_.text;
  }

 private:
  // "server.properties of broker-node1:12: listeners"
  std::string place_of(std::string_view key) const {
    const plan::PropertiesEntry* entry = plan::find_property(file_, key);
    if (entry == nullptr) return fmt::format("{}: {}", file_.name, key);
    return fmt::format("{}:{}: {}", file_.name, entry->line, key);
  }

  tl::unexpected<Error> contradiction(std::string_view key, std::string_view why) const {
    return fail(Fault::kOperator, "contradiction", fmt::format("{}: {}", place_of(key), why));
  }

  // The file is this node's, and of the kind that the plan says.
  Result<void> check_node() {
    bool has_id = false;
    for (const std::string_view key : {"node.id", "broker.id"}) {
      const std::string id = broker_value(file_, key);
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
    return {};
  }

  Result<void> check_roles() {
    const auto has = [&](ProcessRole role) {
      return std::find(own_.roles.begin(), own_.roles.end(), role) != own_.roles.end();
    };
    if (own_.roles.empty()) {
      if (plan::kafka_version(input_.spec).major < kFirstVersionWithoutZooKeeper) return {};
      return contradiction(kRolesKey,
                           fmt::format("missing: the file is one for ZooKeeper, which Kafka {} "
                                       "does without; write process.roles, or the cluster's real "
                                       "version in cluster.kafka_version",
                                       input_.spec.cluster.kafka_version));
    }
    if (has(ProcessRole::kBroker) == node_.is_broker &&
        has(ProcessRole::kController) == node_.is_controller) {
      return {};
    }
    return contradiction(kRolesKey,
                         fmt::format("'{}', but cluster.nodes gives node {} other "
                                     "roles; write there roles: [{}]",
                                     to_string(own_.roles), node_.id, to_string(own_.roles)));
  }

  const plan::ExternalListenerSpec& spec_of(const plan::BrokerPlace& place) const {
    return input_.spec.external_listeners[place.external_listener];
  }

  Result<void> check_listeners() {
    for (const plan::BrokerPlace* place : places_) {
      const std::string& name = spec_of(*place).name;
      if (is_controllers_listener(own_, name)) {
        return contradiction(kControllersKey,
                             fmt::format("{} is the controllers' listener; give the external "
                                         "listener another name in portway.yaml",
                                         name));
      }
      if (is_same_name(name, own_.inter_broker)) {
        return contradiction(kInterBrokerKey,
                             fmt::format("brokers talk to each other on {}; give the external "
                                         "listener another name in portway.yaml",
                                         name));
      }
    }
    return {};
  }

  Result<void> check_ports() {
    for (const plan::BrokerPlace* place : places_) {
      for (const KafkaListener& other : own_.listeners.entries) {
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
    for (const KafkaListener& listener : own_.listeners.entries) {
      if (is_external(listener.name) || is_controllers_listener(own_, listener.name)) continue;
      if (listener.port == port) return {};
      others += fmt::format("{}{} at {}", others.empty() ? "" : ", ", listener.name, listener.port);
    }
    return contradiction(kListenersKey,
                         fmt::format("no inside listener has port {}; there is {}. Write its name "
                                     "and port below cluster.listeners.internal",
                                     port, others.empty() ? "none" : others));
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
    auto listeners = own_.listeners.entries;
    auto advertised = own_.advertised.entries;
    auto protocols = own_.protocols.entries;
    for (const plan::BrokerPlace* place : places_) {
      const plan::ExternalListenerSpec& spec = spec_of(*place);
      KafkaListener& bound = entry_of(listeners, spec.name);
      if (bound.port == 0 || is_loopback(bound.host)) bound.host = any_address(node_);
      bound.port = place->vm_port;
      KafkaListener& told = entry_of(advertised, spec.name);
      told.host = place->advertised.host;
      told.port = place->advertised.port;
      entry_of(protocols, spec.name).protocol = protocol_of(spec.security);
    }
    const auto done = write_list(kListenersKey, own_.listeners, listeners, "");
    if (!done) return done;
    const auto told = write_list(kAdvertisedKey, own_.advertised, advertised, kListenersKey);
    if (!told) return told;
    return write_list(kProtocolsKey, own_.protocols, protocols, kAdvertisedKey);
  }

  // The entry with this name, added if there is none.
  template <typename Entry>
  static Entry& entry_of(std::vector<Entry>& entries, const std::string& name) {
    if (Entry* entry = find_name(entries, name)) return *entry;
    Entry& added = entries.emplace_back();
    added.name = name;
    return added;
  }

  // What was there is kept as it was written where entries are only added.
  template <typename Entry>
  Result<void> write_list(std::string_view key, const BrokerList<Entry>& own,
                          const std::vector<Entry>& planned, std::string_view after_key) {
    const std::vector<Entry>& before = own.entries;
    if (before == planned) return {};
    std::string value = to_string(planned);
    if (own.is_in_file && std::equal(before.begin(), before.end(), planned.begin())) {
      std::string old = broker_value(file_, key);
      while (old.ends_with(',') || old.ends_with(' ')) old.pop_back();
      const auto added = planned.begin() + static_cast<ptrdiff_t>(before.size());
      value = fmt::format("{},{}", old, to_string(std::vector<Entry>(added, planned.end())));
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
    for (const PropertyLine& line : secret_provider(broker_value(file_, "config.providers"))) {
      const auto done = set(line.key, line.value, "");
      if (!done) return done;
    }
    return {};
  }

  // Keys of one keystore belong together: one that is there, for this listener or for all of them,
  // stands for the rest.
  bool has_setting(std::string_view key) const {
    if (plan::find_property(own_.file, key) != nullptr) return true;
    const size_t name_end = key.find(".ssl.keystore.");
    if (name_end == std::string_view::npos) return false;
    for (const std::string_view one :
         {"ssl.keystore.location", "ssl.keystore.key", "ssl.keystore.certificate.chain"}) {
      const std::string own = fmt::format("{}.{}", key.substr(0, name_end), one);
      if (plan::find_property(own_.file, one) != nullptr) return true;
      if (plan::find_property(own_.file, own) != nullptr) return true;
    }
    return false;
  }

  const RenderInput& input_;
  const plan::NodeSpec& node_;
  const BrokerFile own_;
  plan::PropertiesFile file_;  // as far as it is edited
  std::vector<const plan::BrokerPlace*> places_;
};

}  // namespace

std::string any_address(const plan::NodeSpec& node) {
  return node.address.find(':') == std::string::npos ? "0.0.0.0" : "::";
}

Result<std::string> edited_properties(const RenderInput& input, const plan::NodeSpec& node,
                                      const std::string& text) {
  auto own = read_broker_file(text, fmt::format("server.properties of {}", node.instance));
  if (!own) return tl::unexpected(own.error());
  return Editor(input, node, std::move(*own)).edit();
}

}  // namespace portway::render
