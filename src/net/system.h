#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/host_port.h"
#include "base/result.h"
#include "net/socket_address.h"

namespace portway::net {

// The one seam to the operating system: clock, sockets, pipes, readiness and name resolution.
// Product code calls nothing below it, so that a simulated network and clock can take its place.
//
// A System belongs to one thread; only wake() and now_us() may be called from others. Descriptors
// may be handed from one System to another as long as no two watch the same one.
//
// Sockets are non-blocking. Results of moving bytes are `Io`: a count, or an errno.

using Descriptor = int;
inline constexpr Descriptor kNoDescriptor = -1;

struct Io {
  ptrdiff_t bytes = 0;  // >= 0: moved; receive() of 0: the peer sent FIN
  int error = 0;        // an errno when bytes < 0

  bool ok() const { return bytes >= 0; }
  bool would_block() const;
  bool unsupported() const;  // the call itself is refused here, whatever the descriptor's state
};

struct SocketOptions {
  uint32_t keep_alive_ms = 0;         // TCP keep-alive after this much silence; 0: off
  uint32_t receive_buffer_bytes = 0;  // 0: the system's
  uint32_t send_buffer_bytes = 0;     // 0: the system's
};

struct Accepted {
  Descriptor descriptor = kNoDescriptor;
  int error = 0;  // an errno when there is no descriptor
  SocketAddress peer;
};

struct Dialled {
  Descriptor descriptor = kNoDescriptor;
  int error = 0;             // an errno when there is no descriptor
  bool in_progress = false;  // writable when it is decided: see connect_error()
};

struct Pipe {
  Descriptor read_end = kNoDescriptor;
  Descriptor write_end = kNoDescriptor;
  size_t capacity_bytes = 0;
};

// Edge-triggered: told once when it becomes so; true again only after a call said would_block().
struct Event {
  uint64_t tag = 0;
  bool readable = false;
  bool writable = false;
  bool hung_up = false;  // FIN, reset or error: receive() tells which
};

class System {
 public:
  virtual ~System() = default;

  // Microseconds of a clock that never goes back.
  virtual int64_t now_us() = 0;

  // A listening socket that shares its address with others (SO_REUSEPORT). The error (operator,
  // "cannot_listen") names the address and why.
  virtual Result<Descriptor> listen(const SocketAddress& address) = 0;
  // Whether nobody listens there, this process included: listen() would share with whoever does.
  // The error is listen()'s. Nobody is kept from taking the address afterwards.
  virtual Result<void> check_free(const SocketAddress& address) = 0;
  virtual SocketAddress local_address(Descriptor socket) = 0;
  virtual Accepted accept(Descriptor listener, const SocketOptions& options) = 0;
  virtual Dialled dial(const SocketAddress& address, const SocketOptions& options) = 0;
  // 0 when the dial succeeded, else its errno.
  virtual int connect_error(Descriptor socket) = 0;

  // From a socket or out of a pipe.
  virtual Io receive(Descriptor from, std::span<char> into) = 0;
  virtual Io send(Descriptor socket, std::span<const ByteView> pieces) = 0;
  virtual void shutdown_send(Descriptor socket) = 0;
  virtual void close(Descriptor descriptor) = 0;

  virtual Result<Pipe> make_pipe(size_t capacity_bytes) = 0;
  // Moves bytes between a socket and a pipe end without copying them. unsupported() where kernels,
  // sandboxes or kinds of socket do not do that; nothing was moved then.
  virtual Io splice(Descriptor from, Descriptor to, size_t bytes) = 0;

  // Events of `descriptor` carry `tag`, until it is closed or forgotten. False: none left.
  virtual bool watch(Descriptor descriptor, uint64_t tag) = 0;
  virtual void forget(Descriptor descriptor) = 0;

  // Waits for events, a wake() or the timeout (< 0: for ever). The span is valid until the next
  // call. A wake() makes it return, with no event of its own.
  virtual std::span<const Event> wait(int64_t timeout_us) = 0;
  virtual void wake() = 0;

  // Every address of a name, or the address itself. Blocks: for helper threads only. The error
  // (operator, "cannot_resolve") names the host.
  virtual Result<std::vector<SocketAddress>> resolve(const HostPort& address) = 0;
};

}  // namespace portway::net
