#pragma once

#include "net/system.h"

namespace portway::proxy {

// Whom an event is for: a pointer to one of these is the tag that its descriptor is watched with.
class EventTarget {
 public:
  virtual void on_event(const net::Event& event) = 0;

  uint64_t tag() { return reinterpret_cast<uint64_t>(this); }
  static EventTarget& from_tag(uint64_t tag) { return *reinterpret_cast<EventTarget*>(tag); }

 protected:
  ~EventTarget() = default;
};

}  // namespace portway::proxy
