#include "plan/plan_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace portway::plan {
namespace {

// Runs of ids and ports longer than this are one line.
constexpr size_t kRunShownInFull = 8;
constexpr size_t kBootstrapListLength = 3;  // one broker per zone is what clients are given

struct Row {
  std::string port;
  std::string leads_to;
  std::string told;
};

// The ports of one external listener, each once although it may be bound on several addresses.
std::vector<const BoundPort*> ports_of(const Spec& spec, const PortPlan& plan, size_t listener) {
  std::vector<const BoundPort*> ports;
  for (const BoundPort& port : plan.ports) {
    if (port.external_listener == listener && port.listen == spec.serve.listen.front()) {
      ports.push_back(&port);
    }
  }
  return ports;
}

const HostPort& told(const PortPlan& plan, const BoundPort& port) {
  return plan.external_listeners[port.external_listener].advertised.at(port.broker_id);
}

bool continues(const PortPlan& plan, const BoundPort& before, const BoundPort& port) {
  return before.target == Target::kBroker && port.target == Target::kBroker &&
         port.broker_id == before.broker_id + 1 && port.port == before.port + 1 &&
         told(plan, port).port == told(plan, before).port + 1;
}

Row row_of(const PortPlan& plan, const BoundPort& port) {
  if (port.target == Target::kAnyBroker) {
    return {std::to_string(port.port), "any broker", "(for bootstrap lists)"};
  }
  return {std::to_string(port.port), fmt::format("broker {}", port.broker_id),
          to_string(told(plan, port))};
}

Row row_of_run(const PortPlan& plan, const BoundPort& first, const BoundPort& last) {
  return {fmt::format("{}-{}", first.port, last.port),
          fmt::format("brokers {}-{}", first.broker_id, last.broker_id),
          fmt::format("{} ... {}", to_string(told(plan, first)), to_string(told(plan, last)))};
}

std::vector<Row> rows_of(const PortPlan& plan, const std::vector<const BoundPort*>& ports) {
  std::vector<Row> rows = {{"port", "leads to", "clients are told"}};
  for (size_t begin = 0; begin < ports.size();) {
    size_t end = begin + 1;
    while (end < ports.size() && continues(plan, *ports[end - 1], *ports[end])) ++end;
    if (end - begin > kRunShownInFull) {
      rows.push_back(row_of_run(plan, *ports[begin], *ports[end - 1]));
    } else {
      for (size_t i = begin; i < end; ++i) rows.push_back(row_of(plan, *ports[i]));
    }
    begin = end;
  }
  return rows;
}

std::string aligned(const std::vector<Row>& rows) {
  size_t port_width = 0;
  size_t target_width = 0;
  for (const Row& row : rows) {
    port_width = std::max(port_width, row.port.size());
    target_width = std::max(target_width, row.leads_to.size());
  }
  std::string text;
  for (const Row& row : rows) {
    text += fmt::format("  {:<{}}  {:<{}}  {}\n", row.port, port_width, row.leads_to, target_width,
                        row.told);
  }
  return text;
}

std::vector<HostPort> bootstrap_servers(const Spec& spec, const PortPlan& plan, size_t listener) {
  std::vector<HostPort> servers;
  const auto& advertised = plan.external_listeners[listener].advertised;
  const auto port = spec.external_listeners[listener].bootstrap_port;
  if (port) return {{advertised.begin()->second.host, *port}};
  for (const auto& [id, address] : advertised) {
    if (servers.size() == kBootstrapListLength) break;
    servers.push_back(address);
  }
  return servers;
}

}  // namespace

std::string plan_table(const Spec& spec, const PortPlan& plan) {
  std::string text = fmt::format("cluster {}, every port bound on {}\n", spec.cluster.name,
                                 fmt::join(spec.serve.listen, " and "));
  for (size_t i = 0; i < plan.external_listeners.size(); ++i) {
    const ExternalListenerPlan& listener = plan.external_listeners[i];
    text += fmt::format("\n{}\n", listener.name);
    text += aligned(rows_of(plan, ports_of(spec, plan, i)));
    std::string servers;
    for (const HostPort& server : bootstrap_servers(spec, plan, i)) {
      servers += (servers.empty() ? "" : ",") + to_string(server);
    }
    text += fmt::format("  bootstrap servers: {}\n", servers);
    text += fmt::format("  room for more brokers: {}\n", listener.widen_hint);
  }
  return text;
}

std::string plan_json(const Spec& spec, const PortPlan& plan) {
  using Json = nlohmann::ordered_json;
  Json listeners = Json::array();
  for (size_t i = 0; i < plan.external_listeners.size(); ++i) {
    const ExternalListenerPlan& listener = plan.external_listeners[i];
    Json ports = Json::array();
    for (const BoundPort* port : ports_of(spec, plan, i)) {
      if (port->target == Target::kAnyBroker) {
        ports.push_back({{"port", port->port}, {"target", "any_broker"}});
      } else {
        ports.push_back({{"port", port->port},
                         {"target", "broker"},
                         {"broker_id", port->broker_id},
                         {"advertised", to_string(told(plan, *port))}});
      }
    }
    Json servers = Json::array();
    for (const HostPort& server : bootstrap_servers(spec, plan, i)) {
      servers.push_back(to_string(server));
    }
    listeners.push_back({{"name", listener.name},
                         {"connections_max", listener.connections_max},
                         {"bootstrap_servers", std::move(servers)},
                         {"widen_hint", listener.widen_hint},
                         {"ports", std::move(ports)}});
  }
  const Json all = {{"cluster", spec.cluster.name},
                    {"listen", spec.serve.listen},
                    {"external_listeners", std::move(listeners)}};
  return all.dump(2) + "\n";
}

}  // namespace portway::plan
