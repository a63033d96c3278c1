#include "proxy/topology_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "proxy/broker_query.h"

namespace portway::proxy {
namespace {

// However many connections fail at once, brokers are asked at most this often.
constexpr int64_t kRefreshPauseUs = 500'000;

}  // namespace

TopologyKeeper::TopologyKeeper(std::unique_ptr<net::System> system, TopologySources sources,
                               TopologyTimes times, std::string client_id, OnChange on_change)
    : system_(std::move(system)),
      sources_(std::move(sources)),
      times_(times),
      client_id_(std::move(client_id)),
      on_change_(std::move(on_change)),
      current_(std::make_shared<const Topology>()),
      refreshed_us_(system_->now_us()) {}

TopologyKeeper::~TopologyKeeper() {
  {
    const std::lock_guard lock(mutex_);
    inbox_.stop = true;
  }
  system_->wake();
  if (thread_.joinable()) thread_.join();
}

void TopologyKeeper::start() {
  thread_ = std::thread([this] { run(); });
}

std::shared_ptr<const Topology> TopologyKeeper::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void TopologyKeeper::learn(int32_t broker_id, const HostPort& address) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.seen[broker_id] = address;
  }
  system_->wake();
}

void TopologyKeeper::refresh_soon() {
  {
    const std::lock_guard lock(mutex_);
    inbox_.refresh = true;
  }
  system_->wake();
}

void TopologyKeeper::change_sources(TopologySources sources) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.sources = std::make_unique<TopologySources>(std::move(sources));
    inbox_.refresh = true;
  }
  system_->wake();
}

TopologyKeeper::Health TopologyKeeper::health() const {
  const std::lock_guard lock(mutex_);
  return {system_->now_us() - refreshed_us_, error_};
}

void TopologyKeeper::run() {
  int64_t earliest_us = system_->now_us();  // no refresh before
  int64_t due_us = earliest_us;
  while (true) {
    Inbox inbox;
    {
      const std::lock_guard lock(mutex_);
      std::swap(inbox, inbox_);
    }
    if (inbox.stop) return;
    if (inbox.sources) {
      sources_ = std::move(*inbox.sources);
      earliest_us = system_->now_us();
    }
    if (!inbox.seen.empty()) take_seen(inbox.seen);
    if (inbox.refresh) due_us = std::min(due_us, earliest_us);
    if (system_->now_us() >= due_us) {
      const bool learnt = refresh();
      const int64_t now_us = system_->now_us();
      earliest_us = now_us + kRefreshPauseUs;
      due_us = now_us + (learnt ? times_.refresh_us : std::min(times_.retry_us, times_.refresh_us));
      continue;  // what came in meanwhile
    }
    system_->wait(due_us - system_->now_us());
  }
}

bool TopologyKeeper::refresh() {
  Topology next = from_sources();
  std::vector<ResolvedAddress> candidates = next.bootstrap;
  for (const auto& [id, broker] : current()->brokers) candidates.push_back(resolve(broker.address));

  const auto stopped = [this] {
    const std::lock_guard lock(mutex_);
    return inbox_.stop;
  };
  std::string errors;
  bool needs_authentication = false;
  for (const ResolvedAddress& candidate : candidates) {
    for (const net::SocketAddress& endpoint : candidate.endpoints) {
      if (stopped()) return false;
      const auto brokers =
          query_brokers(*system_, endpoint, client_id_, times_.query_timeout_us, stopped);
      if (brokers && !brokers->empty()) {
        next.state = TopologyState::kKnown;
        for (const kafka::BrokerEntry& broker : *brokers) {
          next.brokers[broker.broker_id] = resolve(broker.address);
        }
        note("");
        publish(std::move(next));
        return true;
      }
      const std::string error =
          brokers ? endpoint.text() + ": it names no broker" : brokers.error().message;
      needs_authentication |= !brokers && brokers.error().code == "needs_authentication";
      if (errors.size() < 1000) errors += (errors.empty() ? "" : "; ") + error;
    }
    if (candidate.endpoints.empty() && errors.size() < 1000) {
      errors += fmt::format("{}'{}' does not resolve", errors.empty() ? "" : "; ",
                            candidate.address.host);
    }
  }
  // Nobody told: what was known stays, with its names resolved again.
  const auto known = current();
  next.state = needs_authentication ? TopologyState::kNeedsAuthentication : known->state;
  for (const auto& [id, broker] : known->brokers) next.brokers[id] = resolve(broker.address);
  note(needs_authentication ? "" : errors);
  publish(std::move(next));
  return needs_authentication;
}

Topology TopologyKeeper::from_sources() {
  Topology topology;
  for (const HostPort& address : sources_.bootstrap) topology.bootstrap.push_back(resolve(address));
  for (const HostPort& address : sources_.fixed) topology.fixed[address] = resolve(address);
  return topology;
}

ResolvedAddress TopologyKeeper::resolve(const HostPort& address) {
  const auto mapped = sources_.dial_mapping.find(address);
  auto endpoints =
      system_->resolve(mapped == sources_.dial_mapping.end() ? address : mapped->second);
  if (!endpoints) return {address, {}};
  std::sort(endpoints->begin(), endpoints->end(),
            [](const auto& a, const auto& b) { return a.text() < b.text(); });
  return {address, std::move(*endpoints)};
}

void TopologyKeeper::take_seen(const std::map<int32_t, HostPort>& seen) {
  Topology next = *current();
  for (const auto& [id, address] : seen) {
    const auto known = next.brokers.find(id);
    if (known != next.brokers.end() && known->second.address == address) continue;
    next.brokers[id] = resolve(address);
  }
  publish(std::move(next));
}

void TopologyKeeper::publish(Topology topology) {
  auto next = std::make_shared<const Topology>(std::move(topology));
  std::shared_ptr<const Topology> last;
  {
    const std::lock_guard lock(mutex_);
    if (*next == *current_) return;
    last = std::exchange(current_, next);
  }
  for (const auto& [id, broker] : next->brokers) {
    const auto before = last->brokers.find(id);
    if (before != last->brokers.end() && before->second.address == broker.address) continue;
    log(LogLevel::kInfo, "broker_learnt",
        before == last->brokers.end() ? "a broker joined" : "a broker has a new address",
        {{"broker", std::to_string(id)}, {"address", to_string(broker.address)}});
  }
  for (const auto& [id, broker] : last->brokers) {
    if (next->brokers.contains(id)) continue;
    log(LogLevel::kInfo, "broker_left", "a broker is not in the cluster any more",
        {{"broker", std::to_string(id)}, {"address", to_string(broker.address)}});
  }
  on_change_(std::move(next));
}

void TopologyKeeper::note(const std::string& error) {
  {
    const std::lock_guard lock(mutex_);
    if (error.empty()) refreshed_us_ = system_->now_us();
    if (std::exchange(error_, error) == error) return;
  }
  if (error.empty()) {
    log(LogLevel::kInfo, "topology_refreshed", "brokers answer again");
  } else {
    log(LogLevel::kWarning, "topology_refresh_failed",
        "no bootstrap broker tells the cluster's topology; what is known stays",
        {{"error", error}});
  }
}

}  // namespace portway::proxy
