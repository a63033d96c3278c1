#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "kafka/api_keys.h"

namespace portway::proxy {

// Frames of the Kafka protocol as the fake brokers and the test client speak it: real where Portway
// looks, and otherwise as simple as can be.

// Passes through Portway untouched: the fake broker answers with its own id as the error code.
inline constexpr int16_t kWho = 12;  // Heartbeat v0
// Fetch versions on either side of where addresses appear (KIP-951).
inline constexpr int16_t kPassedFetch = 11;
inline constexpr int16_t kRewrittenFetch = 16;
inline constexpr int16_t kPassedProduce = 3;
inline constexpr int16_t kRewrittenProduce = 10;

struct Member {
  int32_t id = 0;
  std::string host;
  uint16_t port = 0;
};

// `content` with the size field in front.
std::string framed(ByteView content);

// A request's frame: header and body.
std::string request(int16_t api_key, int16_t version, int32_t correlation_id, ByteView body = "");

// The body of a Fetch request that asks the fake broker for so many bytes of records.
std::string fetch_body(uint32_t record_bytes);

// The head of a Produce frame, size field included, whose `record_bytes` follow.
std::string produce_head(int16_t version, int32_t correlation_id, int16_t acks,
                         uint32_t record_bytes);

// What stands in a Fetch answer before and after its records; both have `members` in v16.
struct FetchAnswer {
  std::string head;  // size field included
  std::string tail;
};
FetchAnswer fetch_answer(int16_t version, int32_t correlation_id, uint32_t record_bytes,
                         const std::vector<Member>& members);

std::string produce_answer(int16_t version, int32_t correlation_id, bool good,
                           const std::vector<Member>& members);
std::string api_versions_answer(int16_t version, int32_t correlation_id);
std::string metadata_answer(int16_t version, int32_t correlation_id,
                            const std::vector<Member>& members);
std::string who_answer(int32_t correlation_id, int32_t broker_id);

}  // namespace portway::proxy
