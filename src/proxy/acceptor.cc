#include "proxy/acceptor.h"

#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "proxy/worker.h"

namespace portway::proxy {
namespace {

bool no_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

}  // namespace

Acceptor::Acceptor(Worker& worker, net::Descriptor listener,
                   std::shared_ptr<const PortTarget> target)
    : worker_(worker), listener_(listener), target_(std::move(target)) {
  worker_.system().watch(listener_, tag());
}

Acceptor::~Acceptor() { worker_.system().close(listener_); }

void Acceptor::on_event(const net::Event& event) {
  if (event.readable) accept_all();
}

void Acceptor::accept_all() {
  while (true) {
    const net::Accepted accepted = worker_.system().accept(listener_, worker_.settings().socket);
    if (accepted.descriptor != net::kNoDescriptor) {
      worker_.admit(accepted.descriptor, accepted.peer, target_);
      continue;
    }
    if (accepted.error == EAGAIN) return;
    if (!no_resources(accepted.error)) continue;  // that client gave up before it was accepted
    worker_.metrics().refusals[static_cast<size_t>(Refusal::kOutOfDescriptors)].add();
    log(LogLevel::kError, "accept_paused",
        "no more clients can be accepted for now; raise the limit on open files (ulimit -n, "
        "LimitNOFILE) to twice serve.connections_max and some",
        {{"port", std::to_string(target_->bound.port)}, {"error", std::strerror(accepted.error)}});
    return worker_.pause(*this);
  }
}

}  // namespace portway::proxy
