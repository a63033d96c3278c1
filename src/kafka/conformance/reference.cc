#include "kafka/conformance/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "kafka/api_keys.h"

namespace portway::kafka::conformance {
namespace {

enum class Verdict { kUntouched, kReplaced, kNoPlace };

Verdict rewrite_broker(const StructDefinition& definition, Value& broker, PlanForTest& plan) {
  const char* id_name = find_field(definition, "NodeId") != nullptr ? "NodeId" : "BrokerId";
  const auto id = static_cast<int32_t>(field_of(broker, definition, id_name).number);
  Value& host = field_of(broker, definition, "Host");
  Value& port = field_of(broker, definition, "Port");
  if (host.bytes.empty()) return Verdict::kUntouched;
  if (id < 0) return Verdict::kNoPlace;
  plan.saw(id, host.bytes, static_cast<int32_t>(port.number));
  const HostPort* place = plan.advertised(id);
  if (place == nullptr) {
    plan.left_out(id);
    return Verdict::kNoPlace;
  }
  host.bytes = place->host;
  port.number = place->port;
  return Verdict::kReplaced;
}

void rewrite_coordinator(const StructDefinition& definition, Value& coordinator,
                         PlanForTest& plan) {
  const auto id = field_of(coordinator, definition, "NodeId").number;
  if (rewrite_broker(definition, coordinator, plan) != Verdict::kNoPlace) return;
  field_of(coordinator, definition, "NodeId").number = -1;
  field_of(coordinator, definition, "Host").bytes.clear();
  field_of(coordinator, definition, "Port").number = -1;
  Value& error = field_of(coordinator, definition, "ErrorCode");
  if (error.number != 0) return;
  error.number = 15;
  Value& message = field_of(coordinator, definition, "ErrorMessage");
  message.null = false;
  message.bytes = fmt::format("broker {} has no place in Portway's port plan", id);
}

void rewrite_brokers(const FieldDefinition& field, Value& brokers, PlanForTest& plan) {
  std::erase_if(brokers.items, [&](Value& broker) {
    return rewrite_broker(*field.structure, broker, plan) == Verdict::kNoPlace;
  });
}

void clamp(const FieldDefinition& field, Value& apis) {
  for (Value& api : apis.items) {
    const auto key = static_cast<int16_t>(field_of(api, *field.structure, "ApiKey").number);
    Value& highest = field_of(api, *field.structure, "MaxVersion");
    highest.number = std::min<int64_t>(highest.number, clamp_version(key));
  }
}

}  // namespace

PlanForTest::PlanForTest(int32_t highest, size_t host_bytes) {
  for (int32_t id = 0; id <= highest; ++id) {
    if (id % 4 == 3) continue;
    std::string host = fmt::format("b{}.", id);
    host.resize(std::max(host.size(), host_bytes), 'x');
    places[id] = {host, static_cast<uint16_t>(9000 + id)};
  }
}

const HostPort* PlanForTest::advertised(int32_t broker_id) const {
  const auto found = places.find(broker_id);
  return found == places.end() ? nullptr : &found->second;
}

void PlanForTest::saw(int32_t broker_id, ByteView host, int32_t port) {
  seen.insert(fmt::format("{} {} {}", broker_id, host, port));
}

void rewrite_by_definition(int16_t api_key, const StructDefinition& definition, Value& message,
                           PlanForTest& plan) {
  const auto field = [&](std::string_view name) -> const FieldDefinition& {
    return *find_field(definition, name);
  };
  const auto value = [&](std::string_view name) -> Value& {
    return field_of(message, definition, name);
  };
  switch (api_key) {
    case kApiVersions:
      return clamp(field("ApiKeys"), value("ApiKeys"));
    case kMetadata:
      return rewrite_brokers(field("Brokers"), value("Brokers"), plan);
    case kDescribeCluster: {
      Value& brokers = value("Brokers");
      const bool controllers =
          find_field(definition, "EndpointType") != nullptr && value("EndpointType").number == 2;
      if (!controllers) return rewrite_brokers(field("Brokers"), brokers, plan);
      std::erase_if(brokers.items, [&](Value& broker) {
        return !field_of(broker, *field("Brokers").structure, "Host").bytes.empty();
      });
      return;
    }
    case kDescribeQuorum:
      for (Value& node : value("Nodes").items) {
        field_of(node, *field("Nodes").structure, "Listeners").items.clear();
      }
      return;
    case kFindCoordinator:
      if (value("Host").present) rewrite_coordinator(definition, message, plan);
      for (Value& coordinator : value("Coordinators").items) {
        rewrite_coordinator(*field("Coordinators").structure, coordinator, plan);
      }
      return;
    default:
      return rewrite_brokers(field("NodeEndpoints"), value("NodeEndpoints"), plan);
  }
}

}  // namespace portway::kafka::conformance
