// The client's side of a session: which requests go on, and what will have to happen to their
// responses.

#include <fmt/format.h>

#include <algorithm>

#include "kafka/api_keys.h"
#include "session/session.h"

namespace portway::session {
namespace {

// Portway's own answers that wait for a broker's answer before them; beyond this no request is
// taken.
constexpr size_t kLocalAnswerBytesMax = 256 << 10;

// A size field above this is looked at twice, whatever the limit: as a size, the first bytes of TLS
// and HTTP are 350 MB and more, and brokers take 100 MiB unless told otherwise.
constexpr int32_t kSurelyKafkaBytesMax = 100 << 20;

size_t whole_frame_bytes(ByteView frame) {
  return kafka::kSizeFieldBytes + static_cast<size_t>(kafka::parse_frame_size(frame));
}

}  // namespace

Session::Session(Purpose purpose, const Policy& policy, Environment& environment)
    : policy_(policy),
      environment_(environment),
      lesson_(purpose == Purpose::kLearn ? Lesson::kPrelude : Lesson::kNone) {}

Session::~Session() = default;

bool Session::takes_requests() const {
  return !draining_ && in_flight_.size() < policy_.requests_in_flight_max &&
         local_answer_bytes_ <= kLocalAnswerBytesMax && raw_sasl_ != RawSasl::kHandshake &&
         (lesson_ == Lesson::kNone || lesson_ == Lesson::kPrelude);
}

bool Session::quiet() const {
  return in_flight_.empty() && request_body_bytes_ == 0 &&
         response_state_ == ResponseState::kHead && held_response_.empty();
}

Result<size_t> Session::on_client_bytes(ByteView bytes, int64_t now_us, Output& to_broker,
                                        Output& to_client) {
  now_us_ = static_cast<uint32_t>(now_us);
  const size_t given = bytes.size();
  while (!bytes.empty()) {
    if (request_body_bytes_ > 0) {
      const size_t part = std::min<size_t>(request_body_bytes_, bytes.size());
      to_broker.pass(bytes.substr(0, part));
      bytes.remove_prefix(part);
      request_body_bytes_ -= static_cast<uint32_t>(part);
      continue;
    }
    if (!takes_requests()) break;
    const auto decision = take_request(bytes, to_broker, to_client);
    if (!decision) return tl::unexpected(decision.error());
  }
  start_lesson_if_due(to_broker);
  return given - bytes.size();
}

Result<Session::Decision> Session::take_request(ByteView& bytes, Output& to_broker,
                                                Output& to_client) {
  const size_t held = held_request_.size();
  if (held > 0) held_request_.append(bytes);
  const ByteView frame = held > 0 ? ByteView(held_request_) : bytes;
  if (held > 0 && frame.size() < look_again_at_bytes_) {
    bytes = {};
    return Decision::kNeedsMore;
  }

  const size_t in_flight = in_flight_.size();
  const auto decision = decide(frame, to_client);
  if (!decision) return decision;
  if (*decision == Decision::kStop) {
    held_request_.resize(held);
    return decision;
  }
  if (*decision == Decision::kNeedsMore) {
    // Looked at again when twice as much is there, or all: a frame that comes byte by byte costs no
    // more than its size.
    look_again_at_bytes_ = frame.size() < kafka::kSizeFieldBytes
                               ? kafka::kSizeFieldBytes
                               : std::min(2 * frame.size(), whole_frame_bytes(frame));
    if (held == 0) held_request_.assign(bytes);
    bytes = {};
    return decision;
  }

  const size_t whole = whole_frame_bytes(frame);
  const size_t part = std::min(whole, frame.size());
  if (*decision == Decision::kForward) {
    request_body_bytes_ = static_cast<uint32_t>(whole - part);
    body_is_answered_ = in_flight_.size() > in_flight;
    if (held > 0) {
      to_broker.write(frame.substr(0, part));
    } else {
      to_broker.pass(frame.substr(0, part));
    }
  }
  bytes.remove_prefix(part - held);
  std::string().swap(held_request_);
  return decision;
}

Result<Session::Decision> Session::decide(ByteView frame, Output& to_client) {
  if (frame.size() < kafka::kSizeFieldBytes) return Decision::kNeedsMore;
  if (raw_sasl_ != RawSasl::kNone) {
    const auto decision = decide_raw_token(frame);
    if (!decision || *decision != Decision::kStop) return decision;
    if (auto ended = end_raw_sasl(); !ended) return tl::unexpected(ended.error());
  }
  if (auto checked = check_request_size(frame); !checked) return tl::unexpected(checked.error());
  if (frame.size() < kafka::kSizeFieldBytes + kafka::kRequestHeadBytes) return Decision::kNeedsMore;

  head_ = kafka::parse_request_head(frame.substr(kafka::kSizeFieldBytes));
  const int16_t key = head_.api_key;
  if (key >= 0 && static_cast<size_t>(key) < policy_.forbidden_api_keys.size() &&
      policy_.forbidden_api_keys[static_cast<size_t>(key)]) {
    return refuse(frame, to_client);
  }
  const auto treatment = kafka::response_treatment(key, head_.api_version);
  if (treatment == kafka::ResponseTreatment::kRefuse) return refuse_unrewritable();
  if (lesson_ == Lesson::kPrelude && key != kafka::kApiVersions && key != kafka::kSaslHandshake &&
      key != kafka::kSaslAuthenticate) {
    lesson_ = Lesson::kDue;
    return Decision::kStop;
  }
  if (key == kafka::kProduce) return decide_produce(frame);

  environment_.on_request(key, head_.api_version, static_cast<uint32_t>(whole_frame_bytes(frame)));
  if (key == kafka::kSaslHandshake && head_.api_version == 0) {
    raw_sasl_ = RawSasl::kHandshake;
    return expect_response(Pending::kHandshake);
  }
  return expect_response(treatment == kafka::ResponseTreatment::kRewrite ? Pending::kRewrite
                                                                         : Pending::kPass);
}

tl::unexpected<Error> Session::refuse_unrewritable() const {
  const int16_t highest = kafka::clamp_version(head_.api_key);
  const std::string api =
      fmt::format("{} request (api key {}) of version {}", kafka::api_name(head_.api_key),
                  head_.api_key, head_.api_version);
  if (highest == INT16_MAX) {
    return fail(Fault::kClient, "unsupported_version",
                fmt::format("a {}: brokers and controllers ask this among themselves, and its "
                            "response may carry their addresses",
                            api));
  }
  return fail(Fault::kClient, "unsupported_version",
              fmt::format("a {}, whose response may carry addresses that Portway cannot rewrite; "
                          "versions 0 to {} are served",
                          api, highest));
}

// Decision::kStop here: not a token but a request.
Result<Session::Decision> Session::decide_raw_token(ByteView frame) {
  const int32_t frame_bytes = kafka::parse_frame_size(frame);
  if (frame_bytes < 0 || static_cast<uint32_t>(frame_bytes) > policy_.request_bytes_max) {
    return tl::unexpected(check_request_size(frame).error());
  }
  const ByteView content = frame.substr(kafka::kSizeFieldBytes);
  const auto size = static_cast<uint32_t>(frame_bytes);
  if (content.size() < std::min<size_t>(size, kafka::kRequestHeadBytes)) {
    return Decision::kNeedsMore;
  }
  if (kafka::looks_like_request(content, size)) return Decision::kStop;
  last_token_is_gssapi_ = kafka::looks_like_gssapi_token(content);
  head_ = {kafka::kSaslAuthenticate, 0, 0};
  environment_.on_request(head_.api_key, 0, static_cast<uint32_t>(whole_frame_bytes(frame)));
  return expect_response(Pending::kRaw);
}

// Authenticated: requests again. A client asks nothing before its tokens were answered, but the
// last one of GSSAPI has no answer: what is expected for it does not come. An answer that still
// came would be taken for that to the request, and every one after it for that to the next request.
Result<void> Session::end_raw_sasl() {
  const size_t unanswered = in_flight_.size();
  const bool in_an_answer = response_state_ != ResponseState::kHead || !held_response_.empty();
  if (unanswered > 1 || (unanswered == 1 && (in_an_answer || !last_token_is_gssapi_))) {
    return fail(Fault::kClient, "malformed_request",
                "a request came before the answer to a SASL token: after SaslHandshake v0 clients "
                "wait for it");
  }
  raw_sasl_ = RawSasl::kNone;
  if (unanswered == 1) in_flight_.pop();
  return {};
}

Result<Session::Decision> Session::decide_produce(ByteView frame) {
  const auto frame_bytes = static_cast<uint32_t>(kafka::parse_frame_size(frame));
  const auto acks = kafka::find_produce_acks(frame.substr(kafka::kSizeFieldBytes), frame_bytes,
                                             head_.api_version);
  if (!acks) return tl::unexpected(acks.error());
  if (!acks->has_value()) return Decision::kNeedsMore;
  environment_.on_request(head_.api_key, head_.api_version,
                          static_cast<uint32_t>(whole_frame_bytes(frame)));
  if (**acks == 0) return Decision::kForward;  // no response comes
  const auto treatment = kafka::response_treatment(head_.api_key, head_.api_version);
  return expect_response(treatment == kafka::ResponseTreatment::kRewrite ? Pending::kRewrite
                                                                         : Pending::kPass);
}

Session::Decision Session::expect_response(Pending pending) {
  in_flight_.push({head_.correlation_id, head_.api_key, head_.api_version, now_us_, pending});
  return Decision::kForward;
}

Result<Session::Decision> Session::refuse(ByteView frame, Output& to_client) {
  const size_t whole = whole_frame_bytes(frame);
  if (whole <= kafka::kRefusedRequestBytesMax) {
    if (frame.size() < whole) return Decision::kNeedsMore;
    auto answer = kafka::refusal_response(
        frame.substr(kafka::kSizeFieldBytes, whole - kafka::kSizeFieldBytes));
    if (answer && answer->size() <= kLocalAnswerBytesMax) {
      environment_.on_forbidden();
      refused_ = head_.api_key;
      expect_response(Pending::kLocal);
      if (!local_answers_) local_answers_ = std::make_unique<std::deque<std::string>>();
      local_answer_bytes_ += answer->size();
      local_answers_->push_back(std::move(*answer));
      send_local_answers(to_client);
      return Decision::kAnswered;
    }
  }
  environment_.on_forbidden();
  return fail(
      Fault::kClient, "forbidden_api_key",
      fmt::format("a {} request (api key {}) version {} is forbidden here, and Kafka has no "
                  "error reply for it",
                  kafka::api_name(head_.api_key), head_.api_key, head_.api_version));
}

Result<void> Session::check_request_size(ByteView frame) const {
  const int32_t frame_bytes = kafka::parse_frame_size(frame);
  const bool fits = frame_bytes >= static_cast<int32_t>(kafka::kRequestHeadBytes) &&
                    static_cast<uint32_t>(frame_bytes) <= policy_.request_bytes_max;
  if (fits && frame_bytes <= kSurelyKafkaBytesMax) return {};
  if (const auto foreign = kafka::name_foreign_protocol(frame)) {
    return fail(Fault::kClient, "foreign_protocol",
                fmt::format("{} came instead of a Kafka request: this port speaks Kafka without "
                            "TLS; set the client's security.protocol to PLAINTEXT or "
                            "SASL_PLAINTEXT",
                            *foreign));
  }
  if (fits) return {};
  if (frame_bytes > 0 && static_cast<uint32_t>(frame_bytes) > policy_.request_bytes_max) {
    return fail(Fault::kClient, "request_too_large",
                fmt::format("a request of {} bytes; at most {} are allowed "
                            "(serve.request_bytes_max)",
                            frame_bytes, policy_.request_bytes_max));
  }
  return fail(Fault::kClient, "malformed_request",
              fmt::format("the size field of a request says {}; no Kafka request has fewer than {} "
                          "bytes",
                          frame_bytes, kafka::kRequestHeadBytes));
}

}  // namespace portway::session
