#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/host_port.h"
#include "base/result.h"
#include "net/system.h"
#include "plan/port_plan.h"
#include "plan/spec.h"
#include "proxy/admin/admin_server.h"
#include "proxy/admin/admin_source.h"
#include "proxy/topology_keeper.h"
#include "proxy/worker.h"

namespace portway::proxy {

// What a proxy is made of, out of a portway.yaml or out of kafka-proxy's flags.
struct ServerInput {
  // cluster and serve, with serve.workers counted out (0 is taken for 1); external_listeners only
  // where `plan` comes from them
  plan::Spec spec;

  // Known brokers (id -> inside address) to port plan; asked at the start, with every change of the
  // topology and with every reload. Must give the same answer for the same brokers.
  std::function<plan::PortPlan(const std::map<int32_t, HostPort>& brokers)> plan;

  // Reads the configuration again; null when there is nothing to read.
  std::function<Result<ServerInput>()> reload;

  std::map<HostPort, HostPort> dial_mapping;  // dialled instead
  std::string extra_health_path;
  std::string extra_metrics_path;
};

// The running proxy: workers, topology, admin HTTP, and the port plan that may change under them.
// All methods may be called from any thread but one at a time, except AdminSource's.
class Server final : public AdminSource {
 public:
  using MakeSystem = std::function<Result<std::unique_ptr<net::System>>()>;

  // Binds every port before it returns; an error (operator) names the one that cannot be bound.
  static Result<std::unique_ptr<Server>> start(ServerInput input, const MakeSystem& make_system);

  // Stops at once, cutting what is open.
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Reads the configuration again and takes it whole, or keeps the old one and says why.
  Result<void> reload();

  // Readiness fails; everything goes on.
  void begin_drain();
  // Listeners close, and every connection ends as soon as that breaks no request.
  void drain_connections();
  // Nothing is open any more.
  bool drained() const { return load_.all() == 0; }
  uint32_t connections() const { return load_.all(); }
  // What is still open is cut (and counted as such).
  void cut_connections();

  const plan::ServeSpec& settings() const { return input_.spec.serve; }
  uint16_t admin_port() const { return admin_ ? admin_->port() : 0; }

  ProxyStatus status() const override;
  std::vector<const WorkerMetrics*> worker_metrics() const override;

 private:
  using PortsByWorker = std::vector<std::vector<OpenedPort>>;

  // What ports that cannot be opened do: at the start and with a reload an operator is there to
  // mend it; when the plan follows the topology nobody is.
  enum class Unopened : uint8_t { kRefusesThePlan, kAreLeftOut };

  Server(ServerInput input, const MakeSystem& make_system, size_t workers);

  Result<void> start_workers();
  Result<void> start_admin();
  Result<void> apply_plan(plan::PortPlan plan, Unopened unopened,
                          const std::shared_ptr<const Topology>& topology = nullptr);
  Result<PortsByWorker> open_ports(plan::PortPlan& plan, Unopened unopened);
  Result<std::vector<net::Descriptor>> open_port(const plan::BoundPort& port);
  void on_topology(const std::shared_ptr<const Topology>& topology);
  void on_refresh();
  void follow_topology(const std::shared_ptr<const Topology>& topology);
  void post_topology(const std::shared_ptr<const Topology>& topology);
  void warn_of_brokers_without_place(const plan::PortPlan& plan, const Topology& topology);
  TopologySources sources(const plan::PortPlan& plan) const;

  ServerInput input_;
  const MakeSystem make_system_;
  WorkerSettings worker_settings_;
  Load load_;
  int64_t started_us_ = 0;
  std::unique_ptr<net::System> system_;  // for binding, and its clock
  std::unique_ptr<TopologyKeeper> keeper_;
  std::vector<std::unique_ptr<Worker>> workers_;

  // One change of the plan at a time: it guards input_'s spec and plan once threads run, and is
  // taken before status_mutex_.
  std::mutex plan_mutex_;

  std::shared_ptr<const Topology> warned_of_;  // the keeper's thread's own

  mutable std::mutex status_mutex_;  // guards what follows
  std::shared_ptr<const plan::PortPlan> plan_;
  std::vector<plan::BoundPort> unopened_;  // ports that a plan would have, but are taken
  std::map<std::string, std::shared_ptr<SharedListener>> shared_;
  std::string cluster_;
  uint64_t generation_ = 0;
  std::string configuration_error_;
  uint64_t configuration_failures_ = 0;
  bool draining_ = false;

  std::unique_ptr<AdminServer> admin_;  // last: it asks all of the above
};

}  // namespace portway::proxy
