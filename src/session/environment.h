#pragma once

#include <bitset>
#include <cstdint>
#include <span>

#include "kafka/broker_addresses.h"
#include "kafka/metadata.h"

namespace portway::session {

// What a session asks of its surroundings and tells them. One object serves all sessions of one
// external listener on one worker; it outlives them. Must not block.
class Environment : public kafka::BrokerAddresses {
 public:
  // A request was taken from the client. `bytes` with its size field.
  virtual void on_request(int16_t api_key, int16_t api_version, uint32_t bytes) = 0;

  // A response has gone to the client in full (or, for Portway's own requests, came in).
  // `latency_us`: from the request being forwarded to the response's first bytes.
  virtual void on_response(int16_t api_key, uint32_t bytes, uint32_t latency_us,
                           bool rewritten) = 0;

  // A forbidden request was answered by Portway (or its connection is about to be closed).
  virtual void on_forbidden() = 0;

  // All brokers of the cluster, learnt on a connection that is now to be closed.
  virtual void on_lesson_learnt(std::span<const kafka::BrokerEntry> brokers) = 0;
};

// What the sessions of one external listener may do; shared by them, immutable.
struct Policy {
  uint32_t request_bytes_max = 100u << 20;
  uint32_t response_bytes_max = 1u << 30;
  uint32_t requests_in_flight_max = 256;
  // Api keys of Kafka are below 100 so far; any other is never forbidden by number.
  std::bitset<256> forbidden_api_keys;
  ByteView client_id = "portway";  // of Portway's own requests; outlives the policy
};

}  // namespace portway::session
