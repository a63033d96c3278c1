#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/linux_system.h"
#include "plan/spec.h"
#include "proxy/server.h"
#include "proxy/testing/fake_cluster.h"
#include "proxy/testing/socket.h"
#include "proxy/testing/waiting.h"

namespace portway::proxy {

// One external listener named `name` with a port of this machine for each broker; clients are told
// "b{id}.edge.test".
plan::ExternalListenerSpec listener_spec(const std::string& name,
                                         const std::vector<int32_t>& broker_ids,
                                         const std::string& ip = "127.0.0.1");

// The defaults of portway.yaml with one worker, 127.0.0.1, no admin HTTP, and one external listener
// EXTERNAL for `broker_ids`.
plan::Spec make_spec(FakeCluster& cluster, const std::vector<int32_t>& broker_ids);

// A Server over the real system, and what tests ask of it. Keeps the log while it lives.
class ProxyUnderTest {
 public:
  // Starts it; `wait_ready` false: does not wait until the topology is known.
  explicit ProxyUnderTest(const plan::Spec& spec, bool wait_ready = true,
                          const Server::MakeSystem& make_system = net::make_linux_system);
  ~ProxyUnderTest();
  ProxyUnderTest(const ProxyUnderTest&) = delete;
  ProxyUnderTest& operator=(const ProxyUnderTest&) = delete;

  Server& server() { return *server_; }
  ProxyStatus status() const { return server_->status(); }
  uint16_t port(int32_t broker_id, size_t listener = 0) const;

  // What a reload finds from now on, and the reload. An error stands for a file that is wrong.
  Result<void> reload(const Result<plan::Spec>& spec);

  uint64_t total(Counter WorkerMetrics::*counter) const;
  uint64_t refusals(Refusal refusal) const;
  uint64_t requests(int16_t api_key) const;
  uint64_t in_flight() const;

  bool wait_refusals(Refusal refusal, uint64_t least = 1) const;
  bool wait_connections(uint32_t exactly) const;
  bool wait_known(const std::function<bool(const ProxyStatus&)>& condition) const;

  // Whether a line that holds both texts was logged (waits for it).
  bool logged(const std::string& event, const std::string& text = "") const;

 private:
  ServerInput input_of(const plan::Spec& spec);

  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  Result<plan::Spec> next_spec_;
  plan::Spec spec_;
  std::unique_ptr<Server> server_;
};

// As the constructor above, for what cannot start.
Result<std::unique_ptr<Server>> try_to_start(
    const plan::Spec& spec, const Server::MakeSystem& make_system = net::make_linux_system);

// Descriptors that this process has open.
size_t open_descriptors();
// Memory of this process that is in use, in bytes.
size_t resident_bytes();

}  // namespace portway::proxy
