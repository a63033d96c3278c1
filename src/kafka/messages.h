#pragma once

#include <cstdint>
#include <span>

#include "kafka/schema.h"

namespace portway::kafka {

// How a response that did not come whole with the first bytes is rewritten.
enum class Streaming : uint8_t {
  kWhole,  // held until it is complete
  kFront,  // `edited` is held, what follows passes
  kTail,   // `walked` passes, `edited` is held; grows by the reserve
};

// A response that is rewritten: one message of Kafka's definitions from its header on.
struct Message {
  int16_t api_key;
  int16_t first_version;  // the lowest one that carries something to rewrite
  int16_t last_version;   // the highest one that Portway knows
  int16_t first_flexible_version;
  Streaming streaming;
  std::span<const Field> walked;  // what stands before the edited fields; empty but for kTail
  std::span<const Field> edited;
  Behind behind;

  Form form(int16_t version) const { return {version, version >= first_flexible_version}; }
};

// The message of an api key, nullptr when no version of its responses is rewritten.
const Message* find_message(int16_t api_key);

}  // namespace portway::kafka
