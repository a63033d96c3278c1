#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "kafka/api_keys.h"
#include "kafka/writer.h"
#include "session/environment.h"

namespace portway::session {

// What the tests of a session put around it: an environment that writes down what it is told, and
// frames of the kinds that tell sessions apart.

class RecordingEnvironment final : public Environment {
 public:
  const HostPort* advertised(int32_t broker_id) const override {
    const auto found = places.find(broker_id);
    return found == places.end() ? nullptr : &found->second;
  }
  void saw(int32_t broker_id, ByteView host, int32_t port) override {
    seen[broker_id] = {std::string(host), static_cast<uint16_t>(port)};
  }
  void clamped(int16_t) override { ++lowered; }
  void left_out(int32_t broker_id) override { brokers_left_out.push_back(broker_id); }
  void on_request(int16_t api_key, int16_t, uint32_t bytes) override {
    requests.push_back(api_key);
    request_bytes += bytes;
  }
  void on_response(int16_t api_key, uint32_t, uint32_t, bool) override {
    responses.push_back(api_key);
  }
  void on_forbidden() override { ++forbidden; }
  void on_lesson_learnt(std::span<const kafka::BrokerEntry> brokers) override {
    for (const auto& broker : brokers) learnt[broker.broker_id] = broker.address;
    ++lessons;
  }

  std::map<int32_t, HostPort> places;
  std::map<int32_t, HostPort> seen;
  std::vector<int32_t> brokers_left_out;
  std::vector<int16_t> requests;
  std::vector<int16_t> responses;
  uint64_t request_bytes = 0;
  int forbidden = 0;
  std::map<int32_t, HostPort> learnt;
  int lessons = 0;
  int lowered = 0;
};

inline std::string framed(const std::string& content) {
  std::string frame;
  kafka::write_int32(frame, static_cast<int32_t>(content.size()));
  return frame + content;
}

inline std::string request(int16_t key, int16_t version, int32_t id, const std::string& body = "") {
  std::string content;
  kafka::write_int16(content, key);
  kafka::write_int16(content, version);
  kafka::write_int32(content, id);
  kafka::write_string(content, "test", false);
  return framed(content + body);
}

inline std::string response(int32_t id, const std::string& body = "") {
  std::string content;
  kafka::write_int32(content, id);
  return framed(content + body);
}

// Produce v3: no transactional id, `acks`, a timeout and no topics.
inline std::string produce_request(int32_t id, int16_t acks) {
  std::string body;
  kafka::write_null_string(body, false);
  kafka::write_int16(body, acks);
  kafka::write_int32(body, 1000);
  kafka::write_int32(body, 0);
  return request(kafka::kProduce, 3, id, body);
}

// The body of Metadata v1 with these brokers, no controller and no topics.
inline std::string metadata_body(const std::vector<std::pair<int32_t, HostPort>>& brokers) {
  std::string body;
  kafka::write_count(body, static_cast<uint32_t>(brokers.size()), false);
  for (const auto& [id, address] : brokers) {
    kafka::write_int32(body, id);
    kafka::write_string(body, address.host, false);
    kafka::write_int32(body, address.port);
    kafka::write_null_string(body, false);
  }
  kafka::write_int32(body, -1);
  kafka::write_int32(body, 0);
  return body;
}

}  // namespace portway::session
