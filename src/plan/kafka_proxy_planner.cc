#include "plan/kafka_proxy_planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr uint32_t kPortMax = 65535;

constexpr std::string_view kWidenHint =
    "add --bootstrap-server-mapping for the broker, or --dynamic-sequential-min-port with enough "
    "--dynamic-sequential-max-ports";

bool same_socket(const std::string& a, const std::string& b) {
  return a == b || a == "0.0.0.0" || b == "0.0.0.0";
}

// The mappings whose advertised address is theirs alone. Of several with the same only one broker
// can have it: which one, the brokers' ids say.
std::map<HostPort, HostPort> advertised_by_address(const KafkaProxySettings& settings) {
  std::map<HostPort, HostPort> told;
  for (const auto& [broker, advertised] : settings.external) told[broker] = advertised;
  for (const ServerMapping& mapping : settings.mappings) told[mapping.broker] = mapping.advertised;
  std::map<HostPort, int> brokers;
  for (const auto& [broker, advertised] : told) ++brokers[advertised];
  std::erase_if(told, [&](const auto& entry) { return brokers[entry.second] > 1; });
  return told;
}

}  // namespace

struct KafkaProxyPlanner::Draft {
  PortPlan plan;
  std::map<HostPort, int32_t> told;           // what clients are told -> of which broker
  std::map<uint16_t, int32_t> dynamic_ports;  // taken by this plan

  std::map<int32_t, HostPort>& advertised() { return plan.external_listeners.front().advertised; }
};

KafkaProxyPlanner::KafkaProxyPlanner(KafkaProxySettings settings, FreePort free_port)
    : settings_(std::move(settings)), free_port_(std::move(free_port)) {}

PortPlan KafkaProxyPlanner::plan(const std::map<int32_t, HostPort>& brokers) {
  Draft draft;
  draft.plan.external_listeners.push_back(
      {kKafkaProxyListenerName, {}, 0, std::string(kWidenHint)});
  for (const ServerMapping& mapping : settings_.mappings) {
    draft.plan.ports.push_back(
        {0, mapping.listen.host, mapping.listen.port, Target::kAddress, -1, mapping.broker});
  }
  draft.plan.external_listeners.front().advertised_by_address = advertised_by_address(settings_);
  std::vector<int32_t> dynamic;
  for (const auto& [id, address] : brokers) {
    const auto mapping =
        std::find_if(settings_.mappings.begin(), settings_.mappings.end(),
                     [&address = address](const ServerMapping& m) { return m.broker == address; });
    const auto external = settings_.external.find(address);
    if (mapping != settings_.mappings.end()) {
      plan_mapped(draft, id, mapping->advertised);
    } else if (external != settings_.external.end()) {
      plan_mapped(draft, id, external->second);
    } else {
      dynamic.push_back(id);
    }
  }
  for (const int32_t id : dynamic) plan_dynamic(draft, id);
  return std::move(draft.plan);
}

void KafkaProxyPlanner::plan_mapped(Draft& draft, int32_t broker_id, const HostPort& advertised) {
  const auto [first, is_new] = draft.told.emplace(advertised, broker_id);
  if (!is_new) {
    return warn(
        fmt::format("broker {} is left out: its mapping advertises {}, which is broker {}'s",
                    broker_id, to_string(advertised), first->second));
  }
  draft.advertised()[broker_id] = advertised;
}

void KafkaProxyPlanner::plan_dynamic(Draft& draft, int32_t broker_id) {
  const DynamicPorts& dynamic = settings_.dynamic;
  if (!dynamic.enabled) {
    return warn(
        fmt::format("broker {} is left out: it has no mapping, and "
                    "--dynamic-listeners-disable is given",
                    broker_id));
  }
  const auto port = dynamic_port(draft, broker_id);
  if (!port) return;
  if (const std::string other = mapping_on(*port); !other.empty()) {
    return warn(
        fmt::format("broker {} is left out: its port {} is that of {} in "
                    "--bootstrap-server-mapping",
                    broker_id, *port, other));
  }
  if (const auto other = draft.dynamic_ports.find(*port); other != draft.dynamic_ports.end()) {
    return warn(
        fmt::format("broker {} is left out: its port {} is broker {}'s; raise "
                    "--dynamic-sequential-max-ports",
                    broker_id, *port, other->second));
  }
  const HostPort advertised{substitute_id(dynamic.advertise, broker_id),
                            dynamic.advertised_port.value_or(*port)};
  const auto [first, is_new] = draft.told.emplace(advertised, broker_id);
  if (!is_new) {
    return warn(
        fmt::format("broker {} is left out: clients would be told {}, which is broker "
                    "{}'s; put {{{{.brokerId}}}} into --dynamic-advertised-listener",
                    broker_id, to_string(advertised), first->second));
  }
  if (advertised.host == "0.0.0.0" || advertised.host == "::") {
    warn(
        fmt::format("clients are told {} for broker {}, which leads them to themselves; give "
                    "--dynamic-advertised-listener",
                    to_string(advertised), broker_id));
  }
  draft.dynamic_ports[*port] = broker_id;
  draft.advertised()[broker_id] = advertised;
  draft.plan.ports.push_back({0, dynamic.listen, *port, Target::kBroker, broker_id, {}});
}

