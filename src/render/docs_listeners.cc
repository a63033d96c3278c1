#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/planned_brokers.h"
#include "plan/show/console_card.h"
#include "plan/values.h"
#include "render/docs_values.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint16_t kListenerDistance = 100;  // from one listener's first port to the next one's
constexpr int kPortMax = 65535;
constexpr int kPortMin = 1024;

bool is_mapped(const plan::ExternalListenerSpec& listener) {
  return listener.method == plan::Method::kPortMapping;
}

std::string domain_of(const plan::ExternalListenerSpec& listener) {
  const size_t dot = listener.advertise.find('.');
  return dot == std::string::npos ? listener.advertise : listener.advertise.substr(dot + 1);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + code_span(word);
  return text;
}

// What the tools print after "rack:". Brokers of a new cluster have their zone there.
std::string rack_of(const plan::Spec& spec, const plan::NodeSpec& node) {
  return spec.cluster.is_new && !node.zone.empty() ? node.zone : "null";
}

std::vector<plan::IdRange> ranges_of(const std::vector<int32_t>& ids) {
  std::vector<plan::IdRange> ranges;
  for (const int32_t id : ids) {
    if (!ranges.empty() && ranges.back().last + 1 == id) {
      ranges.back().last = id;
    } else {
      ranges.push_back({id, id});
    }
  }
  return ranges;
}

void add_places(Json& values, const RenderInput& input, size_t index) {
  const plan::ExternalListenerSpec& listener = input.spec.external_listeners[index];
  const auto& exposure =
      is_mapped(listener) ? input.deployment.port_mapping : input.deployment.proxy;
  values["places"] = Json::array();
  std::string ids;
  for (const plan::BrokerPlace& place : exposure->places) {
    if (place.external_listener != index) continue;
    const plan::NodeSpec& node = input.spec.cluster.nodes[place.node];
    values["places"].push_back({{"id", place.broker_id},
                                {"inside", fmt::format("{} ({})", node.instance, node.address)},
                                {"advertised", to_string(place.advertised)},
                                {"rack", rack_of(input.spec, node)},
                                {"port", is_mapped(listener) ? place.vm_port : place.proxy_port}});
    ids += fmt::format("{}{}", ids.empty() ? "" : " ", place.broker_id);
    if (values["places"].size() == 1) {
      values["local_port"] = place.proxy_port;
      values["address"] = node.address;
    }
  }
  values["has_places"] = !ids.empty();
  values["ids"] = ids;
}

// The brokers to come: those that have ports and no node yet.
void add_room(Json& values, const RenderInput& input, size_t index) {
  const plan::ExternalListenerSpec& listener = input.spec.external_listeners[index];
  std::vector<int32_t> ids;
  std::vector<HostPort> advertised;
  for (const plan::PlannedBroker& broker : planned_brokers(input.spec, index)) {
    const auto& nodes = input.spec.cluster.nodes;
    const bool is_there = std::any_of(nodes.begin(), nodes.end(), [&](const plan::NodeSpec& node) {
      return node.is_broker && node.id == broker.broker_id;
    });
    if (is_there) continue;
    ids.push_back(broker.broker_id);
    advertised.push_back(
        {plan::substitute_id(listener.advertise, broker.broker_id), broker.advertised_port});
  }
  values["has_room"] = !ids.empty();
  if (ids.empty()) return;
  values["room_ids"] = plan::id_ranges_text(ranges_of(ids));
  values["room_id"] = ids.front();
  values["room_port"] = advertised.front().port;
  values["room_first"] = to_string(advertised.front());
  values["room_last"] = to_string(advertised.back());
}

void add_console(Json& values, const RenderInput& input, size_t index) {
  const plan::ExternalListenerSpec& listener = input.spec.external_listeners[index];
  values["forms"] = Json::array();
  for (const plan::CardForm& form : plan::console_card(input.spec, input.deployment, index)) {
    Json fields = Json::array();
    for (const plan::CardField& field : form.fields) {
      fields.push_back({{"field", field.field}, {"value", code_span(field.value)}});
    }
    values["forms"].push_back({{"title", form.title}, {"fields", fields}});
  }
  values["has_pattern"] = plan::parse_tidb_cloud_name(listener.advertise).has_value();
  values["pattern"] = fmt::format("<broker_id>.{}:<port>", domain_of(listener));
}

