// The life of a connection; what moves bytes is in connection_move.cc, what finds the broker in
// connection_dial.cc.

#include "proxy/connection.h"

#include "base/log.h"
#include "kafka/api_keys.h"
#include "proxy/worker.h"

namespace portway::proxy {
namespace {

// How long a client may take to answer our FIN with its own.
constexpr int64_t kLingerUs = 2'000'000;

// Both directions are served in turns; after this many the other connections come first.
constexpr int kTurnsMax = 16;

// The idle deadline is looked at so many times before it is due, always after the same time: moving
// bytes then costs it nothing, and a silent connection is found a part of the timeout late at most.
constexpr int64_t kIdleLooks = 8;

Refusal refusal_of(const Error& error) {
  if (error.code == "foreign_protocol") return Refusal::kForeignProtocol;
  if (error.code == "forbidden_api_key") return Refusal::kForbiddenApiKey;
  if (error.code == "malformed_request") return Refusal::kMalformedRequest;
  if (error.code == "request_too_large") return Refusal::kRequestTooLarge;
  if (error.code == "response_too_large") return Refusal::kResponseTooLarge;
  if (error.code == "unsupported_version") return Refusal::kUnsupportedVersion;
  return Refusal::kMalformedResponse;
}

}  // namespace

Connection::Connection(Worker& worker, net::Descriptor client, const net::SocketAddress& peer,
                       std::shared_ptr<const PortTarget> target)
    : worker_(worker),
      target_(std::move(target)),
      peer_(peer),
      client_(*this, worker.chunks()),
      broker_(*this, worker.chunks()),
      active_us_(worker.now_us()) {
  client_.socket = client;
  client_.writable = true;
  target_->listener->metrics().connections_opened.add();
}

Connection::~Connection() {
  if (phase_ != Phase::kClosed) close_now();
}

bool Connection::start() {
  if (!worker_.system().watch(client_.socket, client_.tag())) return false;
  const int64_t timeout_us = worker_.settings().first_byte_timeout_us;
  if (timeout_us > 0) {
    worker_.first_byte_deadlines.set(deadline, worker_.now_us() + timeout_us);
  }
  return true;
}

void Connection::Side::on_event(const net::Event& event) { owner.on_side_event(*this, event); }

void Connection::Side::begin(net::Descriptor with) {
  socket = with;
  readable = writable = hung_up = ended = broken = false;
}

void Connection::on_side_event(Side& side, const net::Event& event) {
  if (phase_ == Phase::kClosed) return;
  side.readable |= event.readable || event.hung_up;
  side.hung_up |= event.hung_up;
  if (phase_ == Phase::kDialling && &side == &broker_) return on_dial_event(event);
  side.writable |= event.writable;
  pump();
}

void Connection::resume() {
  if (phase_ != Phase::kClosed) pump();
}

// Moves bytes both ways until neither side can, or the turns are over.
void Connection::pump() {
  for (int turn = 0; turn < kTurnsMax; ++turn) {
    Moved moved = Moved::kNothing;
    if (phase_ == Phase::kFlushing) {
      flush(client_);
    } else if (phase_ == Phase::kLingering) {
      moved = drop_client_input();
    } else {
      moved = move_client_bytes();
      if (phase_ == Phase::kOpen && move_broker_bytes() == Moved::kSomething) {
        moved = Moved::kSomething;
      }
    }
    settle();
    if (phase_ == Phase::kClosed) return;
    if (moved == Moved::kNothing) return;
  }
  worker_.resume_later(*this);
}

// Ends the connection, or takes it a phase on, when what it waits for has happened.
void Connection::settle() {
  switch (phase_) {
    case Phase::kClosed:
      return;
    case Phase::kFlushing:
      if (client_.all_sent()) linger();
      return;
    case Phase::kLingering:
      if (client_.ended) close_now();
      return;
    case Phase::kWaiting:
      if (client_.ended) return close_now();
      if (draining_) end_gracefully();
      return;
    case Phase::kDialling:
      if (client_.ended) close_now();
      return;
    case Phase::kOpen:
      break;
  }
  if (client_.broken) return close_now();
  if (broker_.ended || session_->finished()) return end_gracefully();
  if (client_.ended && session_->only_waits_for_client() && client_.all_sent()) {
    return end_gracefully();
  }
  if (!session_->quiet() || !client_.all_sent() || !broker_.all_sent()) return;
  if (client_.ended || draining_) end_gracefully();
}

void Connection::drain() {
  draining_ = true;
  if (session_) session_->drain();
  settle();
}

void Connection::end_gracefully() {
  if (broker_.socket != net::kNoDescriptor) {
    worker_.system().close(broker_.socket);
    broker_.socket = net::kNoDescriptor;
  }
  broker_.pending.clear();
  if (broker_.pipe) worker_.pipes().give_back(std::move(broker_.pipe));
  dial_.reset();
  std::string().swap(held_input_);
  deadline.cancel();
  phase_ = Phase::kFlushing;
  touch();  // a reader that never takes the rest is idle, too
  flush(client_);
  settle();
}

void Connection::linger() {
  phase_ = Phase::kLingering;
  worker_.system().shutdown_send(client_.socket);
  worker_.linger_deadlines.set(deadline, worker_.now_us() + kLingerUs);
  worker_.resume_later(*this);  // whatever stands in its socket is dropped
}

void Connection::close_now() {
  phase_ = Phase::kClosed;
  deadline.cancel();
  net::System& system = worker_.system();
  for (Side* side : {&client_, &broker_}) {
    if (side->socket != net::kNoDescriptor) system.close(side->socket);
    side->socket = net::kNoDescriptor;
    side->pending.clear();
    if (side->pipe) worker_.pipes().give_back(std::move(side->pipe));
  }
  if (session_) {
    worker_.metrics().requests_ended.add(session_->requests_in_flight());
    session_.reset();
  }
  target_->listener->metrics().connections_closed.add();
  worker_.bury(*this);
}

void Connection::cut(Refusal why) {
  if (phase_ == Phase::kClosed) return;
  if (phase_ != Phase::kFlushing && phase_ != Phase::kLingering) count(why);
  close_now();
}

void Connection::on_deadline() {
  switch (phase_) {
    case Phase::kWaiting:
      return cut(Refusal::kFirstByteTimeout);
    case Phase::kDialling:
      worker_.system().close(broker_.socket);
      broker_.socket = net::kNoDescriptor;
      count(Refusal::kDialTimeout);
      dial_->errors += dial_->endpoints[dial_->next - 1].text() + ": no answer in time; ";
      worker_.metrics().broker_dials_failed.add();
      return dial_next();
    case Phase::kOpen:
    case Phase::kFlushing: {
      // A client that sent FIN has most likely closed altogether: nobody waits for the answer.
      const int64_t timeout_us = worker_.settings().idle_timeout_us;
      const int64_t due_us = active_us_ + (client_.ended ? timeout_us / kIdleLooks : timeout_us);
      return due_us > worker_.now_us() ? look_whether_idle() : cut(Refusal::kIdleTimeout);
    }
    case Phase::kLingering:
      return close_now();
    case Phase::kClosed:
      return;
  }
}

// Something moved. The deadline in the list is left alone: it looks at the time when it is due.
void Connection::touch() {
  active_us_ = worker_.now_us();
  if (!deadline.armed()) look_whether_idle();
}

void Connection::look_whether_idle() {
  const int64_t timeout_us = worker_.settings().idle_timeout_us;
  if (timeout_us == 0) return;
  const int64_t step_us = (timeout_us + kIdleLooks - 1) / kIdleLooks;
  worker_.idle_deadlines.set(deadline, worker_.now_us() + step_us);
}

void Connection::fail_with(const Error& error) {
  count(refusal_of(error));
  auto fields = describe();
  fields.push_back({"error", error.message});
  log(error.fault == Fault::kBroker ? LogLevel::kError : LogLevel::kWarning,
      error.fault == Fault::kBroker ? "broker_misbehaved" : "client_refused",
      "the connection is closed", fields);
  // What a broker answered well is still delivered. In the middle of an answer FIN tells as much as
  // a reset would: by its size field the client knows that it is not whole. A client that asked
  // something wrong still gets the answers to what it asked before.
  if (error.fault != Fault::kClient) return end_gracefully();
  if (phase_ == Phase::kDialling && broker_.pending.empty()) return end_gracefully();
  drain();
}

void Connection::log_refused(int16_t api_key) const {
  auto fields = describe();
  fields.push_back({"api", std::string(kafka::api_name(api_key))});
  log(LogLevel::kWarning, "request_forbidden",
      "a forbidden request was answered with an authorization error", fields);
}

void Connection::count(Refusal refusal) {
  if (refusal == Refusal::kForbiddenApiKey) return;  // counted where it is met
  worker_.metrics().refusals[static_cast<size_t>(refusal)].add();
}

std::vector<LogField> Connection::describe() const {
  std::vector<LogField> fields = {{"external_listener", target_->listener->name()},
                                  {"port", std::to_string(target_->bound.port)},
                                  {"client", peer_.text()}};
  if (target_->bound.target == plan::Target::kBroker) {
    fields.push_back({"broker", std::to_string(target_->bound.broker_id)});
  }
  return fields;
}

}  // namespace portway::proxy
