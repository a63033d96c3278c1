#pragma once

#include <cstdint>

namespace portway::proxy {

// Something that waits for a point in time, in one DeadlineList at most.
class Deadline {
 public:
  Deadline() = default;
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { cancel(); }

  bool armed() const { return next_ != nullptr; }
  int64_t at_us() const { return at_us_; }
  void cancel();

 private:
  friend class DeadlineList;

  Deadline* previous_ = nullptr;
  Deadline* next_ = nullptr;
  int64_t at_us_ = 0;
};

// Deadlines that all lie the same time after they are set: newest last, so that setting and
// cancelling cost a few stores whatever their number, and the next one due stands first. One per
// kind of timeout; its duration may change (later ones then may wait for earlier ones, never the
// reverse by more than the change). One thread.
class DeadlineList {
 public:
  DeadlineList();
  ~DeadlineList();
  DeadlineList(const DeadlineList&) = delete;
  DeadlineList& operator=(const DeadlineList&) = delete;

  void set(Deadline& deadline, int64_t at_us);

  // When the first is due; INT64_MAX when there is none.
  int64_t next_us() const;

  // Takes out and returns one that is due, or nullptr.
  Deadline* take_due(int64_t now_us);

 private:
  Deadline ends_;  // a ring with this as its seam
};

}  // namespace portway::proxy
