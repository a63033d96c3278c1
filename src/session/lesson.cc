// The lesson: Portway's own questions on a connection that its client has authenticated.

#include <fmt/format.h>

#include "kafka/api_keys.h"
#include "kafka/metadata.h"
#include "session/session.h"

namespace portway::session {
namespace {

// Own requests go out only when nothing else is in flight: any correlation ids will do.
constexpr int32_t kApiVersionsCorrelationId = 1;
constexpr int32_t kMetadataCorrelationId = 2;

}  // namespace

void Session::start_lesson_if_due(Output& to_broker) {
  if (lesson_ != Lesson::kDue || !in_flight_.empty()) return;
  lesson_ = Lesson::kApiVersions;
  head_ = {kafka::kApiVersions, 0, kApiVersionsCorrelationId};
  to_broker.write(kafka::api_versions_request(kApiVersionsCorrelationId, policy_.client_id));
  expect_response(Pending::kOwn);
}

// `frame` from after its size field.
Result<void> Session::on_own_answer(ByteView frame, Output& to_broker) {
  environment_.on_response(in_flight_.front().api_key, response_frame_bytes_, latency_us_, false);
  const int16_t version = in_flight_.front().api_version;
  in_flight_.pop();
  if (lesson_ == Lesson::kMetadata) return learn_brokers(frame, version);

  const auto range = kafka::metadata_versions(frame);
  if (!range) return tl::unexpected(range.error());
  const int16_t chosen = kafka::choose_metadata_version(*range);
  if (chosen < 0) {
    return fail(Fault::kBroker, "unsupported_version",
                fmt::format("the broker speaks Metadata versions {} to {}, of which Portway knows "
                            "none",
                            range->min, range->max));
  }
  lesson_ = Lesson::kMetadata;
  head_ = {kafka::kMetadata, chosen, kMetadataCorrelationId};
  to_broker.write(kafka::metadata_request(chosen, kMetadataCorrelationId, policy_.client_id));
  expect_response(Pending::kOwn);
  return {};
}

Result<void> Session::learn_brokers(ByteView frame, int16_t version) {
  const auto brokers = kafka::metadata_brokers(frame, version);
  if (!brokers) return tl::unexpected(brokers.error());
  lesson_ = Lesson::kLearnt;
  environment_.on_lesson_learnt(*brokers);
  return {};
}

}  // namespace portway::session
