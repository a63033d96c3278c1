#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "plan/planned_brokers.h"
#include "plan/properties/kafka_listeners.h"
#include "render/kafka_edit.h"
#include "render/kafka_security.h"
#include "render/template.h"

namespace portway::render {

using Json = nlohmann::ordered_json;
using plan::KafkaListener;

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
    bound.push_back({spec.name, any_address(node), place.vm_port});
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
