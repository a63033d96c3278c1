#include "plan/kafka_proxy_convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "plan/spec_checks.h"
#include "plan/spec_defaults.h"
#include "plan/spec_fields.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr size_t kCommentColumns = 98;

struct MappedBroker {
  const ServerMapping* mapping = nullptr;
  bool assumed = false;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `host` with "{id}" in the place of one number in it that is `id`, for every such number.
std::vector<std::string> patterns_of(const std::string& host, int32_t id) {
  const std::string digits = std::to_string(id);
  std::vector<std::string> patterns;
  for (size_t at = 0; (at = host.find(digits, at)) != std::string::npos; at += digits.size()) {
    const size_t end = at + digits.size();
    if ((at > 0 && is_digit(host[at - 1])) || (end < host.size() && is_digit(host[end]))) continue;
    patterns.push_back(host.substr(0, at) + "{id}" + host.substr(end));
  }
  return patterns;
}

class Converter {
 public:
  Converter(const KafkaProxySettings& settings, const std::map<HostPort, int32_t>& broker_ids)
      : settings_(settings), broker_ids_(broker_ids) {}

  Result<Conversion> run() {
    if (auto numbered = number_brokers(); !numbered) return tl::unexpected(numbered.error());
    ExternalListenerSpec& listener =
        spec().external_listeners.emplace_back(default_external_listener());
    listener.name = "EXTERNAL";
    spec().cluster = settings_.spec.cluster;
    convert_serve();
    convert_advertise(listener);
    convert_ports(listener);
    note_what_is_lost();
    const std::vector<Problem> problems = check_spec(spec(), {});
    if (problems.empty()) return std::move(conversion_);
    std::string message = "no portway.yaml without collisions follows from these flags:";
    for (const Problem& problem : problems) {
      message += fmt::format("\n{}: {}", problem.key, problem.message);
    }
    return fail(Fault::kOperator, "bad_conversion", message);
  }

 private:
  Spec& spec() { return conversion_.spec; }
  void note(std::string text) { conversion_.notes.push_back(std::move(text)); }

  Result<void> number_brokers() {
    std::set<int32_t> taken;
    for (const auto& [address, id] : broker_ids_) {
      if (!taken.insert(id).second) {
        return fail(Fault::kOperator, "bad_conversion",
                    fmt::format("broker id {} is given to two addresses", id));
      }
      if (std::none_of(settings_.mappings.begin(), settings_.mappings.end(),
                       [&address = address](const auto& m) { return m.broker == address; })) {
        return fail(
            Fault::kOperator, "bad_conversion",
            fmt::format("{} is no broker of a --bootstrap-server-mapping", to_string(address)));
      }
    }
    int32_t next = 1;
    for (const ServerMapping& mapping : settings_.mappings) {
      const auto known = broker_ids_.find(mapping.broker);
      if (known != broker_ids_.end()) {
        mapped_[known->second] = {&mapping, false};
        continue;
      }
      while (taken.contains(next)) ++next;
      taken.insert(next);
      mapped_[next] = {&mapping, true};
    }
    note_assumed_ids();
    return {};
  }

  void note_assumed_ids() {
    std::string assumed;
    for (const auto& [id, broker] : mapped_) {
      if (!broker.assumed) continue;
      assumed += fmt::format("{}{} is {}", assumed.empty() ? "" : ", ",
                             to_string(broker.mapping->broker), id);
    }
    if (assumed.empty()) return;
    note(
        fmt::format("ASSUMED broker ids, because kafka-proxy's mappings go by address: {}. If "
                    "that is wrong, convert again with --broker-id ADDRESS=ID for each.",
                    assumed));
  }

  void convert_serve() {
    ServeSpec& serve = spec().serve;
    serve = settings_.spec.serve;
    // What kafka-proxy has no limit for gets Portway's, and its own defaults become Portway's.
    serve.connections_max = fallback("serve.connections_max");
    serve.request_bytes_max = fallback("serve.request_bytes_max");
    serve.response_bytes_max = fallback("serve.response_bytes_max");
    if (serve.dial_timeout_ms == kafka_proxy_default_ms("kafka-dial-timeout")) {
      serve.dial_timeout_ms = fallback("serve.dial_timeout");
    }
    if (serve.client_id == find_kafka_proxy_flag("kafka-client-id")->fallback) {
      serve.client_id = find_field("serve.client_id")->fallback;
    }
    convert_listen(serve);
  }

  static uint32_t fallback(std::string_view path) {
    const Field& field = *find_field(path);
    return static_cast<uint32_t>(parse_quantity(field, field.fallback).value_or(0));
  }

  static uint32_t kafka_proxy_default_ms(std::string_view flag) {
    const auto us = parse_go_duration_us(find_kafka_proxy_flag(flag)->fallback);
    return static_cast<uint32_t>(us.value_or(0) / 1000);
  }

