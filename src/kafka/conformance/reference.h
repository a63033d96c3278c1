#pragma once

#include <map>
#include <set>
#include <string>

#include "base/host_port.h"
#include "kafka/broker_addresses.h"
#include "kafka/conformance/value.h"

namespace portway::kafka::conformance {

// A port plan for tests, and a record of what was told.
class PlanForTest : public BrokerAddresses {
 public:
  // Brokers 0 to `highest` have a place, but for every fourth.
  PlanForTest(int32_t highest, size_t host_bytes);

  const HostPort* advertised(int32_t broker_id) const override;
  void saw(int32_t broker_id, ByteView host, int32_t port) override;
  void clamped(int16_t) override {}
  void left_out(int32_t broker_id) override { left.insert(broker_id); }

  std::map<int32_t, HostPort> places;
  std::set<std::string> seen;  // "id host port"
  std::set<int32_t> left;
};

// What a response has to look like after its rewrite: the slow, plain twin of the rewriter, over
// decoded messages. Records in `plan` what the rewriter has to tell.
void rewrite_by_definition(int16_t api_key, const StructDefinition& definition, Value& message,
                           PlanForTest& plan);

}  // namespace portway::kafka::conformance
