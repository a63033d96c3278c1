#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/host_port.h"
#include "proxy/testing/frames.h"
#include "proxy/testing/socket.h"

namespace portway::proxy {

// A Kafka broker on a loopback address, real enough for Portway: ApiVersions v0-3, Metadata v0-12,
// Fetch, Produce, the SASL handshake, and kWho. A thread per connection. What a test scripts holds
// for *data* requests only (not for ApiVersions, Metadata and SASL), unless it says so. Methods may
// be called from any thread.
class FakeBroker {
 public:
  using Members = std::function<std::vector<Member>()>;

  FakeBroker(int32_t id, const std::string& ip, Members members);
  ~FakeBroker();
  FakeBroker(const FakeBroker&) = delete;
  FakeBroker& operator=(const FakeBroker&) = delete;

  int32_t id() const { return id_; }
  HostPort address() const { return {ip_, port_}; }

  // Connections are refused from now on, those that are open are reset; and the way back.
  void go_down();
  void come_up();
  // The kernel takes no more connections, and refuses none: a dial gets no answer at all.
  void fall_silent();

  void hold_answers() { allow_answers(0); }
  void allow_answers(uint64_t more);  // of those held, or still to come
  void release_answers();
  void hold_metadata(bool held);  // ApiVersions and Metadata
  // Stops reading after the head of a Produce request.
  void hold_reading(bool held);
  // Every answer ends after so many bytes, with FIN or with a reset.
  void cut_answers(size_t after_bytes, End how);
  void answer_with(std::string bytes);  // these instead of an answer
  void shift_correlation_ids(bool shifted);
  void demand_sasl(bool demanded);

  uint32_t connections() const { return connections_; }            // ever
  uint32_t connections_open() const { return connections_open_; }  // now
  uint32_t data_requests() const { return data_requests_; }
  uint64_t records_received() const { return records_received_; }  // bytes of Produce bodies
  // Those that are not in the middle of sending.
  void reset_connections();

 private:
  struct Script {
    std::optional<uint64_t> answers_allowed;
    bool metadata_held = false;
    bool reading_held = false;
    bool shifted = false;
    bool sasl = false;
    std::optional<size_t> cut_after;
    End cut_how = End::kFin;
    std::optional<std::string> instead;
  };
  struct Peer {
    Socket socket;
    bool reset = false;
    bool gone = false;
    std::thread thread;
  };
  struct Request {
    int16_t key = 0;
    int16_t version = 0;
    int32_t correlation_id = 0;
    std::string body;  // Produce: empty
    uint32_t body_bytes = 0;
  };

  void start_accepting();
  void accept_all();
  void serve(Peer& peer);
  bool read_request(Peer& peer, Request& into);
  bool handle(Peer& peer, const Request& request, bool& authenticated);
  bool handle_data(Peer& peer, const Request& request);
  bool take_records(Peer& peer, const Request& request, bool& good, int16_t& acks);
  bool answer(Peer& peer, const Script& script, ByteView head, uint32_t record_bytes,
              ByteView tail);
  // Waits until the script lets `peer` go on; false when the connection is to end.
  bool wait(Peer& peer, const std::function<bool(Script&)>& may_go_on);
  void change(const std::function<void(Script&)>& how);
  void end_connections(Interrupt how);

  const int32_t id_;
  const std::string ip_;
  const Members members_;
  uint16_t port_ = 0;
  Socket reservation_;  // keeps the port while the broker is down
  Socket listener_;
  std::thread acceptor_;
  std::atomic<bool> accepting_{false};
  std::vector<Socket> queue_;  // fills the kernel's queue
  std::atomic<uint32_t> connections_{0};
  std::atomic<uint32_t> connections_open_{0};
  std::atomic<uint32_t> data_requests_{0};
  std::atomic<uint64_t> records_received_{0};

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Script script_;
  std::list<Peer> peers_;
};

}  // namespace portway::proxy
