#include "proxy/deadlines.h"

#include <limits>

namespace portway::proxy {

void Deadline::cancel() {
  if (next_ == nullptr) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

DeadlineList::DeadlineList() { ends_.previous_ = ends_.next_ = &ends_; }

DeadlineList::~DeadlineList() {
  while (ends_.next_ != &ends_) ends_.next_->cancel();
}

void DeadlineList::set(Deadline& deadline, int64_t at_us) {
  deadline.cancel();
  deadline.at_us_ = at_us;
  deadline.previous_ = ends_.previous_;
  deadline.next_ = &ends_;
  deadline.previous_->next_ = &deadline;
  ends_.previous_ = &deadline;
}

int64_t DeadlineList::next_us() const {
  return ends_.next_ == &ends_ ? std::numeric_limits<int64_t>::max() : ends_.next_->at_us_;
}

Deadline* DeadlineList::take_due(int64_t now_us) {
  if (next_us() > now_us) return nullptr;
  Deadline* due = ends_.next_;
  due->cancel();
  return due;
}

}  // namespace portway::proxy
