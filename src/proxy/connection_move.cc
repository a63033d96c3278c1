// Moving bytes: receive into the worker's buffer, through the session, out; or splice.

#include <algorithm>

#include "proxy/connection.h"
#include "proxy/worker.h"

namespace portway::proxy {
namespace {

// Answers of Portway's own to forbidden requests that a client may leave unread before its requests
// are read no further. Above what one read from a broker can leave unsent: this alone never holds
// back a client that pipelines.
constexpr size_t kUnreadAnswerBytesMax = 256 << 10;

}  // namespace

Connection::Moved Connection::move_client_bytes() {
  if (broker_.broken) return Moved::kNothing;
  if (phase_ == Phase::kOpen && !flush(broker_)) return Moved::kNothing;
  if (phase_ == Phase::kDialling) return Moved::kNothing;
  if (client_.pending.bytes() > kUnreadAnswerBytesMax && !flush(client_)) return Moved::kNothing;
  if (session_ && session_->opaque_client_bytes() == 0 && !session_->takes_requests()) {
    return Moved::kNothing;
  }
  if (!held_input_.empty()) {
    const std::string held = std::move(held_input_);
    held_input_.clear();
    return feed_client_bytes(held);
  }
  if (!client_.readable || client_.ended) return Moved::kNothing;
  if (phase_ == Phase::kOpen && splice_pays(client_, session_->opaque_client_bytes())) {
    return splice_body(client_, broker_, session_->opaque_client_bytes());
  }
  ByteView bytes;
  if (!receive(client_, bytes)) return Moved::kNothing;
  if (phase_ == Phase::kWaiting) {
    choose_endpoints();
    const Moved moved = feed_client_bytes(bytes);
    if (phase_ == Phase::kDialling) dial_next();
    return moved;
  }
  return feed_client_bytes(bytes);
}

Connection::Moved Connection::move_broker_bytes() {
  if (!flush(client_)) return Moved::kNothing;
  if (!broker_.readable || broker_.ended) return Moved::kNothing;
  if (splice_pays(broker_, session_->opaque_broker_bytes())) {
    return splice_body(broker_, client_, session_->opaque_broker_bytes());
  }
  ByteView bytes;
  if (!receive(broker_, bytes)) return Moved::kNothing;
  return feed_broker_bytes(bytes);
}

Connection::Moved Connection::feed_client_bytes(ByteView bytes) {
  Output& to_broker = worker_.to_broker();
  Output& to_client = worker_.to_client();
  to_broker.clear();
  to_client.clear();
  const size_t in_flight = session_->requests_in_flight();
  const auto taken = session_->on_client_bytes(bytes, worker_.now_us(), to_broker, to_client);
  worker_.metrics().requests_started.add(session_->requests_in_flight() - in_flight);
  touch();
  send(broker_, to_broker);
  send(client_, to_client);
  if (const auto api_key = session_->take_refused()) log_refused(*api_key);
  if (phase_ == Phase::kClosed) return Moved::kSomething;
  if (!taken) {
    fail_with(taken.error());
    return Moved::kSomething;
  }
  if (*taken == bytes.size()) return Moved::kSomething;
  held_input_.assign(bytes.substr(*taken));
  worker_.metrics().back_pressure_pauses.add();
  return *taken > 0 ? Moved::kSomething : Moved::kNothing;
}

Connection::Moved Connection::feed_broker_bytes(ByteView bytes) {
  Output& to_broker = worker_.to_broker();
  Output& to_client = worker_.to_client();
  to_broker.clear();
  to_client.clear();
  const size_t in_flight = session_->requests_in_flight();
  const auto fed = session_->on_broker_bytes(bytes, worker_.now_us(), to_client, to_broker);
  worker_.metrics().requests_ended.add(in_flight - session_->requests_in_flight());
  touch();
  send(client_, to_client);  // also before an error: it ends with the last good frame
  if (fed) {
    send(broker_, to_broker);
  } else {
    fail_with(fed.error());
  }
  return Moved::kSomething;
}

// False: nothing came; `from` says whether it ended. A short read means that the socket is empty:
// no second receive just to be told so, unless its end was signalled.
bool Connection::receive(Side& from, ByteView& bytes) {
  const std::span<char> buffer = worker_.read_buffer();
  const net::Io got = worker_.system().receive(from.socket, buffer);
  if (got.would_block()) {
    from.nothing_to_receive();
    return false;
  }
  if (got.bytes <= 0) {
    from.ended = true;
    if (!got.ok()) break_sending(from);
    return false;
  }
  const auto count = static_cast<size_t>(got.bytes);
  if (count < buffer.size() && !from.hung_up) from.readable = false;
  worker_.metrics().copied_bytes.add(count);
  bytes = ByteView(buffer.data(), count);
  return true;
}

bool Connection::splice_pays(const Side& from, uint32_t opaque_bytes) {
  const uint32_t least = worker_.settings().splice_bytes_min;
  if (least == 0 || opaque_bytes < least || !worker_.splices()) return false;
  Side& to = &from == &client_ ? broker_ : client_;
  if (!to.pipe) to.pipe = worker_.pipes().take();
  return to.pipe != nullptr;
}

// Precondition: everything before these bytes was sent, so that the pipe is empty.
Connection::Moved Connection::splice_body(Side& from, Side& to, uint32_t opaque_bytes) {
  const size_t most = std::min<size_t>(opaque_bytes, to.pipe->ends.capacity_bytes);
  const net::Io got = worker_.system().splice(from.socket, to.pipe->ends.write_end, most);
  if (!got.ok() || got.bytes == 0) {
    if (got.unsupported()) {
      worker_.stop_splicing(got.error);
    } else if (got.would_block()) {
      from.nothing_to_receive();
    } else {
      from.ended = true;
      if (!got.ok()) break_sending(from);
    }
    flush(to);  // gives the empty pipe back
    return got.unsupported() ? Moved::kSomething : Moved::kNothing;
  }
  const auto count = static_cast<uint32_t>(got.bytes);
  to.pipe->bytes += count;
  worker_.metrics().spliced_bytes.add(count);
  touch();
  if (&from == &client_) {
    session_->skip_client_bytes(count);
  } else {
    Output& to_client = worker_.to_client();
    to_client.clear();
    const size_t in_flight = session_->requests_in_flight();
    session_->skip_broker_bytes(count, to_client);
    worker_.metrics().requests_ended.add(in_flight - session_->requests_in_flight());
    // What the session adds stands behind the pipe's bytes.
    to.pending.append(to_client.pieces(), 0);
  }
  flush(to);
  return Moved::kSomething;
}

// Sends what it can and keeps the rest.
void Connection::send(Side& to, Output& output) {
  if (output.empty() || to.broken || phase_ == Phase::kClosed) return;
  std::span<const ByteView> pieces = output.pieces();
  size_t skip = 0;
  while (to.writable && to.all_sent() && !pieces.empty()) {
    const net::Io sent = worker_.system().send(to.socket, pieces);
    if (!sent.ok() && !sent.would_block()) return break_sending(to);
    skip = sent.ok() ? static_cast<size_t>(sent.bytes) : 0;
    // Fewer than there were: the socket is full, or there were more pieces than one call takes.
    while (!pieces.empty() && skip >= pieces.front().size()) {
      skip -= pieces.front().size();
      pieces = pieces.subspan(1);
    }
    if (skip > 0 || !sent.ok() || sent.bytes == 0) to.writable = false;
  }
  if (!pieces.empty()) {
    if (phase_ != Phase::kDialling) worker_.metrics().back_pressure_pauses.add();
    to.pending.append(pieces, skip);
  } else if (phase_ == Phase::kOpen) {
    const int64_t added_us = worker_.system().now_us() - worker_.now_us();
    worker_.metrics().added_latency.record(static_cast<uint64_t>(std::max<int64_t>(added_us, 0)));
  }
}

// Whether everything that waited for this side has been sent.
bool Connection::flush(Side& to) {
  if (!flush_pipe(to)) return false;
  std::array<ByteView, 16> pieces;
  while (!to.pending.empty()) {
    if (!to.writable) return false;
    const size_t count = to.pending.front(pieces);
    const net::Io sent = worker_.system().send(to.socket, std::span(pieces.data(), count));
    if (sent.would_block()) {
      to.writable = false;
      return false;
    }
    if (!sent.ok()) {
      break_sending(to);
      return false;
    }
    to.pending.consume(static_cast<size_t>(sent.bytes));
    touch();
  }
  return true;
}

bool Connection::flush_pipe(Side& to) {
  if (!to.pipe) return true;
  while (to.pipe->bytes > 0) {
    if (!to.writable) return false;
    const net::Io sent = worker_.system().splice(to.pipe->ends.read_end, to.socket, to.pipe->bytes);
    if (sent.would_block()) {
      // The pipe is not empty: it is the socket that is full.
      to.writable = false;
      return false;
    }
    if (sent.unsupported()) {
      worker_.stop_splicing(sent.error);
      if (!empty_pipe(to)) return false;
      break;
    }
    if (!sent.ok() || sent.bytes == 0) {
      break_sending(to);
      return false;
    }
    to.pipe->bytes -= static_cast<size_t>(sent.bytes);
    touch();
  }
  worker_.pipes().give_back(std::move(to.pipe));
  return true;
}

// The pipe's bytes are copied out: they go before those that are pending.
bool Connection::empty_pipe(Side& to) {
  std::string bytes;
  while (to.pipe->bytes > 0) {
    const std::span<char> buffer = worker_.read_buffer();
    const net::Io got = worker_.system().receive(to.pipe->ends.read_end, buffer);
    if (!got.ok() || got.bytes == 0) {
      break_sending(to);
      return false;
    }
    bytes.append(buffer.data(), static_cast<size_t>(got.bytes));
    to.pipe->bytes -= static_cast<size_t>(got.bytes);
  }
  std::array<ByteView, 16> pieces;
  while (!to.pending.empty()) {
    const size_t count = to.pending.front(pieces);
    size_t copied = 0;
    for (const ByteView piece : std::span(pieces.data(), count)) {
      bytes.append(piece);
      copied += piece.size();
    }
    to.pending.consume(copied);
  }
  const ByteView all = bytes;
  to.pending.append({&all, 1}, 0);
  return true;
}

// An error of this side's socket. What its peer sent before may still stand in the kernel's queue:
// it is received, up to the end.
void Connection::break_sending(Side& to) {
  to.broken = true;
  to.readable = to.hung_up = true;
  to.pending.clear();
  if (to.pipe) worker_.pipes().give_back(std::move(to.pipe));
}

// A side that takes nothing any more is not waited for.
void Connection::Side::nothing_to_receive() {
  readable = false;
  if (broken) ended = true;
}

Connection::Moved Connection::drop_client_input() {
  ByteView dropped;
  const bool some = client_.readable && !client_.ended && receive(client_, dropped);
  return some ? Moved::kSomething : Moved::kNothing;
}

}  // namespace portway::proxy
