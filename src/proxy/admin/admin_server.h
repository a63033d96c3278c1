#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/host_port.h"
#include "base/result.h"
#include "proxy/admin/admin_source.h"

namespace portway::proxy {

struct AdminOptions {
  HostPort address;                // an IP address; port 0: any free one
  std::string extra_health_path;   // answers like /livez; empty: none
  std::string extra_metrics_path;  // answers like /metrics; empty: none
};

// The admin HTTP server:
//   GET /livez    200 as long as the process answers at all
//   GET /readyz   200 or 503, with the reason and every port as JSON
//   GET /metrics  Prometheus text format
//   GET /status   everything as JSON
//   GET /         everything as a page
// HEAD likewise. Other paths are 404, other methods 405. It shows the inside addresses of brokers
// and asks nobody who they are: bind it where only operators reach it.
//
// Runs on threads of its own: one that accepts and kAdminThreads that answer, which take signals
// from nobody. Requests, headers and time are limited, and each connection carries one request, so
// that a few idle ones cannot keep the others out for long.
class AdminServer {
 public:
  // Listens from the moment this returns. `source` must outlive the server. The error (operator,
  // "admin_bind_failed") names the address.
  static Result<std::unique_ptr<AdminServer>> start(const AdminOptions& options,
                                                    const AdminSource& source);

  // Stops listening and waits for answers under way.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  uint16_t port() const;

 private:
  class State;
  explicit AdminServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

inline constexpr size_t kAdminThreads = 2;
inline constexpr size_t kAdminBodyBytesMax = 1024;  // of a request; none is needed
inline constexpr int kAdminFirstByteTimeoutSeconds = 1;
inline constexpr int kAdminReadTimeoutSeconds = 2;  // between two reads of a request
inline constexpr int kAdminWriteTimeoutSeconds = 5;

}  // namespace portway::proxy
