#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/system.h"
#include "proxy/connection.h"
#include "proxy/deadlines.h"
#include "proxy/external_listener.h"
#include "proxy/metrics.h"
#include "proxy/pending_bytes.h"
#include "proxy/pipe_pool.h"
#include "session/environment.h"

namespace portway::proxy {

class Acceptor;

// A port of the plan with a socket that listens on it.
struct OpenedPort {
  plan::BoundPort bound;
  net::Descriptor listener = net::kNoDescriptor;
};

// Whether both are the same socket address and lead to the same place.
bool same_port(const plan::BoundPort& left, const plan::BoundPort& right);

// What every worker of a process is given at the start; immutable.
struct WorkerSettings {
  net::SocketOptions socket;
  session::Policy policy;
  int64_t dial_timeout_us = 0;
  int64_t first_byte_timeout_us = 0;  // 0: none
  int64_t idle_timeout_us = 0;        // 0: none
  uint32_t splice_bytes_min = 0;      // 0: never
  uint32_t connections_max = 0;
};

// Connections by worker, for the whole process.
class Load {
 public:
  explicit Load(size_t workers) : by_worker_(workers) {}
  uint32_t all() const;
  uint32_t of(size_t worker) const { return by_worker_[worker].load(std::memory_order_relaxed); }
  size_t least() const;
  void add(size_t worker) { by_worker_[worker].fetch_add(1); }
  void remove(size_t worker) { by_worker_[worker].fetch_sub(1); }

 private:
  std::vector<std::atomic<uint32_t>> by_worker_;
};

// One thread with its own sockets, its own System, and both sides of its connections. Workers share
// nothing that is written per request.
class Worker {
 public:
  // A read takes this much at most: it fits the second-level cache, and no connection owns one.
  static constexpr size_t kReadBufferBytes = 128 << 10;

  Worker(size_t index, std::unique_ptr<net::System> system, const WorkerSettings& settings,
         Load& load, TopologyKeeper& keeper);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void set_peers(std::vector<Worker*> all) { peers_ = std::move(all); }
  void start();
  void stop();  // any thread: ends run(), cutting what is open; then join()
  void join();

  // Any thread: has `task` run on this worker's thread, soon.
  void post(std::function<void()> task);

  // On the worker's thread (by post()):
  void change_topology(std::shared_ptr<const Topology> topology);
  // Serves the plan from now on; ports that are gone are closed and their connections drained.
  // `shared` is by external listener, as in the plan; `opened` are the ports that are new.
  void change_plan(const std::shared_ptr<const plan::PortPlan>& plan,
                   const std::vector<std::shared_ptr<SharedListener>>& shared,
                   const std::vector<OpenedPort>& opened);
  // Takes over the listening sockets. Only after every worker was told of the plan: they hand
  // clients to each other.
  void start_accepting(const std::vector<OpenedPort>& opened);
  void close_listeners();
  void drain_connections();
  void cut_connections(Refusal why);

  // Any thread: whether clients that come now are led by a known topology.
  bool knows_topology() const { return knows_topology_.load(); }

  // For an acceptor: a new client, for this worker or the least loaded one.
  void admit(net::Descriptor client, const net::SocketAddress& peer,
             const std::shared_ptr<const PortTarget>& target);
  void pause(Acceptor& acceptor);         // it cannot go on: it tries again a little later
  void resume_later(Acceptor& acceptor);  // it could go on: after the others of this round

  // For connections:
  net::System& system() { return *system_; }
  const WorkerSettings& settings() const { return settings_; }
  int64_t now_us() const { return now_us_; }  // when this round of events began
  WorkerMetrics& metrics() { return metrics_; }
  const WorkerMetrics& metrics() const { return metrics_; }
  ChunkPool& chunks() { return chunks_; }
  PipePool& pipes() { return pipes_; }
  bool splices() const { return splices_; }
  void stop_splicing(int error);  // it does not work here: bodies are copied from now on
  TopologyKeeper& keeper() { return keeper_; }
  const Topology& topology() const { return *topology_; }
  size_t index() const { return index_; }
  std::span<char> read_buffer() { return read_buffer_; }
  Output& to_broker() { return to_broker_; }
  Output& to_client() { return to_client_; }
  uint32_t next_bootstrap() { return bootstrap_turn_++; }
  void resume_later(Connection& connection);
  void bury(Connection& connection);

  // One list per kind, each with its own constant duration.
  DeadlineList first_byte_deadlines;
  DeadlineList dial_deadlines;
  DeadlineList idle_deadlines;
  DeadlineList linger_deadlines;

 private:
  void run();
  void run_tasks();
  void run_deadlines();
  void run_acceptors();
  void forget(const Acceptor& acceptor);
  int64_t time_to_wait_us() const;
  void adopt(net::Descriptor client, const net::SocketAddress& peer,
             const std::shared_ptr<const PortTarget>& target);
  ExternalListener& external_listener(const std::shared_ptr<SharedListener>& shared);
  std::vector<Connection*> all_connections() const;
  void refuse(net::Descriptor client, Refusal why, ExternalListener& listener,
              const net::SocketAddress& peer);

  const size_t index_;
  const std::unique_ptr<net::System> system_;
  const WorkerSettings& settings_;
  Load& load_;
  TopologyKeeper& keeper_;
  std::vector<Worker*> peers_;
  WorkerMetrics metrics_;
  ChunkPool chunks_;
  PipePool pipes_;
  std::vector<char> read_buffer_;
  Output to_broker_;
  Output to_client_;
  int64_t now_us_ = 0;
  uint32_t bootstrap_turn_ = 0;
  bool draining_ = false;
  bool splices_ = true;

  std::shared_ptr<const Topology> topology_;
  std::atomic<bool> knows_topology_{false};
  std::map<std::string, std::unique_ptr<ExternalListener>> listeners_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::map<std::pair<std::string, uint16_t>, std::shared_ptr<const PortTarget>> targets_;
  std::vector<Acceptor*> paused_;
  int64_t paused_until_us_ = 0;
  std::vector<Acceptor*> accepting_;  // those with more clients than a turn takes
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<Connection>> buried_;
  std::vector<Connection*> resumed_;

  std::mutex tasks_mutex_;
  std::vector<std::function<void()>> tasks_;
  std::atomic<bool> has_tasks_{false};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace portway::proxy
