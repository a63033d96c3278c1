#include "proxy/acceptor.h"

#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "proxy/worker.h"

namespace portway::proxy {
namespace {

// Clients of one turn; after these the worker's connections come first.
constexpr int kAcceptsPerTurnMax = 64;

bool no_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

// The client's, or its network's, before it was accepted (accept(2) reports those as its own): the
// next client has nothing to do with it.
bool client_gave_up(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case ECONNRESET:
    case ETIMEDOUT:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
      return true;
    default:
      return false;
  }
}

}  // namespace

Acceptor::Acceptor(Worker& worker, net::Descriptor listener,
                   std::shared_ptr<const PortTarget> target)
    : worker_(worker), listener_(listener), target_(std::move(target)) {}

Acceptor::~Acceptor() { worker_.system().close(listener_); }

void Acceptor::on_event(const net::Event& event) {
  if (event.readable) accept_some();
}

void Acceptor::resume() {
  if (!watched_) watched_ = worker_.system().watch(listener_, tag());
  if (!watched_) {
    return pause("the port cannot be watched for clients for now; raise fs.epoll.max_user_watches",
                 ENOSPC);
  }
  accept_some();
}

void Acceptor::accept_some() {
  for (int i = 0; i < kAcceptsPerTurnMax; ++i) {
    const net::Accepted accepted = worker_.system().accept(listener_, worker_.settings().socket);
    if (accepted.descriptor != net::kNoDescriptor) {
      worker_.admit(accepted.descriptor, accepted.peer, target_);
      continue;
    }
    if (accepted.error == EAGAIN) return;
    if (client_gave_up(accepted.error)) continue;
    if (!no_resources(accepted.error)) {
      return pause("no more clients can be accepted for now, for a reason that is not foreseen",
                   accepted.error);
    }
    worker_.metrics().refusals[static_cast<size_t>(Refusal::kOutOfDescriptors)].add();
    return pause(
        "no more clients can be accepted for now; raise the limit on open files (ulimit -n, "
        "LimitNOFILE) to twice serve.connections_max and some",
        accepted.error);
  }
  worker_.resume_later(*this);
}

void Acceptor::pause(std::string_view why, int error) {
  log(LogLevel::kError, "accept_paused", why,
      {{"port", std::to_string(target_->bound.port)}, {"error", std::strerror(error)}});
  worker_.pause(*this);
}

}  // namespace portway::proxy
