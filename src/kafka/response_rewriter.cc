#include "kafka/response_rewriter.h"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "kafka/api_keys.h"
#include "kafka/editor.h"
#include "kafka/messages.h"
#include "kafka/walker.h"
#include "kafka/writer.h"

namespace portway::kafka {
namespace {

constexpr int16_t kUnsupportedVersion = 35;

// Brokers and controllers use these among themselves, and their responses tell addresses (Envelope
// wraps any response).
bool between_brokers(int16_t api_key) {
  switch (api_key) {
    case 52:  // Vote
    case 53:  // BeginQuorumEpoch
    case 54:  // EndQuorumEpoch
    case 58:  // Envelope
    case 59:  // FetchSnapshot
    case 82:  // UpdateRaftVoter
      return true;
    default:
      return false;
  }
}

void write_size(Output& out, int64_t frame_bytes) {
  const auto size = static_cast<uint32_t>(frame_bytes);
  const char bytes[4] = {static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                         static_cast<char>(size >> 8), static_cast<char>(size)};
  out.write(ByteView(bytes, sizeof bytes));
}

// The edits of the frame that is being worked on: they live no longer than a call, and keep their
// memory for the next one.
Edits& scratch_edits() {
  thread_local Edits edits;
  edits.clear();
  return edits;
}

}  // namespace

ResponseTreatment response_treatment(int16_t api_key, int16_t api_version) {
  if (between_brokers(api_key)) return ResponseTreatment::kRefuse;
  const Message* message = find_message(api_key);
  if (message == nullptr) return ResponseTreatment::kPass;
  if (api_version < 0) return ResponseTreatment::kRefuse;
  // Any version: a broker that does not know it answers in the form of version 0 (KIP-511).
  if (api_key == kApiVersions) return ResponseTreatment::kRewrite;
  if (api_version < message->first_version) return ResponseTreatment::kPass;
  return api_version <= message->last_version ? ResponseTreatment::kRewrite
                                              : ResponseTreatment::kRefuse;
}

class ResponseRewriter::State {
 public:
  State(const Message& message, int16_t api_version, uint32_t frame_bytes,
        BrokerAddresses& addresses)
      : message_(message),
        api_version_(api_version),
        form_(message.form(api_version)),
        frame_bytes_(frame_bytes),
        addresses_(addresses),
        walker_(message.streaming == Streaming::kFront ? message.edited : message.walked, form_,
                frame_bytes) {}

  Result<void> feed(ByteView bytes, Output& out);
  uint32_t opaque_bytes() const;
  void skip(uint32_t bytes);
  bool done() const { return phase_ == Phase::kPass && left() == 0; }

 private:
  //   kBegin -> kPass                    the frame came whole: edited where it lies
  //   kBegin -> kHoldFront -> kPass      Metadata
  //   kBegin -> kWalk -> kHoldRest -> kPass   Fetch and the like
  //   kBegin -> kHoldRest -> kPass       the small kinds
  enum class Phase : uint8_t { kBegin, kHoldFront, kWalk, kHoldRest, kPass };

  uint32_t left() const { return frame_bytes_ - taken_; }
  Result<void> begin(ByteView bytes, Output& out);
  Result<void> rewrite_whole(ByteView frame, Output& out);
  Result<void> hold_front(ByteView bytes, Output& out);
  Result<void> walk(ByteView bytes, Output& out);
  Result<void> hold_rest(ByteView bytes, Output& out);
  Result<void> emit(ByteView bytes, size_t edited_at, Behind behind, bool lasting, Output& out);
  Result<void> check_held(uint64_t bytes) const;
  bool is_unsupported_version(ByteView frame) const;
  Form form_of(ByteView frame) const;
  tl::unexpected<Error> malformed(std::string_view what) const;
  std::string name() const;

