// What Portway reads of requests: whatever the bytes are, it never looks past them, a prefix never
// says something else than the whole, and a refusal is a frame.
//
// Input: the frame, from after its size field.
#include <cstdlib>
#include <string>

#include "kafka/request.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_acks(const std::string& frame, int16_t version) {
  const auto bytes = static_cast<uint32_t>(frame.size());
  const auto whole = portway::kafka::find_produce_acks(frame, bytes, version);
  require(!whole || whole->has_value());
  for (size_t size = 0; size < frame.size(); size += 1 + size / 8) {
    // A copy of exactly this size: a sanitizer sees a look past it.
    const std::string prefix = frame.substr(0, size);
    const auto part = portway::kafka::find_produce_acks(prefix, bytes, version);
    if (part && *part) require(whole.has_value() && *whole == *part);
    if (!part) require(!whole);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace portway::kafka;
  const std::string frame(reinterpret_cast<const char*>(data), size);
  looks_like_request(frame, static_cast<uint32_t>(size));
  looks_like_request(frame.substr(0, size / 2), static_cast<uint32_t>(size));
  if (size >= kSizeFieldBytes) name_foreign_protocol(frame);
  if (size < kRequestHeadBytes) return 0;
  const RequestHead head = parse_request_head(frame);
  if (head.api_key == 0) check_acks(frame, head.api_version);
  if (const auto refusal = refusal_response(frame)) {
    require(parse_frame_size(*refusal) == static_cast<int32_t>(refusal->size() - kSizeFieldBytes));
    require(refusal->substr(4, 4) == frame.substr(4, 4));
  }
  return 0;
}
