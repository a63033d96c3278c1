#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace portway::session {

// What a response in wait is.
enum class Pending : uint8_t {
  kPass,       // goes through untouched
  kRewrite,    // a ResponseRewriter takes it
  kHandshake,  // goes through untouched; its error code says whether raw SASL tokens follow
  kRaw,        // the answer to a raw SASL token: a size field and bytes, no correlation id (KIP-43)
  kLocal,      // never forwarded: Portway answers by itself
  kOwn,        // asked by Portway itself; the client never sees the answer
};

// One request that waits for its response.
struct InFlightRequest {
  int32_t correlation_id = 0;
  int16_t api_key = 0;
  int16_t api_version = 0;
  uint32_t started_us = 0;  // low 32 bits of the clock: enough for differences up to 71 minutes
  Pending pending = Pending::kPass;
};

// The requests of one connection that wait for their responses, in order: Kafka answers in the
// order it was asked. The first few stand inside the object, so that an idle or slow connection
// owns no heap memory; the ring grows by doubling and is given back when it runs empty.
class InFlightQueue {
 public:
  bool empty() const { return count_ == 0; }
  size_t size() const { return count_; }
  const InFlightRequest& front() const { return slots()[head_]; }
  void push(const InFlightRequest& request);
  void pop();

 private:
  static constexpr size_t kInline = 4;

  InFlightRequest* slots() { return ring_ ? ring_.get() : inline_; }
  const InFlightRequest* slots() const { return ring_ ? ring_.get() : inline_; }
  void grow();

  InFlightRequest inline_[kInline];
  std::unique_ptr<InFlightRequest[]> ring_;
  uint32_t capacity_ = kInline;
  uint32_t head_ = 0;
  uint32_t count_ = 0;
};

}  // namespace portway::session
