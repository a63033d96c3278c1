#include <nlohmann/json.hpp>

#include "proxy/admin/admin_pages.h"
#include "proxy/admin/build_info.h"

namespace portway::proxy {
namespace {

using Json = nlohmann::ordered_json;

Json address_json(const HostPort& address) {
  return address.host.empty() ? Json(nullptr) : Json(to_string(address));
}

Json port_json(const PortStatus& port) {
  return {{"listen", to_string(HostPort{port.listen, port.port})},
          {"bound", port.bound},
          {"target", port.target},
          {"broker_id", port.broker_id < 0 ? Json(nullptr) : Json(port.broker_id)},
          {"advertised", address_json(port.advertised)},
          {"broker", address_json(port.broker)}};
}

Json listener_json(const ListenerStatus& listener) {
  Json ports = Json::array();
  for (const PortStatus& port : listener.ports) ports.push_back(port_json(port));
  return {{"name", listener.name},
          {"connections", listener.connections},
          {"brokers_without_place", listener.brokers_without_place},
          {"widen_hint", listener.brokers_without_place.empty() ? "" : listener.widen_hint},
          {"ports", ports}};
}

Json topology_json(const ProxyStatus& status) {
  const bool known = status.topology != TopologyState::kUnknown;
  return {{"state", topology_state_name(status.topology)},
          {"age_ms", known ? Json(status.topology_age_ms) : Json(nullptr)},
          {"last_error", status.topology_error}};
}

Json readiness(const ProxyStatus& status) {
  Json listeners = Json::array();
  for (const ListenerStatus& listener : status.external_listeners) {
    listeners.push_back(listener_json(listener));
  }
  return {{"ready", status.ready},
          {"reason", status.not_ready_reason},
          {"draining", status.draining},
          {"cluster", status.cluster},
          {"topology", topology_json(status)},
          {"external_listeners", listeners}};
}

// Texts come from files and from brokers: bytes that are not UTF-8 become U+FFFD.
std::string text(const Json& json) {
  constexpr int kIndent = 2;
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string readiness_json(const ProxyStatus& status) { return text(readiness(status)); }

std::string status_json(const ProxyStatus& status) {
  Json json = {{"version", kVersion}, {"compiler", kCompiler}, {"uptime_ms", status.uptime_ms}};
  json.update(readiness(status));
  json["configuration"] = {{"generation", status.configuration_generation},
                           {"reload_failures", status.configuration_failures},
                           {"last_error", status.configuration_error}};
  json["connections_by_worker"] = status.connections_by_worker;
  return text(json);
}

}  // namespace portway::proxy