std::set<int> taken_ports(const RenderInput& input) {
  std::set<int> taken = {input.deployment.health_port};
  for (size_t i = 0; i < input.spec.external_listeners.size(); ++i) {
    for (const plan::PlannedBroker& broker : planned_brokers(input.spec, i)) {
      taken.insert({broker.port, broker.advertised_port});
    }
    const auto& bootstrap = input.spec.external_listeners[i].bootstrap_port;
    if (bootstrap) taken.insert(*bootstrap);
  }
  return taken;
}

// The first port of as many free ones as `span` needs, at a round distance from `first`; 0: none.
int free_range(const std::set<int>& taken, int first, int span) {
  for (const int step : {int{kListenerDistance}, -int{kListenerDistance}}) {
    for (int from = first + step; from >= kPortMin && from + span <= kPortMax; from += step) {
      const auto next = taken.lower_bound(from);
      if (next == taken.end() || *next > from + span) return from;
    }
  }
  return 0;
}

std::string free_name(const plan::Spec& spec) {
  for (int number = 2;; ++number) {
    const std::string name = fmt::format("EXTERNAL{}", number);
    const bool is_taken =
        std::any_of(spec.external_listeners.begin(), spec.external_listeners.end(),
                    [&](const plan::ExternalListenerSpec& one) { return one.name == name; });
    if (!is_taken) return name;
  }
}

uint16_t free_listen_port(const plan::Spec& spec) {
  uint16_t port = 0;
  for (const plan::ExternalListenerSpec& listener : spec.external_listeners) {
    if (is_mapped(listener)) port = std::max(port, listener.listen_port);
  }
  do {
    port = port == kPortMax ? uint16_t{kPortMin} : static_cast<uint16_t>(port + 1);
  } while (port == spec.cluster.internal.port || port == spec.cluster.controller.port);
  return port;
}

// The same name with another unique string, or another first label.
std::string other_name(const plan::ExternalListenerSpec& listener) {
  const auto name = plan::parse_tidb_cloud_name(listener.advertise);
  if (!name) return "second-" + listener.advertise;
  const std::string part = "." + name->unique + ".";
  std::string other = listener.advertise;
  return other.replace(other.find(part), part.size(), ".your2ndstring.");
}

}  // namespace

Json listener_values(const RenderInput& input, size_t index) {
  const plan::ExternalListenerSpec& listener = input.spec.external_listeners[index];
  const bool mapped = is_mapped(listener);
  std::string bootstrap;
  for (const HostPort& server : plan::bootstrap_servers(input.spec, index)) {
    bootstrap += (bootstrap.empty() ? "" : ",") + to_string(server);
  }
  Json values = {
      {"name", listener.name},
      {"method", method_name(listener.method)},
      {"what", mapped ? "each port of the endpoint leads to one broker, and the brokers say so."
                      : "proxies take the connections, and put the endpoint's names and ports in "
                        "place of the brokers' addresses."},
      {"who", listener.consumers.empty() ? "No project may connect yet: consumers is empty."
                                         : "For the projects " + joined(listener.consumers) + "."},
      {"has_consumers", !listener.consumers.empty()},
      {"consumers", joined(listener.consumers)},
      {"port_column", mapped ? "Port that the broker binds" : "Port that the proxies bind"},
      {"listen_port", listener.listen_port},
      {"domain", domain_of(listener)},
      {"bootstrap", bootstrap},
      {"is_mapped", mapped},
  };
  add_places(values, input, index);
  add_room(values, input, index);
  add_console(values, input, index);
  return values;
}

std::string second_listener(const RenderInput& input) {
  const auto& listeners = input.spec.external_listeners;
  auto like = std::find_if(listeners.begin(), listeners.end(), is_mapped);
  if (like == listeners.end()) like = listeners.begin();
  if (like->ports.empty()) return {};
  const plan::PortBlock& block = like->ports.front();
  const int first =
      free_range(taken_ports(input), block.first, block.ids.back().last - block.ids.front().first);
  if (first == 0) return {};
  std::string text = fmt::format(
      "  - name: {}\n    method: {}\n    advertise: \"{}\"\n"
      "    ports: {{first: {}, ids: \"{}\"}}\n",
      free_name(input.spec), method_name(like->method), other_name(*like), first,
      plan::id_ranges_text(block.ids));
  if (is_mapped(*like)) text += fmt::format("    listen_port: {}\n", free_listen_port(input.spec));
  return text + "    consumers: [second-tidbcloud-project]";
}

}  // namespace portway::render
