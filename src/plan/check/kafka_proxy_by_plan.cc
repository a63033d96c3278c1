// A kafka-proxy command line against portway.yaml: whether a fleet of `portway serve` could take
// its place without a client noticing.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "plan/check/broker_file.h"
#include "plan/check/check_kafka_proxy.h"

namespace portway::plan {
namespace {

constexpr std::string_view kMapping = "bootstrap-server-mapping";
constexpr KafkaVersion kNodeEndpoints = {3, 7, 0};  // KIP-951

class ByPlan {
 public:
  ByPlan(const KafkaProxySettings& settings, const Spec& spec, FlagReport& report)
      : settings_(settings), spec_(spec), deployment_(make_deployment(spec)), report_(report) {}

  void run() {
    if (kafka_version(spec_) >= kNodeEndpoints) {
      report_.add(Check::kInsideAddressesLeak, kMapping, "",
                  fmt::format("the cluster is Kafka {}", spec_.cluster.kafka_version));
    }
    if (!deployment_.proxy) {
      report_.add(Check::kNothingToCompare, "", "", "no external listener of the plan is proxied");
      return;
    }
    for (const ServerMapping& mapping : settings_.mappings) check_mapping(mapping);
    check_dynamic();
    const bool has_placeholder = std::any_of(
        settings_.mappings.begin(), settings_.mappings.end(),
        [](const ServerMapping& mapping) { return is_placeholder(mapping.broker.host); });
    if (spec_.cluster.nodes.empty() || has_placeholder) return;
    for (const BrokerPlace& place : deployment_.proxy->places) check_unmapped(place);
  }

 private:
  const NodeSpec* node_at(const std::string& host) const {
    for (const NodeSpec& node : spec_.cluster.nodes) {
      if (node.is_broker && node.address == host) return &node;
    }
    return nullptr;
  }

  bool dials_external(const ServerMapping& mapping) {
    for (const ExternalListenerSpec& listener : spec_.external_listeners) {
      if (listener.method != Method::kPortMapping || listener.listen_port != mapping.broker.port) {
        continue;
      }
      report_.add(
          Check::kProxyDialsExternal, kMapping, to_string(mapping.broker),
          fmt::format("{} is the brokers' listener {}", to_string(mapping.broker), listener.name),
          fmt::format("write port {}, that of {}", spec_.cluster.internal.port,
                      spec_.cluster.internal.name));
      return true;
    }
    return false;
  }

  // Of the node's places on all proxied listeners, the one with this name, else the first.
  const BrokerPlace* place_of(int32_t broker_id, const std::string& host) const {
    const BrokerPlace* first = nullptr;
    for (const BrokerPlace& place : deployment_.proxy->places) {
      if (place.broker_id != broker_id) continue;
      if (place.advertised.host == host) return &place;
      if (first == nullptr) first = &place;
    }
    return first;
  }

  void check_mapping(const ServerMapping& mapping) {
    if (is_placeholder(mapping.broker.host) || dials_external(mapping)) return;
    if (spec_.cluster.nodes.empty()) return;
    const NodeSpec* node = node_at(mapping.broker.host);
    if (node == nullptr) {
      report_.add(Check::kProxyBrokerNotInPlan, kMapping, to_string(mapping.broker),
                  fmt::format("{} is the address of no broker of the plan", mapping.broker.host));
      return;
    }
    mapped_.insert(node->id);
    const BrokerPlace* place = place_of(node->id, mapping.advertised.host);
    if (place == nullptr) return;  // the plan by itself says that the broker has no place
    if (mapping.listen.port != place->proxy_port ||
        mapping.advertised.port != place->advertised.port) {
      report_.add(Check::kProxyPortDiffers, kMapping, to_string(mapping.broker),
                  fmt::format("broker {} is on port {} and advertised at {}; the plan has {} and "
                              "{}",
                              node->id, mapping.listen.port, mapping.advertised.port,
                              place->proxy_port, place->advertised.port));
    }
    if (mapping.advertised.host != place->advertised.host) {
      report_.add(Check::kProxyNameDiffers, kMapping, to_string(mapping.broker),
                  fmt::format("broker {} is advertised as {}, and the plan has {}", node->id,
                              mapping.advertised.host, place->advertised.host));
    }
  }

  void check_dynamic() {
    const DynamicPorts& dynamic = settings_.dynamic;
    if (!dynamic.enabled || dynamic.first == 0) return;
    for (const PortRange& range : deployment_.proxy->client_ports) {
      if (range.first <= dynamic.first && dynamic.first <= range.last) return;
    }
    report_.add(Check::kDynamicOutsidePlan, "dynamic-sequential-min-port", "",
                fmt::format("{} is no port of the plan", dynamic.first));
  }

  void check_unmapped(const BrokerPlace& place) {
    if (!mapped_.insert(place.broker_id).second) return;
    const DynamicPorts& dynamic = settings_.dynamic;
    if (!dynamic.enabled) {
      report_.add(Check::kBrokerNotMapped, "dynamic-listeners-disable", "",
                  fmt::format("broker {} of the plan is in no mapping", place.broker_id));
    } else if (dynamic.deterministic && dynamic.count > 0) {
      const uint32_t port = dynamic.first + static_cast<uint32_t>(place.broker_id) % dynamic.count;
      if (port == place.proxy_port) return;
      report_.add(Check::kProxyPortDiffers, "dynamic-sequential-min-port", "",
                  fmt::format("broker {} gets port {}, and the plan has {}", place.broker_id, port,
                              place.proxy_port));
    }
  }

  const KafkaProxySettings& settings_;
  const Spec& spec_;
  const Deployment deployment_;
  FlagReport& report_;
  std::set<int32_t> mapped_;
};

}  // namespace

void check_kafka_proxy_by_plan(const KafkaProxySettings& settings, const Spec& spec,
                               FlagReport& report) {
  ByPlan(settings, spec, report).run();
}

}  // namespace portway::plan