  void convert_listen(ServeSpec& serve) {
    std::set<std::string> addresses;
    for (const ServerMapping& mapping : settings_.mappings) addresses.insert(mapping.listen.host);
    if (has_dynamic_ports()) addresses.insert(settings_.dynamic.listen);
    const size_t distinct = addresses.size();
    if (addresses.contains("0.0.0.0")) {
      std::erase_if(addresses, [](const auto& a) { return a != "0.0.0.0" && !is_ipv6_address(a); });
    }
    if (addresses.contains("::")) {
      std::erase_if(addresses, [](const auto& a) { return a != "::" && is_ipv6_address(a); });
    }
    serve.listen.assign(addresses.begin(), addresses.end());
    if (distinct > 1) {
      note(
          "The flags bind their ports on different addresses; here every port is bound on each "
          "address of serve.listen.");
    }
  }

  bool has_dynamic_ports() const {
    return settings_.dynamic.enabled && settings_.dynamic.first > 0;
  }

  bool fits_mapped(const std::string& pattern) const {
    return std::all_of(mapped_.begin(), mapped_.end(), [&](const auto& entry) {
      return substitute_id(pattern, entry.first) == entry.second.mapping->advertised.host;
    });
  }

  // One pattern for all brokers: the dynamic one if mappings follow it, else one that they follow.
  void convert_advertise(ExternalListenerSpec& listener) {
    const auto& [id, broker] = *mapped_.begin();
    const std::string& host = broker.mapping->advertised.host;
    std::vector<std::string> candidates;
    if (has_dynamic_ports()) candidates.push_back(settings_.dynamic.advertise);
    if (!is_ip_address(host)) {
      for (std::string& pattern : patterns_of(host, id)) candidates.push_back(std::move(pattern));
    }
    candidates.push_back(host);
    const auto fitting = std::find_if(candidates.begin(), candidates.end(),
                                      [this](const auto& p) { return fits_mapped(p); });
    listener.advertise = fitting != candidates.end() ? *fitting : candidates.front();
    note_changed_names(listener.advertise);
  }

  void note_changed_names(const std::string& advertise) {
    std::string changed;
    for (const auto& [id, broker] : mapped_) {
      const std::string& before = broker.mapping->advertised.host;
      if (substitute_id(advertise, id) == before) continue;
      changed += fmt::format("{}broker {} was {}", changed.empty() ? "" : ", ", id, before);
    }
    if (has_dynamic_ports() && settings_.dynamic.advertise != advertise) {
      changed += fmt::format("{}brokers without a mapping were {}", changed.empty() ? "" : ", ",
                             settings_.dynamic.advertise);
    }
    if (changed.empty()) return;
    note(
        fmt::format("CHANGED names: clients are told {} for every broker; {}. See that these "
                    "names lead to Portway.",
                    advertise, changed));
  }

  void convert_ports(ExternalListenerSpec& listener) {
    const DynamicPorts& dynamic = settings_.dynamic;
    std::optional<PortBlock> block;
    if (has_dynamic_ports()) block = dynamic_block();
    for (const auto& [id, broker] : mapped_) {
      const ServerMapping& mapping = *broker.mapping;
      listener.brokers[id] = {mapping.listen.port, mapping.advertised.port};
    }
    if (block && dynamic.advertised_port) {
      list_with_fixed_port(*block, *dynamic.advertised_port, listener);
    } else if (block) {
      cut_before_collision(*block, listener);
      if (!block->ids.empty()) listener.ports.push_back(*block);
    }
    fold_mapped(listener);
    note_dynamic();
  }

  // The ports of brokers without a mapping as one block.
  PortBlock dynamic_block() const {
    const DynamicPorts& dynamic = settings_.dynamic;
    const bool is_open = dynamic.first + dynamic.count == 65536;  // no number was given
    const uint32_t count =
        std::min(is_open ? std::min(kConvertedBrokers, dynamic.count) : dynamic.count,
                 static_cast<uint32_t>(kBoundPortsMax / 2));
    const int32_t first_id = dynamic.deterministic ? 0 : mapped_.rbegin()->first + 1;
    const auto last_id = static_cast<int32_t>(first_id + static_cast<int64_t>(count) - 1);
    return {dynamic.first, dynamic.first, {{first_id, last_id}}};
  }

  // A block has its advertised ports in a row; one port for all needs an entry for each broker.
  static void list_with_fixed_port(const PortBlock& block, uint16_t advertised_port,
                                   ExternalListenerSpec& listener) {
    const IdRange& ids = block.ids.front();
    const int32_t last =
        std::min(ids.last, ids.first + static_cast<int32_t>(kConvertedBrokers) - 1);
    for (int32_t id = ids.first; id <= last; ++id) {
      const auto port = static_cast<uint16_t>(block.first + (id - ids.first));
      listener.brokers.emplace(id, BrokerException{port, advertised_port});
    }
  }