  const Message& message_;
  const int16_t api_version_;
  const Form form_;
  const uint32_t frame_bytes_;
  uint32_t taken_ = 0;
  Phase phase_ = Phase::kBegin;
  BrokerAddresses& addresses_;
  Walker walker_;
  std::string held_;
};

std::string ResponseRewriter::State::name() const {
  return fmt::format("{} v{} response of {} bytes", api_name(message_.api_key), api_version_,
                     frame_bytes_);
}

tl::unexpected<Error> ResponseRewriter::State::malformed(std::string_view what) const {
  return fail(Fault::kBroker, "malformed_response",
              fmt::format("{}: {}; is this a Kafka broker?", name(), what));
}

Result<void> ResponseRewriter::State::check_held(uint64_t bytes) const {
  if (bytes <= kHeldBytesMax) return {};
  return fail(Fault::kSelf, "response_too_large",
              fmt::format("{}: {} bytes have to be held back to rewrite the addresses in it, and "
                          "at most {} are",
                          name(), bytes, kHeldBytesMax));
}

Result<void> ResponseRewriter::State::feed(ByteView bytes, Output& out) {
  if (bytes.size() > left()) return malformed("more bytes were fed than the frame has");
  switch (phase_) {
    case Phase::kBegin:
      return begin(bytes, out);
    case Phase::kHoldFront:
      return hold_front(bytes, out);
    case Phase::kWalk:
      return walk(bytes, out);
    case Phase::kHoldRest:
      return hold_rest(bytes, out);
    case Phase::kPass:
      taken_ += static_cast<uint32_t>(bytes.size());
      out.pass(bytes);
      return {};
  }
  std::abort();
}

Result<void> ResponseRewriter::State::begin(ByteView bytes, Output& out) {
  if (bytes.size() == frame_bytes_) return rewrite_whole(bytes, out);
  if (bytes.empty()) return {};
  switch (message_.streaming) {
    case Streaming::kWhole:
      phase_ = Phase::kHoldRest;
      return hold_rest(bytes, out);
    case Streaming::kFront:
      phase_ = Phase::kHoldFront;
      return hold_front(bytes, out);
    case Streaming::kTail:
      break;
  }
  const int64_t announced = int64_t{frame_bytes_} + kStreamReserveBytes;
  if (announced > INT32_MAX) {
    return fail(Fault::kSelf, "response_too_large",
                fmt::format("{}: there is no room to grow by {} bytes below 2 GiB", name(),
                            kStreamReserveBytes));
  }
  write_size(out, announced);
  phase_ = Phase::kWalk;
  return walk(bytes, out);
}

Result<void> ResponseRewriter::State::rewrite_whole(ByteView frame, Output& out) {
  taken_ = frame_bytes_;
  size_t edited_at = 0;
  if (!message_.walked.empty()) {
    edited_at = walker_.walk(frame);
    if (!walker_.done()) return malformed("a length in it points past its end");
  }
  return emit(frame, edited_at, message_.behind, true, out);
}

// Edits what is there and sends it with its exact size: the whole frame, or its held front.
Result<void> ResponseRewriter::State::emit(ByteView bytes, size_t edited_at, Behind behind,
                                           bool lasting, Output& out) {
  Edits& edits = scratch_edits();
  Editor editor(bytes, edited_at, form_of(bytes), addresses_, std::nullopt, edits);
  if (!editor.run(message_.edited, behind)) {
    if (!is_unsupported_version(bytes)) return malformed("its length does not match its content");
    edits.clear();
  }
  const int64_t size = int64_t{frame_bytes_} + edits.growth();
  if (size > INT32_MAX) {
    return fail(Fault::kSelf, "response_too_large",
                fmt::format("{}: with the advertised addresses it grows to {} bytes, beyond 2 GiB",
                            name(), size));
  }
  write_size(out, size);
  edits.apply(bytes, lasting, out);
  phase_ = Phase::kPass;
  return {};
}

Result<void> ResponseRewriter::State::hold_front(ByteView bytes, Output& out) {
  const size_t walked = walker_.walk(bytes);
  taken_ += static_cast<uint32_t>(walked);
  if (walker_.failed() || (!walker_.done() && left() == 0)) {
    return malformed("a length in it points past its end");
  }
  if (auto held = check_held(held_.size() + walked); !held) return held;
  held_.append(bytes.substr(0, walked));
  if (!walker_.done()) return {};
  if (auto emitted = emit(held_, 0, Behind::kNothing, false, out); !emitted) return emitted;
  held_ = {};
  return feed(bytes.substr(walked), out);
}

Result<void> ResponseRewriter::State::walk(ByteView bytes, Output& out) {
  const size_t walked = walker_.walk(bytes);
  taken_ += static_cast<uint32_t>(walked);
  out.pass(bytes.substr(0, walked));
  if (walker_.failed()) return malformed("a length in it points past its end");
  if (!walker_.done()) {
    if (left() == 0) return malformed("it ends before its content does");
    return {};
  }
  phase_ = Phase::kHoldRest;
  return hold_rest(bytes.substr(walked), out);
}

Result<void> ResponseRewriter::State::hold_rest(ByteView bytes, Output& out) {
  if (auto held = check_held(uint64_t{held_.size()} + left()); !held) return held;
  held_.append(bytes);
  taken_ += static_cast<uint32_t>(bytes.size());
  if (left() > 0) return {};
  if (message_.streaming != Streaming::kTail) {
    auto emitted = emit(held_, 0, message_.behind, false, out);
    held_ = {};
    return emitted;
  }
  Edits& edits = scratch_edits();
  Editor editor(held_, 0, form_, addresses_, kStreamReserveBytes, edits);
  if (!editor.run(message_.edited, message_.behind)) {
    return malformed("its length does not match its content");
  }
  edits.apply(held_, false, out);
  held_ = {};
  phase_ = Phase::kPass;
  return {};
}

// The answer to an ApiVersions request of a version that the broker does not know. librdkafka's
// mock brokers write what follows the error in a form of their own; clients stop at the error, and
// no address is in it, so that such an answer passes as it is.
bool ResponseRewriter::State::is_unsupported_version(ByteView frame) const {
  if (message_.api_key != kApiVersions) return false;
  Reader reader(frame, 0);
  reader.read_int32();
  return reader.read_int16() == kUnsupportedVersion;
}

// That answer has the form of version 0, whatever was asked for (KIP-511).
Form ResponseRewriter::State::form_of(ByteView frame) const {
  return is_unsupported_version(frame) ? Form{} : form_;
}

uint32_t ResponseRewriter::State::opaque_bytes() const {
  if (phase_ == Phase::kPass) return left();
  return phase_ == Phase::kWalk ? walker_.opaque_bytes() : 0;
}

void ResponseRewriter::State::skip(uint32_t bytes) {
  taken_ += bytes;
  if (phase_ == Phase::kWalk) walker_.skip(bytes);
}

ResponseRewriter::ResponseRewriter(int16_t api_key, int16_t api_version, uint32_t frame_bytes,
                                   BrokerAddresses& addresses) {
  const Message* message = find_message(api_key);
  if (message == nullptr) std::abort();  // response_treatment() was not asked
  state_ = std::make_unique<State>(*message, api_version, frame_bytes, addresses);
}

ResponseRewriter::~ResponseRewriter() = default;

Result<void> ResponseRewriter::feed(ByteView bytes, Output& out) {
  return state_->feed(bytes, out);
}

uint32_t ResponseRewriter::opaque_bytes() const { return state_->opaque_bytes(); }

void ResponseRewriter::skip(uint32_t bytes) { state_->skip(bytes); }

bool ResponseRewriter::done() const { return state_->done(); }

}  // namespace portway::kafka
