#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace portway::proxy {

// How a connection ended.
enum class End : uint8_t {
  kFin,      // in order
  kReset,    //
  kTimeout,  // it did not, for kPatienceMs
};

// What an interrupt ends: a reset can still follow on a socket that only receives no more.
enum class Interrupt : uint8_t { kReceiving, kBoth };

// A blocking TCP socket for tests, whose every call ends after kPatienceMs. Movable. One thread,
// but for interrupt().
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor);  // takes it over
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;

  // Not open when it fails; `receive_buffer_bytes` 0: the system's.
  static Socket connect(const std::string& ip, uint16_t port, int receive_buffer_bytes = 0);
  // Begins to connect, and leaves it at that.
  static Socket begin_to_connect(const std::string& ip, uint16_t port);
  // Port 0: any. Listens unless `backlog` is negative. Fails the test's process when it cannot.
  static Socket listen(const std::string& ip, uint16_t port, int backlog, bool reuse_port);

  bool open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  uint16_t local_port() const;

  // Waits for a connection; not open when interrupted or out of patience.
  Socket accept();

  bool send_all(ByteView bytes);
  // Fewer than `bytes` only when the connection ended before.
  std::string receive(size_t bytes);
  // What came, at most `bytes`; 0 when the connection ended.
  size_t receive_some(char* into, size_t bytes);
  // Drops what comes, and says how it ends. `dropped`: how many bytes came before.
  End wait_for_end(size_t* dropped = nullptr);

  void finish_sending();  // FIN
  void reset();           // closes with RST
  // Any thread: calls that move bytes that way end, now and from now on.
  void interrupt(Interrupt how);
  void close();

 private:
  int descriptor_ = -1;
};

// A port of `ip` that nobody else on this machine is given while the process lives. Portway can
// still listen on it (SO_REUSEPORT).
uint16_t free_port(const std::string& ip = "127.0.0.1");

}  // namespace portway::proxy
