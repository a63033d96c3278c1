#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/host_port.h"
#include "plan/kafka_proxy_settings.h"
#include "plan/port_plan.h"

namespace portway::plan {

// The one external listener of a proxy that was started with kafka-proxy's flags.
inline constexpr const char* kKafkaProxyListenerName = "kafka-proxy";

// The port plan that kafka-proxy's flags ask for, given the brokers there are.
//
//  - A mapped broker, known by its address, is what its mapping says.
//  - Any other gets a dynamic port by its id: deterministic ones follow from the id alone;
//    sequential and random ones are remembered, so that a broker keeps its port when others join or
//    its address changes. Among brokers seen together the lower id gets the lower port.
//  - A broker for which there is no port left, or whose port or advertised address somebody else
//    has, is left without a place: the others do not suffer (kafka-proxy fails them all).
//
// The same brokers in the same order of calls give the same plans. One thread.
class KafkaProxyPlanner {
 public:
  // A port of this address that nothing listens on; nothing when there is none. Null: random ports
  // cannot be given, and brokers that need one are left without a place.
  using FreePort = std::function<std::optional<uint16_t>(const std::string& address)>;

  explicit KafkaProxyPlanner(KafkaProxySettings settings, FreePort free_port = nullptr);

  // `brokers`: id -> address as the cluster advertises it.
  PortPlan plan(const std::map<int32_t, HostPort>& brokers);

  // What the last plan left out, and why; each said once in the planner's life.
  std::vector<std::string> take_warnings();

 private:
  struct Draft;

  void plan_mapped(Draft& draft, int32_t broker_id, const HostPort& advertised);
  void plan_dynamic(Draft& draft, int32_t broker_id);
  std::optional<uint16_t> dynamic_port(const Draft& draft, int32_t broker_id);
  std::optional<uint16_t> deterministic_port(int32_t broker_id);
  std::optional<uint16_t> sequential_port(const Draft& draft, int32_t broker_id);
  std::optional<uint16_t> random_port(int32_t broker_id);
  std::string mapping_on(uint16_t port) const;
  void warn(std::string warning);

  const KafkaProxySettings settings_;
  const FreePort free_port_;
  std::map<int32_t, uint16_t> assigned_;  // sequential and random ports, kept for ever
  uint32_t next_offset_ = 0;              // of sequential ports, from dynamic.first
  std::vector<std::string> warnings_;
  std::set<std::string> warned_;
};

}  // namespace portway::plan
