#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "net/system.h"
#include "proxy/deadlines.h"
#include "proxy/event_target.h"
#include "proxy/external_listener.h"
#include "proxy/metrics.h"
#include "proxy/pending_bytes.h"
#include "proxy/pipe_pool.h"
#include "proxy/port_target.h"
#include "session/session.h"

namespace portway::proxy {

class Worker;

// One client and its broker: two sockets, the session between them, and the bytes that one side
// sent and the other has not taken yet.
//
//   waiting ──first byte──► dialling ──connected──► open
//      │                       │ (next endpoint)      │
//      └──────── drain, end of a side, dial failed, error, lesson learnt
//                              ▼
//                          flushing ──all sent──► lingering ──► closed
//
//   waiting   only the client's socket; a bare connect costs the broker nothing
//   dialling  the client's first bytes are held; nothing more is read from it
//   open      bytes move both ways
//   flushing  the broker is let go; what is due to the client is sent
//   lingering FIN was sent; input is read and dropped until the client's own FIN or kLingerUs, or
//             the kernel would send a reset that destroys the last answer
//
// Back-pressure: a side is read only while everything read from it before was taken by the other
// side, and the client only while its session takes requests. So a connection holds at most what
// one read, and its rewrite, bring; and none while idle. Answers of Portway's own, which no broker
// slows down, hold back their client's requests when it leaves too many of them unread.
//
// A client's FIN: what it asked is still answered, for a part of the idle timeout, since a client
// that gave up looks the same; a request that it has not sent in full ends the connection.
//
// Owned by its worker, used on its thread only.
class Connection {
 public:
  Connection(Worker& worker, net::Descriptor client, const net::SocketAddress& peer,
             std::shared_ptr<const PortTarget> target);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Watches the client's socket. False: no room for it; destroy the connection.
  bool start();

  // No further request is taken; the connection ends as soon as that breaks none.
  void drain();

  // The worker knows another topology: a broker that is not the one meant any more is let go.
  void follow_topology();

  // At once, whatever is in flight.
  void cut(Refusal why);

  // The worker's calls: goes on where the last turn stopped; a deadline was reached.
  void resume();
  void on_deadline();

  bool closed() const { return phase_ == Phase::kClosed; }
  const PortTarget& target() const { return *target_; }

  // Armed in one of the worker's lists; of() is the way back.
  struct OwnedDeadline final : Deadline {
    explicit OwnedDeadline(Connection& connection) : owner(connection) {}
    Connection& owner;
  };
  static Connection& of(Deadline& due) { return static_cast<OwnedDeadline&>(due).owner; }
  OwnedDeadline deadline{*this};
  bool queued = false;  // in the worker's list of those that go on without an event

 private:
  enum class Phase : uint8_t { kWaiting, kDialling, kOpen, kFlushing, kLingering, kClosed };
  enum class Moved : uint8_t { kNothing, kSomething };

  // One socket, and what is on its way to it.
  struct Side final : EventTarget {
    Side(Connection& connection, ChunkPool& pool) : owner(connection), pending(pool) {}
    void on_event(const net::Event& event) override;
    bool all_sent() const { return pending.empty() && !pipe; }
    void begin(net::Descriptor with);  // what was known of a socket before is no longer so
    void nothing_to_receive();

    Connection& owner;
    net::Descriptor socket = net::kNoDescriptor;
    bool readable = false;
    bool writable = false;
    bool hung_up = false;            // FIN or an error was signalled: receive until it is seen
    bool ended = false;              // it was seen: nothing more comes
    bool broken = false;             // nothing more goes; what came before is still received
    PendingBytes pending;            // bytes for this socket, after those in `pipe`
    std::unique_ptr<BodyPipe> pipe;  // spliced bytes for this socket
  };

  // connection.cc: life and death
  void on_side_event(Side& side, const net::Event& event);
  void pump();
  void settle();
  void end_gracefully();
  void linger();
  void close_now();
  void fail_with(const Error& error);
  void count(Refusal refusal);
  void log_refused(int16_t api_key) const;
  void touch();
  void look_whether_idle();  // in a while
  std::vector<LogField> describe() const;

  // connection_dial.cc: finding the broker
  void choose_endpoints();
  void dial_next();
  void on_dial_event(const net::Event& event);
  void on_connected();
  void give_up_dialling();
  bool misled(const ResolvedAddress& place) const;

  // connection_move.cc: moving bytes
  Moved move_client_bytes();
  Moved move_broker_bytes();
  Moved feed_client_bytes(ByteView bytes);
  Moved feed_broker_bytes(ByteView bytes);
  bool receive(Side& from, ByteView& bytes);
  bool splice_pays(const Side& from, uint32_t opaque_bytes);
  Moved splice_body(Side& from, Side& to, uint32_t opaque_bytes);
  void send(Side& to, Output& output);
  bool flush(Side& to);
  bool flush_pipe(Side& to);
  bool empty_pipe(Side& to);
  void break_sending(Side& to);
  Moved drop_client_input();

  Worker& worker_;
  const std::shared_ptr<const PortTarget> target_;
  const net::SocketAddress peer_;
  Phase phase_ = Phase::kWaiting;
  bool draining_ = false;
  Side client_;
  Side broker_;
  int64_t active_us_ = 0;
  std::optional<session::Session> session_;
  std::string held_input_;  // client bytes the session would not take yet

  struct DialPlan {
    std::vector<net::SocketAddress> endpoints;
    size_t next = 0;
    bool asked_all = true;  // of those that were dialled: no dial failed for want of something here
    std::string errors;
  };
  std::unique_ptr<DialPlan> dial_;  // while dialling

  // The address that the port meant at the time, and whom of it was dialled; unset when any broker
  // would do.
  std::optional<HostPort> meant_;
  net::SocketAddress dialled_;
};

}  // namespace portway::proxy
