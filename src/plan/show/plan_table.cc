#include "plan/show/plan_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "plan/planned_brokers.h"
#include "plan/port_plan.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

// Runs of ids and ports longer than this are one line; of places that no broker has yet, any run.
constexpr size_t kRunShownInFull = 8;

struct Row {
  std::string port;
  std::string leads_to;
  std::string told;
};

// One external listener's lines.
class ListenerTable {
 public:
  ListenerTable(const Spec& spec, size_t index)
      : spec_(spec),
        listener_(spec.external_listeners[index]),
        brokers_(planned_brokers(spec, index)) {
    for (const NodeSpec& node : spec.cluster.nodes) {
      if (node.is_broker) nodes_.emplace(node.id, &node);
    }
  }

  std::vector<Row> rows() const {
    const bool is_mapped = listener_.method == Method::kPortMapping;
    std::vector<Row> rows = {{is_mapped ? "client port" : "port", "leads to", "clients are told"}};
    if (listener_.bootstrap_port) {
      rows.push_back(
          {std::to_string(*listener_.bootstrap_port), "any broker", "(for bootstrap lists)"});
    }
    for (size_t begin = 0; begin < brokers_.size();) {
      const size_t end = end_of_run(begin);
      if (is_one_line(begin, end)) {
        rows.push_back(row_of_run(brokers_[begin], brokers_[end - 1]));
      } else {
        for (size_t i = begin; i < end; ++i) rows.push_back(row_of(brokers_[i]));
      }
      begin = end;
    }
    return rows;
  }

 private:
  // Where the cluster's brokers are listed: a place for one to come.
  bool is_room(const PlannedBroker& broker) const {
    return !nodes_.empty() && !nodes_.contains(broker.broker_id);
  }

  size_t end_of_run(size_t begin) const {
    size_t end = begin + 1;
    for (; end < brokers_.size(); ++end) {
      const PlannedBroker& before = brokers_[end - 1];
      const PlannedBroker& broker = brokers_[end];
      if (broker.broker_id != before.broker_id + 1 || broker.port != before.port + 1 ||
          broker.advertised_port != before.advertised_port + 1 ||
          is_room(broker) != is_room(before)) {
        break;
      }
    }
    return end;
  }

  bool is_one_line(size_t begin, size_t end) const {
    return end - begin > (is_room(brokers_[begin]) ? 1 : kRunShownInFull);
  }

  std::string told(const PlannedBroker& broker) const {
    return to_string(
        HostPort{substitute_id(listener_.advertise, broker.broker_id), broker.advertised_port});
  }

  Row row_of(const PlannedBroker& broker) const {
    std::string leads_to = fmt::format("broker {}", broker.broker_id);
    if (is_room(broker)) {
      leads_to = fmt::format("room for {}", leads_to);
    } else if (const auto found = nodes_.find(broker.broker_id); found != nodes_.end()) {
      const NodeSpec& node = *found->second;
      leads_to += listener_.method == Method::kPortMapping
                      ? fmt::format(" = {}:{}", node.instance, listener_.listen_port)
                      : fmt::format(" = {}:{}", node.address, spec_.cluster.internal.port);
    }
    return {std::to_string(broker.port), std::move(leads_to), told(broker)};
  }

  Row row_of_run(const PlannedBroker& first, const PlannedBroker& last) const {
    return {fmt::format("{}-{}", first.port, last.port),
            fmt::format("{}brokers {}-{}", is_room(first) ? "room for " : "", first.broker_id,
                        last.broker_id),
            fmt::format("{} ... {}", told(first), told(last))};
  }

  const Spec& spec_;
  const ExternalListenerSpec& listener_;
  std::vector<PlannedBroker> brokers_;
  std::map<int32_t, const NodeSpec*> nodes_;
};

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

std::string joined(const std::vector<HostPort>& servers) {
  std::string text;
  for (const HostPort& server : servers) text += (text.empty() ? "" : ",") + to_string(server);
  return text;
}

// "proxy, every port bound on 0.0.0.0"
std::string how(const Spec& spec, const ExternalListenerSpec& listener) {
  if (listener.method == Method::kProxy) {
    return fmt::format("through portway serve, which binds every port on {}",
                       fmt::join(spec.serve.listen, " and "));
  }
  return fmt::format("by port mapping, every broker listens on {}", listener.listen_port);
}

}  // namespace

std::string plan_table(const Spec& spec) {
  const PortPlan plan = make_port_plan(spec);
  std::string text = fmt::format("cluster {}", spec.cluster.name);
  if (const auto brokers = std::count_if(spec.cluster.nodes.begin(), spec.cluster.nodes.end(),
                                         [](const NodeSpec& node) { return node.is_broker; });
      brokers > 0) {
    text += fmt::format(", {} broker{}, Kafka {}", brokers, brokers == 1 ? "" : "s",
                        spec.cluster.kafka_version);
  }
  text += "\n";
  for (size_t i = 0; i < spec.external_listeners.size(); ++i) {
    const ExternalListenerSpec& listener = spec.external_listeners[i];
    text += fmt::format("\n{}: {}\n", listener.name, how(spec, listener));
    text += aligned(ListenerTable(spec, i).rows());
    text += fmt::format("  bootstrap servers: {}\n", joined(bootstrap_servers(spec, i)));
    text += fmt::format("  room for more brokers: {}\n", plan.external_listeners[i].widen_hint);
  }
  return text;
}

}  // namespace portway::plan
