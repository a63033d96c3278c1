#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "proxy/testing/frames.h"
#include "proxy/testing/pattern.h"
#include "proxy/testing/socket.h"

namespace portway::proxy {

// A Kafka client for tests: blocking, with patience. One thread.
class TestClient {
 public:
  explicit TestClient(uint16_t port, const std::string& ip = "127.0.0.1",
                      int receive_buffer_bytes = 0)
      : socket(Socket::connect(ip, port, receive_buffer_bytes)) {}

  // Sends and forgets.
  bool send(ByteView bytes) { return socket.send_all(bytes); }
  // The next answer's frame from after its size field; nullopt: the connection ended first.
  std::optional<std::string> read_frame();
  // Sends a request; the answer, from after its correlation id, which must be the request's.
  std::optional<std::string> ask(int16_t api_key, int16_t version, ByteView body = "");

  // The broker id that whoever answers gives itself; -1: nobody does.
  int32_t who() { return read_who(send_who()); }
  int32_t send_who();  // its correlation id
  int32_t read_who(int32_t correlation_id);

  // Whether a Fetch of so many bytes comes back whole and right, without an inside address behind
  // the records (`tail`: what stands there). In steps: ask, then read.
  void send_fetch(int16_t version, uint32_t record_bytes);
  bool read_fetch(int16_t version, uint32_t record_bytes, std::string* tail = nullptr);
  bool fetch(int16_t version, uint32_t record_bytes) {
    send_fetch(version, record_bytes);
    return read_fetch(version, record_bytes);
  }

  // Whether the broker got so many bytes of records, and answered that they were right.
  bool produce(int16_t version, uint32_t record_bytes) {
    return send_produce(version, record_bytes) && read_produce(version);
  }
  bool send_produce(int16_t version, uint32_t record_bytes, int16_t acks = 1);
  bool read_produce(int16_t version);

  Socket socket;
  int32_t next_correlation_id = 1;
};

// Whether no fake broker's address (127.0.1.ID) occurs in what a client got.
bool names_no_inside_host(ByteView answer);

}  // namespace portway::proxy
