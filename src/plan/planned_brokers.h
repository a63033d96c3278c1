#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "plan/spec.h"

namespace portway::plan {

// One broker id with the ports that an external listener gives it.
struct PlannedBroker {
  int32_t broker_id = 0;
  uint16_t port = 0;
  uint16_t advertised_port = 0;
  std::string key;  // of the spec's entry that says so: "external_listeners[0].ports.ids"
};

// The keys under which messages name the parts of an external listener.
std::string listener_key(size_t listener);
std::string block_key(const Spec& spec, size_t listener,
                      size_t block);  // "...ports" or "...ports[1]"
std::string exception_key(size_t listener, int32_t broker_id);

// How many ports the blocks and exceptions of a listener may take, counted without listing them:
// the guard before planned_brokers, which lists them.
uint64_t planned_ports_count(const ExternalListenerSpec& listener);

// All brokers that external_listeners[listener] has a place for, in ascending id. Exceptions stand
// in for what the blocks say. Ids must be in one block only and no port may pass 65535.
std::vector<PlannedBroker> planned_brokers(const Spec& spec, size_t listener);

}  // namespace portway::plan
