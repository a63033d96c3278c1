// The broker's side of a session: responses are matched with requests, and pass or are rewritten.

#include <fmt/format.h>

#include <algorithm>

#include "kafka/api_keys.h"
#include "session/session.h"

namespace portway::session {
namespace {

constexpr uint32_t kCorrelationIdBytes = 4;

constexpr uint32_t kErrorCodeBytes = 2;

// What has to be seen of a response before it can go on.
size_t head_bytes(const InFlightRequest& request) {
  switch (request.pending) {
    case Pending::kRaw:
      return kafka::kSizeFieldBytes;
    case Pending::kHandshake:
      return kafka::kSizeFieldBytes + kCorrelationIdBytes + kErrorCodeBytes;
    default:
      return kafka::kSizeFieldBytes + kCorrelationIdBytes;
  }
}

}  // namespace

Result<void> Session::on_broker_bytes(ByteView bytes, int64_t now_us, Output& to_client,
                                      Output& to_broker) {
  now_us_ = static_cast<uint32_t>(now_us);
  while (!bytes.empty()) {
    const size_t sent = to_client.size();
    Result<void> result;
    switch (response_state_) {
      case ResponseState::kHead:
        result = begin_response(bytes, to_client);
        break;
      case ResponseState::kPassing:
        pass_response(bytes, to_client);
        break;
      case ResponseState::kRewriting:
        result = rewrite_response(bytes, to_client);
        break;
      case ResponseState::kCollecting:
        result = collect_response(bytes, to_broker);
        break;
    }
    if (!result) {
      to_client.truncate(sent);
      return result;
    }
  }
  start_lesson_if_due(to_broker);
  return {};
}

uint32_t Session::opaque_broker_bytes() const {
  if (lesson_ != Lesson::kNone) return 0;  // the end of an answer may have a question follow
  switch (response_state_) {
    case ResponseState::kPassing:
      return response_body_bytes_;
    case ResponseState::kRewriting:
      return std::min(rewriter_->opaque_bytes(), response_body_bytes_);
    case ResponseState::kHead:
    case ResponseState::kCollecting:
      return 0;
  }
  return 0;
}

void Session::skip_broker_bytes(uint32_t bytes, Output& to_client) {
  if (response_state_ == ResponseState::kRewriting) rewriter_->skip(bytes);
  response_body_bytes_ -= bytes;
  if (response_body_bytes_ == 0) end_response(to_client);
}

// Takes the head, and of the body what belongs to the same untouched piece.
Result<void> Session::begin_response(ByteView& bytes, Output& to_client) {
  if (in_flight_.empty()) {
    return fail(Fault::kBroker, "malformed_response",
                fmt::format("the broker sent {} bytes that nobody asked for", bytes.size()));
  }
  const InFlightRequest request = in_flight_.front();
  const size_t needed = head_bytes(request);
  const bool in_one_piece = held_response_.empty() && bytes.size() >= needed;
  if (!in_one_piece) {
    const size_t part = std::min(needed - held_response_.size(), bytes.size());
    held_response_.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
    if (held_response_.size() < needed) return {};
  }
  if (auto checked = check_response_head(in_one_piece ? bytes : ByteView(held_response_));
      !checked) {
    return checked;
  }
  latency_us_ = now_us_ - request.started_us;

  if (request.pending == Pending::kOwn) {
    if (in_one_piece) held_response_.assign(bytes.substr(0, needed));
    if (in_one_piece) bytes.remove_prefix(needed);
    response_body_bytes_ -= kCorrelationIdBytes;
    response_state_ = ResponseState::kCollecting;
    if (response_body_bytes_ > 0) return {};
    return fail(Fault::kBroker, "malformed_response", "an answer to Portway without content");
  }
  if (request.pending == Pending::kRewrite) {
    rewriter_.emplace(request.api_key, request.api_version, response_frame_bytes_, environment_);
    response_state_ = ResponseState::kRewriting;
    if (!in_one_piece) return rewrite_held_response(bytes, to_client);
    bytes.remove_prefix(kafka::kSizeFieldBytes);
    return rewrite_response(bytes, to_client);
  }
  if (request.pending == Pending::kHandshake) end_handshake(in_one_piece ? bytes : held_response_);
  response_state_ = ResponseState::kPassing;
  if (in_one_piece) {
    to_client.pass(bytes.substr(0, needed));
    bytes.remove_prefix(needed);
  } else {
    to_client.write(held_response_);
    std::string().swap(held_response_);
  }
  response_body_bytes_ -= static_cast<uint32_t>(needed - kafka::kSizeFieldBytes);
  pass_response(bytes, to_client);
  return {};
}

// `head`: up to the error code.
void Session::end_handshake(ByteView head) {
  const ByteView error_code =
      head.substr(kafka::kSizeFieldBytes + kCorrelationIdBytes, kErrorCodeBytes);
  const bool taken = error_code == ByteView("\0\0", kErrorCodeBytes);
  raw_sasl_ = taken ? RawSasl::kTokens : RawSasl::kNone;
}

// `head`: the size field, and the correlation id where there is one.
Result<void> Session::check_response_head(ByteView head) {
  const InFlightRequest& request = in_flight_.front();
  const int32_t frame_bytes = kafka::parse_frame_size(head);
  const auto least = static_cast<int32_t>(head_bytes(request) - kafka::kSizeFieldBytes);
  if (frame_bytes < least) {
    return fail(Fault::kBroker, "malformed_response",
                fmt::format("the size field of a response to {} says {}",
                            kafka::api_name(request.api_key), frame_bytes));
  }
  if (static_cast<uint32_t>(frame_bytes) > policy_.response_bytes_max) {
    return fail(
        Fault::kBroker, "response_too_large",
        fmt::format("a response to {} of {} bytes; at most {} are allowed "
                    "(serve.response_bytes_max)",
                    kafka::api_name(request.api_key), frame_bytes, policy_.response_bytes_max));
  }
  if (request.pending != Pending::kRaw) {
    const int32_t correlation_id = kafka::parse_frame_size(head.substr(kafka::kSizeFieldBytes));
    if (correlation_id != request.correlation_id) {
      return fail(
          Fault::kBroker, "malformed_response",
          fmt::format("a response with correlation id {} where the answer to {} with {} was "
                      "due",
                      correlation_id, kafka::api_name(request.api_key), request.correlation_id));
    }
  }
  response_frame_bytes_ = static_cast<uint32_t>(frame_bytes);
  response_body_bytes_ = response_frame_bytes_;
  return {};
}

void Session::pass_response(ByteView& bytes, Output& to_client) {
  const size_t part = std::min<size_t>(response_body_bytes_, bytes.size());
  to_client.pass(bytes.substr(0, part));
  bytes.remove_prefix(part);
  response_body_bytes_ -= static_cast<uint32_t>(part);
  if (response_body_bytes_ == 0) end_response(to_client);
}

Result<void> Session::rewrite_response(ByteView& bytes, Output& to_client) {
  const size_t part = std::min<size_t>(response_body_bytes_, bytes.size());
  if (auto fed = rewriter_->feed(bytes.substr(0, part), to_client); !fed) return fed;
  bytes.remove_prefix(part);
  response_body_bytes_ -= static_cast<uint32_t>(part);
  if (response_body_bytes_ == 0) end_response(to_client);
  return {};
}

// The head came in pieces. What there is of the body is joined to it, so that a small frame is
// still fed whole and rewritten exactly.
Result<void> Session::rewrite_held_response(ByteView& bytes, Output& to_client) {
  const std::string head = std::move(held_response_);
  held_response_.clear();
  const size_t part = std::min<size_t>(response_frame_bytes_ - kCorrelationIdBytes, bytes.size());
  std::string joined = head.substr(kafka::kSizeFieldBytes);
  joined.append(bytes.substr(0, part));
  bytes.remove_prefix(part);

  Output rewritten;
  if (auto fed = rewriter_->feed(joined, rewritten); !fed) return fed;
  for (const ByteView piece : rewritten.pieces()) to_client.write(piece);
  response_body_bytes_ -= static_cast<uint32_t>(joined.size());
  if (response_body_bytes_ == 0) end_response(to_client);
  return {};
}

Result<void> Session::collect_response(ByteView& bytes, Output& to_broker) {
  if (response_frame_bytes_ > kafka::kHeldBytesMax) {
    return fail(Fault::kBroker, "response_too_large",
                fmt::format("a Metadata answer without topics of {} bytes", response_frame_bytes_));
  }
  const size_t part = std::min<size_t>(response_body_bytes_, bytes.size());
  held_response_.append(bytes.substr(0, part));
  bytes.remove_prefix(part);
  response_body_bytes_ -= static_cast<uint32_t>(part);
  if (response_body_bytes_ > 0) return {};
  const std::string frame = std::move(held_response_);
  held_response_.clear();
  response_state_ = ResponseState::kHead;
  return on_own_answer(ByteView(frame).substr(kafka::kSizeFieldBytes), to_broker);
}

void Session::end_response(Output& to_client) {
  const InFlightRequest request = in_flight_.front();
  const auto whole = static_cast<uint32_t>(response_frame_bytes_ + kafka::kSizeFieldBytes);
  environment_.on_response(request.api_key, whole, latency_us_,
                           request.pending == Pending::kRewrite);
  rewriter_.reset();
  response_state_ = ResponseState::kHead;
  in_flight_.pop();
  send_local_answers(to_client);
}

// Portway's own answers wait until everything asked before them was answered.
void Session::send_local_answers(Output& to_client) {
  while (!in_flight_.empty() && in_flight_.front().pending == Pending::kLocal) {
    const std::string& answer = local_answers_->front();
    to_client.write(answer);
    environment_.on_response(in_flight_.front().api_key, static_cast<uint32_t>(answer.size()),
                             now_us_ - in_flight_.front().started_us, false);
    local_answer_bytes_ -= answer.size();
    local_answers_->pop_front();
    in_flight_.pop();
  }
  if (local_answers_ && local_answers_->empty()) local_answers_.reset();
}

}  // namespace portway::session
