#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/output.h"
#include "base/result.h"
#include "kafka/request.h"
#include "kafka/response_rewriter.h"
#include "session/environment.h"
#include "session/in_flight.h"

namespace portway::session {

// One client connection as two coupled state machines without I/O: bytes of the client in, bytes
// for the broker out; bytes of the broker in, bytes for the client out. It knows where frames begin
// and end, which response belongs to which request, and who rewrites it. It owns no buffer while it
// is idle.
//
//   requests    undecided ──► body ──► undecided   (size field and 8 bytes decide all but Produce,
//                 │  ▲                              which is held until its `acks` is seen)
//                 │  └── answered here              (a forbidden request, once it is whole)
//                 └────► lesson                     (see below; no more requests are taken)
//
//   responses   head ──► passing ────► head
//                 │────► rewriting ──► head
//                 └────► collecting ─► head         (the answer to a request of Portway's own)
//
// Back-pressure: a session takes no further request while `requests_in_flight_max` wait for their
// responses, while draining, during a lesson, and while a SaslHandshake v0 waits for its answer;
// on_client_bytes() then takes fewer bytes than it was given, and the caller keeps the rest until
// takes_requests() is true again.
//
// A lesson (Purpose::kLearn): the port's broker is not known and brokers demand SASL. The client
// authenticates with a bootstrap broker through this session; its first other request is not
// forwarded. Portway asks that broker for ApiVersions and Metadata instead, tells the brokers to
// Environment::saw(), and is finished(): the caller closes, and the client's next attempt goes to
// the right broker.
//
// Errors are final: the connection must be closed. What was appended to the outputs before may be
// sent: it ends with the last whole frame of that call. One thread.
class Session {
 public:
  enum class Purpose : uint8_t { kServe, kLearn };

  // Both references outlive the session.
  Session(Purpose purpose, const Policy& policy, Environment& environment);
  ~Session();

  // Takes bytes from the client, in any cut. What goes to the broker is appended to `to_broker`,
  // Portway's own answers to `to_client`. Returns how many bytes were taken.
  Result<size_t> on_client_bytes(ByteView bytes, int64_t now_us, Output& to_broker,
                                 Output& to_client);

  // Takes all of `bytes` from the broker.
  Result<void> on_broker_bytes(ByteView bytes, int64_t now_us, Output& to_client,
                               Output& to_broker);

  // How many of the next bytes of that side go through untouched and unseen: they may be moved by
  // other means, and are then told here.
  uint32_t opaque_client_bytes() const { return request_body_bytes_; }
  uint32_t opaque_broker_bytes() const;
  void skip_client_bytes(uint32_t bytes) { request_body_bytes_ -= bytes; }
  void skip_broker_bytes(uint32_t bytes, Output& to_client);

  // No request is taken from now on; one that was begun is finished.
  void drain() { draining_ = true; }

  bool takes_requests() const;
  // Nothing is in flight and nothing half done: closing now breaks no request.
  bool quiet() const;
  // What is in flight is at most a request that its client has not sent in full: when no more bytes
  // come from there, nothing else comes either.
  bool only_waits_for_client() const {
    return request_body_bytes_ > 0 && in_flight_.size() <= (body_is_answered_ ? 1u : 0u);
  }
  // The api key of a forbidden request that was answered here since the last call, if any.
  std::optional<int16_t> take_refused() { return std::exchange(refused_, std::nullopt); }
  // The lesson was learnt: close.
  bool finished() const { return lesson_ == Lesson::kLearnt; }
  size_t requests_in_flight() const { return in_flight_.size(); }

 private:
  enum class ResponseState : uint8_t { kHead, kPassing, kRewriting, kCollecting };
  // SaslHandshake v0 is followed by tokens that are no requests (KIP-43): only when the broker
  // takes the handshake, and no request is taken before its answer. Any frame that can be a request
  // is taken for one, see kafka::looks_like_request().
  enum class RawSasl : uint8_t { kNone, kHandshake, kTokens };
  enum class Lesson : uint8_t { kNone, kPrelude, kDue, kApiVersions, kMetadata, kLearnt };
  enum class Decision : uint8_t {
    kNeedsMore,  // the bytes there are do not tell
    kForward,    // the frame goes to the broker
    kAnswered,   // the frame is whole and was answered here
    kStop,       // not taken: a lesson comes first
  };

  // Requests: request_side.cc. `frame` begins with its size field and may be incomplete.
  Result<Decision> take_request(ByteView& bytes, Output& to_broker, Output& to_client);
  Result<Decision> decide(ByteView frame, Output& to_client);
  Result<Decision> decide_raw_token(ByteView frame);
  Result<void> end_raw_sasl();
  Result<Decision> decide_produce(ByteView frame);
  Result<Decision> refuse(ByteView frame, Output& to_client);
  tl::unexpected<Error> refuse_unrewritable() const;
  Result<void> check_request_size(ByteView frame) const;
  Decision expect_response(Pending pending);

  // Responses: response_side.cc.
  Result<void> begin_response(ByteView& bytes, Output& to_client);
  Result<void> check_response_head(ByteView head);
  void end_handshake(ByteView head);
  void pass_response(ByteView& bytes, Output& to_client);
  Result<void> rewrite_response(ByteView& bytes, Output& to_client);
  Result<void> rewrite_held_response(ByteView& bytes, Output& to_client);
  Result<void> collect_response(ByteView& bytes, Output& to_broker);
  void end_response(Output& to_client);
  void send_local_answers(Output& to_client);

  // Lessons: lesson.cc.
  void start_lesson_if_due(Output& to_broker);
  Result<void> on_own_answer(ByteView frame, Output& to_broker);
  Result<void> learn_brokers(ByteView frame, int16_t version);

  const Policy& policy_;
  Environment& environment_;

  InFlightQueue in_flight_;
  kafka::RequestHead head_;            // of the request at hand
  uint32_t request_body_bytes_ = 0;    // still to be passed of a forwarded request
  uint32_t response_frame_bytes_ = 0;  // of the response at hand
  uint32_t response_body_bytes_ = 0;   // still to come of it
  uint32_t now_us_ = 0;                // low bits; of the call at hand
  uint32_t latency_us_ = 0;            // of the response at hand
  std::string held_request_;           // the beginning of a request that is not decided yet
  std::string held_response_;          // likewise of a response; or one of Portway's own
  std::optional<kafka::ResponseRewriter> rewriter_;
  std::unique_ptr<std::deque<std::string>> local_answers_;  // for kLocal entries, in order
  size_t local_answer_bytes_ = 0;                           // in them
  size_t look_again_at_bytes_ = 0;                          // of held_request_

  std::optional<int16_t> refused_;

  ResponseState response_state_ = ResponseState::kHead;
  RawSasl raw_sasl_ = RawSasl::kNone;
  Lesson lesson_ = Lesson::kNone;
  bool draining_ = false;
  bool body_is_answered_ = false;      // of the request whose body is still to be passed
  bool last_token_is_gssapi_ = false;  // of the raw ones
};

}  // namespace portway::session
