#include "session/in_flight.h"

namespace portway::session {

void InFlightQueue::push(const InFlightRequest& request) {
  if (count_ == capacity_) grow();
  slots()[(head_ + count_) & (capacity_ - 1)] = request;
  ++count_;
}

void InFlightQueue::pop() {
  head_ = (head_ + 1) & (capacity_ - 1);
  if (--count_ > 0) return;
  ring_.reset();
  capacity_ = kInline;
  head_ = 0;
}

void InFlightQueue::grow() {
  auto larger = std::make_unique<InFlightRequest[]>(size_t{capacity_} * 2);
  for (uint32_t i = 0; i < count_; ++i) larger[i] = slots()[(head_ + i) & (capacity_ - 1)];
  ring_ = std::move(larger);
  capacity_ *= 2;
  head_ = 0;
}

}  // namespace portway::session
