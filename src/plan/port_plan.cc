#include "plan/port_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "plan/planned_brokers.h"
#include "plan/spec.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr int32_t kPortMax = 65535;

// Ports that are taken where the external listeners of one method have theirs.
std::set<uint16_t> all_ports(const Spec& spec, Method method) {
  std::set<uint16_t> ports;
  if (spec.serve.admin && method == Method::kProxy) ports.insert(spec.serve.admin->port);
  for (size_t i = 0; i < spec.external_listeners.size(); ++i) {
    if (spec.external_listeners[i].method != method) continue;
    for (const PlannedBroker& broker : planned_brokers(spec, i)) ports.insert(broker.port);
    if (const auto port = spec.external_listeners[i].bootstrap_port) ports.insert(*port);
  }
  return ports;
}

// Whether the block could take its highest id + 1 and collide with nothing.
bool can_grow(const PortBlock& block, const ExternalListenerSpec& listener,
              const std::set<uint16_t>& taken) {
  const int64_t next_id = int64_t{block.ids.back().last} + 1;
  const int64_t offset = next_id - block.ids.front().first;
  if (block.first + offset > kPortMax || block.advertised_first + offset > kPortMax) return false;
  if (taken.contains(static_cast<uint16_t>(block.first + offset))) return false;
  if (listener.brokers.contains(static_cast<int32_t>(next_id))) return false;
  return std::none_of(listener.ports.begin(), listener.ports.end(), [&](const PortBlock& other) {
    return std::any_of(other.ids.begin(), other.ids.end(), [&](const IdRange& range) {
      return range.first <= next_id && next_id <= range.last;
    });
  });
}

std::string widen_hint(const Spec& spec, size_t index, const std::set<uint16_t>& taken) {
  const ExternalListenerSpec& listener = spec.external_listeners[index];
  const std::string where = fmt::format("{} ({})", listener_key(index), listener.name);
  const size_t prefix_size = listener_key(index).size() + 1;
  for (size_t i = listener.ports.size(); i-- > 0;) {
    const PortBlock& block = listener.ports[i];
    if (!can_grow(block, listener, taken)) continue;
    std::vector<IdRange> wider = block.ids;
    ++wider.back().last;
    return fmt::format("{}: {}.ids is {}; widen it to {}", where,
                       block_key(spec, index, i).substr(prefix_size), id_ranges_text(block.ids),
                       id_ranges_text(wider));
  }
  if (listener.ports.empty()) {
    return fmt::format("{}: brokers lists every broker; add the new one and its port", where);
  }
  return fmt::format(
      "{}: no block of ports can grow without a collision; add a block of ids and free ports",
      where);
}

void bind(PortPlan& plan, const Spec& spec, const BoundPort& port) {
  for (const std::string& address : spec.serve.listen) {
    plan.ports.push_back(port);
    plan.ports.back().listen = address;
  }
}

}  // namespace

std::string listener_key(size_t listener) {
  return fmt::format("external_listeners[{}]", listener);
}

std::string block_key(const Spec& spec, size_t listener, size_t block) {
  if (spec.external_listeners[listener].ports.size() == 1) return listener_key(listener) + ".ports";
  return fmt::format("{}.ports[{}]", listener_key(listener), block);
}

std::string exception_key(size_t listener, int32_t broker_id) {
  return fmt::format("{}.brokers.{}", listener_key(listener), broker_id);
}

uint64_t planned_ports_count(const ExternalListenerSpec& listener) {
  uint64_t count = listener.brokers.size() + (listener.bootstrap_port ? 1 : 0);
  for (const PortBlock& block : listener.ports) {
    for (const IdRange& range : block.ids) {
      count += static_cast<uint64_t>(int64_t{range.last} - range.first + 1);
    }
  }
  return count;
}

std::vector<PlannedBroker> planned_brokers(const Spec& spec, size_t listener) {
  const ExternalListenerSpec& of = spec.external_listeners[listener];
  std::map<int32_t, PlannedBroker> brokers;
  for (size_t i = 0; i < of.ports.size(); ++i) {
    const PortBlock& block = of.ports[i];
    const std::string key = block_key(spec, listener, i) + ".ids";
    for (const IdRange& range : block.ids) {
      for (int64_t id = range.first; id <= range.last; ++id) {
        const int64_t offset = id - block.ids.front().first;
        const auto broker_id = static_cast<int32_t>(id);
        brokers[broker_id] = {broker_id, static_cast<uint16_t>(block.first + offset),
                              static_cast<uint16_t>(block.advertised_first + offset), key};
      }
    }
  }
  for (const auto& [id, exception] : of.brokers) {
    brokers[id] = {id, exception.port, exception.advertised_port, exception_key(listener, id)};
  }
  std::vector<PlannedBroker> list;
  list.reserve(brokers.size());
  for (auto& [id, broker] : brokers) list.push_back(std::move(broker));
  return list;
}

PortPlan make_port_plan(const Spec& spec) {
  PortPlan plan;
  for (size_t i = 0; i < spec.external_listeners.size(); ++i) {
    const ExternalListenerSpec& listener = spec.external_listeners[i];
    ExternalListenerPlan& planned = plan.external_listeners.emplace_back();
    planned.name = listener.name;
    planned.connections_max = listener.connections_max;
    planned.widen_hint = widen_hint(spec, i, all_ports(spec, listener.method));
    if (listener.bootstrap_port) {
      bind(plan, spec, {i, "", *listener.bootstrap_port, Target::kAnyBroker, -1, {}});
    }
    for (const PlannedBroker& broker : planned_brokers(spec, i)) {
      planned.advertised[broker.broker_id] = {substitute_id(listener.advertise, broker.broker_id),
                                              broker.advertised_port};
      if (listener.method == Method::kPortMapping) continue;
      bind(plan, spec, {i, "", broker.port, Target::kBroker, broker.broker_id, {}});
    }
  }
  return plan;
}

Result<Spec> spec_to_serve(Spec spec) {
  std::erase_if(spec.external_listeners, [](const ExternalListenerSpec& listener) {
    return listener.method != Method::kProxy;
  });
  if (!spec.external_listeners.empty()) return spec;
  return fail(Fault::kOperator, "nothing_to_serve",
              "every external listener has the method port-mapping, which needs no proxy: clients "
              "reach the brokers themselves; write method: proxy for those that portway serve is "
              "for");
}

}  // namespace portway::plan
