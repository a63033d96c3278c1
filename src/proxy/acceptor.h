#pragma once

#include <memory>
#include <string_view>

#include "net/system.h"
#include "proxy/event_target.h"
#include "proxy/port_target.h"

namespace portway::proxy {

class Worker;

// One listening socket of one worker. When descriptors run out, or clients cannot be accepted for
// any other reason of this side, it pauses, and is resumed by its worker; the clients wait in the
// kernel's queue meanwhile. However many come, other connections have their turn. Worker's thread
// only.
class Acceptor final : public EventTarget {
 public:
  // Takes over `listener`, which is listening. resume() begins.
  Acceptor(Worker& worker, net::Descriptor listener, std::shared_ptr<const PortTarget> target);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  void on_event(const net::Event& event) override;
  void resume();

  const std::shared_ptr<const PortTarget>& target() const { return target_; }

 private:
  void accept_some();
  void pause(std::string_view why, int error);

  Worker& worker_;
  const net::Descriptor listener_;
  const std::shared_ptr<const PortTarget> target_;
  bool watched_ = false;
};

}  // namespace portway::proxy