std::optional<uint16_t> KafkaProxyPlanner::dynamic_port(const Draft& draft, int32_t broker_id) {
  if (settings_.dynamic.deterministic) return deterministic_port(broker_id);
  if (const auto kept = assigned_.find(broker_id); kept != assigned_.end()) return kept->second;
  const auto port =
      settings_.dynamic.first == 0 ? random_port(broker_id) : sequential_port(draft, broker_id);
  if (port) assigned_[broker_id] = *port;
  return port;
}

std::optional<uint16_t> KafkaProxyPlanner::deterministic_port(int32_t broker_id) {
  const DynamicPorts& dynamic = settings_.dynamic;
  const uint32_t offset = static_cast<uint32_t>(broker_id) % dynamic.count;
  if (broker_id < 0 || dynamic.first + offset > kPortMax) {
    warn(fmt::format("broker {} is left out: its port would be {}, beyond {}", broker_id,
                     dynamic.first + offset, kPortMax));
    return std::nullopt;
  }
  return static_cast<uint16_t>(dynamic.first + offset);
}

// The next port that no mapping has. kafka-proxy comes to the same one by failing on the others.
std::optional<uint16_t> KafkaProxyPlanner::sequential_port(const Draft& draft, int32_t broker_id) {
  const DynamicPorts& dynamic = settings_.dynamic;
  while (next_offset_ < dynamic.count && dynamic.first + next_offset_ <= kPortMax) {
    const auto port = static_cast<uint16_t>(dynamic.first + next_offset_++);
    if (mapping_on(port).empty() && !draft.dynamic_ports.contains(port)) return port;
  }
  warn(
      fmt::format("broker {} is left out: all {} ports from {} on are given; raise "
                  "--dynamic-sequential-max-ports",
                  broker_id, dynamic.count, dynamic.first));
  return std::nullopt;
}

std::optional<uint16_t> KafkaProxyPlanner::random_port(int32_t broker_id) {
  const auto port = free_port_ ? free_port_(settings_.dynamic.listen) : std::nullopt;
  if (!port) {
    warn(
        fmt::format("broker {} is left out: no free port was found; give "
                    "--dynamic-sequential-min-port",
                    broker_id));
    return std::nullopt;
  }
  warn(
      fmt::format("broker {} gets port {} by chance, and another one after a restart; several "
                  "replicas, and whatever forwards fixed ports to Portway, need "
                  "--dynamic-sequential-min-port and --deterministic-listeners",
                  broker_id, *port));
  return port;
}

// What the flags themselves bind on this port of the dynamic listeners' address; empty: nothing.
std::string KafkaProxyPlanner::mapping_on(uint16_t port) const {
  for (const ServerMapping& mapping : settings_.mappings) {
    if (mapping.listen.port == port && same_socket(mapping.listen.host, settings_.dynamic.listen)) {
      return to_string(mapping.broker);
    }
  }
  const auto& admin = settings_.spec.serve.admin;
  if (admin && admin->port == port && same_socket(admin->host, settings_.dynamic.listen)) {
    return "--http-listen-address";
  }
  return {};
}

void KafkaProxyPlanner::warn(std::string warning) {
  if (warned_.insert(warning).second) warnings_.push_back(std::move(warning));
}

std::vector<std::string> KafkaProxyPlanner::take_warnings() { return std::exchange(warnings_, {}); }

}  // namespace portway::plan
