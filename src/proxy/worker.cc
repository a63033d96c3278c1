#include "proxy/worker.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "base/log.h"
#include "kafka/api_keys.h"
#include "proxy/acceptor.h"

namespace portway::proxy {
namespace {

// How long accept() rests after it found no descriptor.
constexpr int64_t kAcceptPauseUs = 100'000;

}  // namespace

bool same_port(const plan::BoundPort& left, const plan::BoundPort& right) {
  return left.listen == right.listen && left.port == right.port && left.target == right.target &&
         left.broker_id == right.broker_id && left.address == right.address;
}

uint32_t Load::all() const {
  uint32_t sum = 0;
  for (const auto& count : by_worker_) sum += count.load();
  return sum;
}

size_t Load::least() const {
  size_t least = 0;
  for (size_t i = 1; i < by_worker_.size(); ++i) {
    if (of(i) < of(least)) least = i;
  }
  return least;
}

Worker::Worker(size_t index, std::unique_ptr<net::System> system, const WorkerSettings& settings,
               Load& load, TopologyKeeper& keeper)
    : index_(index),
      system_(std::move(system)),
      settings_(settings),
      load_(load),
      keeper_(keeper),
      metrics_(kafka::kApiSlots),
      pipes_(*system_),
      read_buffer_(kReadBufferBytes),
      topology_(keeper.current()) {}

Worker::~Worker() {
  stop();
  join();
  run_tasks();  // they may own descriptors
  cut_connections(Refusal::kDrainDeadline);
  buried_.clear();
  acceptors_.clear();
}

void Worker::start() {
  thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
  stopping_.store(true);
  system_->wake();
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::post(std::function<void()> task) {
  {
    const std::lock_guard lock(tasks_mutex_);
    tasks_.push_back(std::move(task));
  }
  has_tasks_.store(true, std::memory_order_release);
  system_->wake();
}

void Worker::run() {
  now_us_ = system_->now_us();
  while (!stopping_.load(std::memory_order_relaxed)) {
    const auto events = system_->wait(time_to_wait_us());
    now_us_ = system_->now_us();
    // A connection that one event closes stays until all events of the round were looked at.
    for (const net::Event& event : events) EventTarget::from_tag(event.tag).on_event(event);
    const std::vector<Connection*> resumed = std::move(resumed_);
    resumed_.clear();
    for (Connection* connection : resumed) {
      connection->queued = false;
      connection->resume();
    }
    run_acceptors();
    run_deadlines();
    buried_.clear();
    if (has_tasks_.load(std::memory_order_acquire)) run_tasks();
  }
}

int64_t Worker::time_to_wait_us() const {
  if (!resumed_.empty() || !accepting_.empty() || has_tasks_.load(std::memory_order_acquire)) {
    return 0;
  }
  int64_t next_us = paused_.empty() ? std::numeric_limits<int64_t>::max() : paused_until_us_;
  for (const DeadlineList* list :
       {&first_byte_deadlines, &dial_deadlines, &idle_deadlines, &linger_deadlines}) {
    next_us = std::min(next_us, list->next_us());
  }
  if (next_us == std::numeric_limits<int64_t>::max()) return -1;
  return std::max<int64_t>(0, next_us - system_->now_us());
}

void Worker::run_tasks() {
  has_tasks_.store(false, std::memory_order_relaxed);
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(tasks_mutex_);
    tasks.swap(tasks_);
  }
  for (const auto& task : tasks) task();
  buried_.clear();
}

void Worker::run_deadlines() {
  for (DeadlineList* list :
       {&first_byte_deadlines, &dial_deadlines, &idle_deadlines, &linger_deadlines}) {
    while (Deadline* due = list->take_due(now_us_)) Connection::of(*due).on_deadline();
  }
}

void Worker::run_acceptors() {
  if (now_us_ >= paused_until_us_) {
    accepting_.insert(accepting_.end(), paused_.begin(), paused_.end());
    paused_.clear();
  }
  const std::vector<Acceptor*> accepting = std::move(accepting_);
  accepting_.clear();
  for (Acceptor* acceptor : accepting) acceptor->resume();
}

void Worker::forget(const Acceptor& acceptor) {
  std::erase(paused_, &acceptor);
  std::erase(accepting_, &acceptor);
}

void Worker::change_topology(std::shared_ptr<const Topology> topology) {
  if (topology == topology_) return;
  topology_ = std::move(topology);
  knows_topology_.store(topology_->state != TopologyState::kUnknown);
  for (Connection* connection : all_connections()) connection->follow_topology();
}

ExternalListener& Worker::external_listener(const std::shared_ptr<SharedListener>& shared) {
  auto& listener = listeners_[shared->name];
  if (!listener) {
    listener = std::make_unique<ExternalListener>(shared, metrics_, topology_, keeper_);
  }
  return *listener;
}

void Worker::change_plan(const std::shared_ptr<const plan::PortPlan>& plan,
                         const std::vector<std::shared_ptr<SharedListener>>& shared,
                         const std::vector<OpenedPort>& opened) {
  for (size_t i = 0; i < shared.size(); ++i) {
    // Shares the plan's lifetime.
    external_listener(shared[i]).change_plan({plan, &plan->external_listeners[i]});
  }
  // A port stays when it leads to the same place for the same external listener.
  const auto stays = [&](const PortTarget& target) {
    return std::any_of(plan->ports.begin(), plan->ports.end(), [&](const plan::BoundPort& port) {
      return same_port(port, target.bound) &&
             shared[port.external_listener]->name == target.listener->name();
    });
  };
  std::erase_if(acceptors_, [&](const auto& acceptor) {
    if (stays(*acceptor->target())) return false;
    forget(*acceptor);
    targets_.erase({acceptor->target()->bound.listen, acceptor->target()->bound.port});
    return true;
  });
  for (const auto& [bound, descriptor] : opened) {
    targets_[{bound.listen, bound.port}] = std::make_shared<const PortTarget>(
        PortTarget{bound, &external_listener(shared[bound.external_listener])});
  }
  for (Connection* connection : all_connections()) {
    const PortTarget& target = connection->target();
    const auto now = targets_.find({target.bound.listen, target.bound.port});
    const bool same = now != targets_.end() && same_port(now->second->bound, target.bound) &&
                      now->second->listener == target.listener;
    if (!same) connection->drain();
  }
}

void Worker::start_accepting(const std::vector<OpenedPort>& opened) {
  for (const auto& [bound, descriptor] : opened) {
    const auto target = targets_.find({bound.listen, bound.port});
    // Of a worker that stops, those it would hand clients to may be gone.
    if (draining_ || stopping_.load() || target == targets_.end()) {
      system_->close(descriptor);
    } else {
      acceptors_.push_back(std::make_unique<Acceptor>(*this, descriptor, target->second));
      acceptors_.back()->resume();
    }
  }
}

// A copy: whoever ends a connection takes it out of the map.
std::vector<Connection*> Worker::all_connections() const {
  std::vector<Connection*> all;
  all.reserve(connections_.size());
  for (const auto& [key, connection] : connections_) all.push_back(key);
  return all;
}

void Worker::close_listeners() {
  for (const auto& acceptor : acceptors_) forget(*acceptor);
  acceptors_.clear();
  targets_.clear();
}

void Worker::drain_connections() {
  draining_ = true;
  for (Connection* connection : all_connections()) connection->drain();
}

void Worker::cut_connections(Refusal why) {
  for (Connection* connection : all_connections()) connection->cut(why);
}

void Worker::pause(Acceptor& acceptor) {
  if (std::find(paused_.begin(), paused_.end(), &acceptor) != paused_.end()) return;
  if (paused_.empty()) paused_until_us_ = now_us_ + kAcceptPauseUs;
  paused_.push_back(&acceptor);
}

void Worker::resume_later(Acceptor& acceptor) {
  if (std::find(accepting_.begin(), accepting_.end(), &acceptor) != accepting_.end()) return;
  accepting_.push_back(&acceptor);
}

void Worker::stop_splicing(int error) {
  if (!std::exchange(splices_, false)) return;
  log(LogLevel::kWarning, "splice_unavailable",
      "this system does not splice: large bodies are copied from now on",
      {{"worker", std::to_string(index_)}, {"error", std::strerror(error)}});
}

void Worker::admit(net::Descriptor client, const net::SocketAddress& peer,
                   const std::shared_ptr<const PortTarget>& target) {
  ExternalListener& listener = *target->listener;
  const size_t least = load_.least();
  const bool stay = load_.of(index_) <= load_.of(least);
  const size_t chosen = stay ? index_ : least;
  // Counted before it is looked: workers that accept at the same time never let in one too many.
  load_.add(chosen);
  const uint32_t of_listener = listener.shared().connections.fetch_add(1) + 1;
  const uint32_t most = listener.shared().connections_max.load(std::memory_order_relaxed);
  const bool process_full = load_.all() > settings_.connections_max;
  if (process_full || (most > 0 && of_listener > most)) {
    load_.remove(chosen);
    listener.shared().connections.fetch_sub(1);
    return refuse(client,
                  process_full ? Refusal::kConnectionsMax : Refusal::kListenerConnectionsMax,
                  listener, peer);
  }
  if (stay) return adopt(client, peer, target);

  Worker& other = *peers_[least];
  other.post([&other, client, peer, listen = target->bound.listen, port = target->bound.port,
              shared = &listener.shared()] {
    const auto known = other.targets_.find({listen, port});
    if (known != other.targets_.end() && &known->second->listener->shared() == shared) {
      return other.adopt(client, peer, known->second);
    }
    other.system_->close(client);  // the port was taken away, or is another listener's, meanwhile
    other.load_.remove(other.index_);
    shared->connections.fetch_sub(1, std::memory_order_relaxed);
  });
}

void Worker::adopt(net::Descriptor client, const net::SocketAddress& peer,
                   const std::shared_ptr<const PortTarget>& target) {
  auto made = std::make_unique<Connection>(*this, client, peer, target);
  Connection& connection = *made;
  connections_.emplace(&connection, std::move(made));
  if (!connection.start()) return connection.cut(Refusal::kOutOfDescriptors);
  if (draining_) connection.drain();
}

void Worker::refuse(net::Descriptor client, Refusal why, ExternalListener& listener,
                    const net::SocketAddress& peer) {
  metrics_.refusals[static_cast<size_t>(why)].add();
  system_->close(client);
  log(LogLevel::kWarning, "connection_refused",
      why == Refusal::kConnectionsMax
          ? "as many connections are open as serve.connections_max allows"
          : "as many connections are open as the external listener's connections_max allows",
      {{"external_listener", listener.name()}, {"client", peer.text()}});
}

void Worker::resume_later(Connection& connection) {
  if (connection.queued) return;
  connection.queued = true;
  resumed_.push_back(&connection);
}

void Worker::bury(Connection& connection) {
  load_.remove(index_);
  connection.target().listener->shared().connections.fetch_sub(1, std::memory_order_relaxed);
  if (connection.queued) std::erase(resumed_, &connection);
  auto node = connections_.extract(&connection);
  if (!node.empty()) buried_.push_back(std::move(node.mapped()));
}

}  // namespace portway::proxy