  // kafka-proxy finds out at run time that a port is taken already; a plan may not have it twice.
  void cut_before_collision(PortBlock& block, const ExternalListenerSpec& listener) {
    std::set<uint16_t> taken;
    if (const auto& admin = spec().serve.admin) taken.insert(admin->port);
    for (const auto& [id, exception] : listener.brokers) taken.insert(exception.port);
    IdRange& ids = block.ids.front();
    for (int32_t id = ids.first; id <= ids.last; ++id) {
      const auto port = static_cast<uint16_t>(block.first + (id - ids.first));
      if (listener.brokers.contains(id) || !taken.contains(port)) continue;
      note(
          fmt::format("CUT: port {} is taken, so that the ids of the ports from {} on end before "
                      "{}; add a block of ports for further brokers.",
                      port, block.first, id));
      if (id == ids.first) {
        block.ids.clear();
      } else {
        ids.last = id - 1;
      }
      return;
    }
  }

  // Mapped brokers that follow a rule become part of the block, or a block of their own.
  void fold_mapped(ExternalListenerSpec& listener) {
    if (mapped_.size() != listener.brokers.size()) return;
    const int32_t first_id = mapped_.begin()->first;
    const int32_t last_id = mapped_.rbegin()->first;
    const BrokerException first = listener.brokers.at(first_id);
    if (last_id - first_id + 1 != static_cast<int32_t>(mapped_.size())) return;
    for (const auto& [id, exception] : listener.brokers) {
      if (exception.port != first.port + (id - first_id)) return;
      if (exception.advertised_port != first.advertised_port + (id - first_id)) return;
    }
    PortBlock run{first.port, first.advertised_port, {{first_id, last_id}}};
    if (listener.ports.empty()) {
      listener.ports.push_back(run);
      listener.brokers.clear();
      return;
    }
    PortBlock& block = listener.ports.front();
    IdRange& ids = block.ids.front();
    if (ids.first <= first_id && last_id <= ids.last) {  // deterministic ports of the same rule?
      if (block.first + (first_id - ids.first) != first.port) return;
      if (first.port != first.advertised_port) return;
    } else if (ids.first != last_id + 1) {
      return;
    } else if (block.first == first.port + (ids.first - first_id) &&
               first.port == first.advertised_port) {
      block.first = block.advertised_first = first.port;
      ids.first = first_id;
    } else {
      listener.ports.insert(listener.ports.begin(), run);
    }
    listener.brokers.clear();
  }

  void note_dynamic() {
    const DynamicPorts& dynamic = settings_.dynamic;
    if (!dynamic.enabled) return;
    if (dynamic.first == 0) {
      note(
          "LOST: kafka-proxy gives brokers without a mapping a random port; here they have no "
          "place until you add their ids to ports.");
    } else if (!dynamic.deterministic) {
      note(
          fmt::format("CHANGED ports: kafka-proxy gives {} and up to brokers without a mapping in "
                      "the order in which it meets them; here the port follows from the id, the "
                      "same in every replica. Compare with the ids your cluster has.",
                      dynamic.first));
    } else if (dynamic.first + dynamic.count < 65536) {
      note(
          fmt::format("Ids of {} and above wrap around in kafka-proxy; here they have no place "
                      "until you add them to ports.",
                      dynamic.count));
    }
  }

  void note_what_is_lost() {
    for (const auto& [broker, told] : settings_.external) {
      note(
          fmt::format("LOST: --external-server-mapping {},{}: Portway always listens for a broker "
                      "itself.",
                      to_string(broker), to_string(told)));
    }
    for (const auto& [from, to] : settings_.dial_mapping) {
      note(
          fmt::format("LOST: --dial-address-mapping {},{}: brokers are dialled where the cluster "
                      "says they are; let the name resolve accordingly on this machine.",
                      to_string(from), to_string(to)));
    }
    if (spec().serve.admin && settings_.health_path != "/livez") {
      note(
          fmt::format("MOVED: {} is /livez (alive) and /readyz (ready for traffic); metrics are "
                      "at /metrics, under other names.",
                      settings_.health_path));
    }
    if (settings_.log_fields.message != LogFieldNames().message) {
      note("LOST: the names of the fields in JSON log lines; they are ts, level and msg.");
    }
  }

  const KafkaProxySettings& settings_;
  const std::map<HostPort, int32_t>& broker_ids_;
  std::map<int32_t, MappedBroker> mapped_;
  Conversion conversion_;
};

std::string comment(std::string_view text) {
  std::string lines = "#";
  size_t column = 1;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column + 1 + word.size() > kCommentColumns) {
      lines += "\n#  ";
      column = 3;
    }
    lines += fmt::format(" {}", word);
    column += 1 + word.size();
  }
  return lines + "\n";
}

}  // namespace

Result<Conversion> convert_kafka_proxy(const KafkaProxySettings& settings,
                                       const std::map<HostPort, int32_t>& broker_ids) {
  return Converter(settings, broker_ids).run();
}

std::string to_yaml(const Conversion& conversion) {
  std::string text = "# Written by `portway convert`. See the ports with `portway plan -c FILE`.\n";
  for (const std::string& note : conversion.notes) text += comment(note);
  return text + "\n" + to_yaml(conversion.spec);
}

}  // namespace portway::plan
