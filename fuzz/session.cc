// Both byte streams of a session are the fuzzer's. Whatever they say, what goes to the broker is
// what the client sent, in order and nothing else, however the streams are cut.
//
// Input: one byte of options, then records of a byte (bit 7: from the broker; the rest: how many
// pieces) and two bytes of length, big-endian, followed by as many bytes.

#include "session/session.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "session/session_test_kit.h"

namespace portway::session {
namespace {

struct Streams {
  std::string taken;      // of the client's bytes
  std::string to_broker;  // by the session, without its own requests
  std::string to_client;
  bool failed = false;
};

class Player {
 public:
  explicit Player(uint8_t options) {
    policy_.request_bytes_max = 1 << 20;
    policy_.requests_in_flight_max = 1 + (options & 0x0f);
    if ((options & 0x20) != 0) policy_.forbidden_api_keys.set(20);
    learns_ = (options & 0x40) != 0;
    environment_.places = {{1, {"one.example", 1}}, {2, {"two.example", 2}}};
    session_.emplace(learns_ ? Session::Purpose::kLearn : Session::Purpose::kServe, policy_,
                     environment_);
  }

  // True when nothing was changed on the way to the broker that could have been.
  bool transparent() const { return !learns_ && policy_.forbidden_api_keys.none(); }

  void feed(bool from_broker, const std::string& bytes) {
    if (streams_.failed || session_->finished()) return;
    Output to_broker;
    Output to_client;
    if (from_broker) {
      streams_.failed = !session_->on_broker_bytes(bytes, 0, to_client, to_broker).has_value();
    } else {
      const auto taken = session_->on_client_bytes(bytes, 0, to_broker, to_client);
      streams_.failed = !taken.has_value();
      if (taken) streams_.taken += bytes.substr(0, *taken);
    }
    streams_.to_broker += to_broker.str();
    streams_.to_client += to_client.str();
  }

  const Streams& streams() const { return streams_; }

 private:
  Policy policy_;
  RecordingEnvironment environment_;
  bool learns_ = false;
  std::optional<Session> session_;
  Streams streams_;
};

void require(bool condition) {
  if (!condition) std::abort();
}

void play(const std::string& input) {
  const auto options = static_cast<uint8_t>(input[0]);
  Player whole(options);
  Player pieces(options);
  size_t at = 1;
  while (at + 3 <= input.size()) {
    const auto kind = static_cast<uint8_t>(input[at]);
    const size_t announced =
        static_cast<uint8_t>(input[at + 1]) * size_t{256} + static_cast<uint8_t>(input[at + 2]);
    const size_t length = std::min(announced, input.size() - at - 3);
    const std::string bytes = input.substr(at + 3, length);
    at += 3 + length;
    const bool from_broker = (kind & 0x80) != 0;
    const size_t step = std::max<size_t>(1, length / ((kind & 0x7f) + 1u));
    whole.feed(from_broker, bytes);
    for (size_t i = 0; i < length; i += step) pieces.feed(from_broker, bytes.substr(i, step));
  }
  for (const Player* player : {&whole, &pieces}) {
    if (player->transparent() && !player->streams().failed) {
      require(player->streams().taken.starts_with(player->streams().to_broker));
    }
  }
}

}  // namespace
}  // namespace portway::session

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0) {
    portway::session::play(std::string(reinterpret_cast<const char*>(data), size));
  }
  return 0;
}
