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

// Of what went wrong with each broker asked, as it is shown.
constexpr size_t kErrorsBytesMax = 1000;

}  // namespace

TopologyKeeper::TopologyKeeper(std::unique_ptr<net::System> system, TopologySources sources,
                               TopologyTimes times, std::string client_id, Listener listener)
    : system_(std::move(system)),
      times_(times),
      client_id_(std::move(client_id)),
      listener_(std::move(listener)),
      sources_(std::move(sources)),
      current_(std::make_shared<const Topology>()),
      refreshed_us_(system_->now_us()) {}

TopologyKeeper::~TopologyKeeper() { stop(); }

void TopologyKeeper::stop() {
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
    inbox_.forgotten.erase(broker_id);
  }
  system_->wake();
}

void TopologyKeeper::replace(std::vector<kafka::BrokerEntry> brokers) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.lesson = std::move(brokers);
    inbox_.seen.clear();
    inbox_.forgotten.clear();
  }
  system_->wake();
}

void TopologyKeeper::forget(int32_t broker_id, const HostPort& address) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.forgotten[broker_id] = address;
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
  while (take_inbox()) {
    if (sources_changed_) due_us = earliest_us = system_->now_us();
    if (std::exchange(refresh_wanted_, false)) due_us = std::min(due_us, earliest_us);
    if (system_->now_us() < due_us) {
      system_->wait(due_us - system_->now_us());
      continue;
    }
    const bool learnt = refresh();
    if (!given_up() && listener_.on_refresh) listener_.on_refresh();
    const int64_t now_us = system_->now_us();
    earliest_us = now_us + kRefreshPauseUs;
    due_us = now_us + (learnt ? times_.refresh_us : std::min(times_.retry_us, times_.refresh_us));
  }
}

bool TopologyKeeper::take_inbox() {
  Inbox inbox;
  {
    const std::lock_guard lock(mutex_);
    std::swap(inbox, inbox_);
  }
  stopping_ |= inbox.stop;
  if (stopping_) return false;
  if (inbox.sources) {
    sources_ = std::move(*inbox.sources);
    sources_changed_ = true;
    answered_last_.reset();
  }
  refresh_wanted_ |= inbox.refresh;
  if (!inbox.lesson.empty() || !inbox.forgotten.empty() || !inbox.seen.empty()) take_news(inbox);
  return true;
}

void TopologyKeeper::take_news(const Inbox& inbox) {
  Topology next = *current();
  if (next.state == TopologyState::kNeedsAuthentication) {
    if (!inbox.lesson.empty()) next.brokers.clear();
    for (const auto& [id, address] : inbox.lesson) next.brokers[id] = resolve(address);
    for (const auto& [id, address] : inbox.forgotten) {
      const auto known = next.brokers.find(id);
      if (known != next.brokers.end() && known->second.address == address) {
        next.brokers.erase(known);
      }
    }
  } else {
    refresh_wanted_ |= !inbox.lesson.empty();
  }
  for (const auto& [id, address] : inbox.seen) {
    const auto known = next.brokers.find(id);
    if (known != next.brokers.end() && known->second.address == address) continue;
    if (known != next.brokers.end() && next.state == TopologyState::kKnown) {
      refresh_wanted_ = true;
    } else {
      next.brokers[id] = resolve(address);
    }
  }
  publish(std::move(next));
}

bool TopologyKeeper::refresh() {
  sources_changed_ = false;
  Topology next = from_sources();
  std::string errors;
  const auto add_error = [&errors](const std::string& error) {
    if (errors.size() < kErrorsBytesMax) errors += (errors.empty() ? "" : "; ") + error;
  };
  bool demand_sasl = false;
  for (const HostPort& candidate : candidates()) {
    if (!take_inbox() || given_up()) return false;
    const ResolvedAddress resolved = resolve(candidate);
    if (resolved.endpoints.empty()) {
      add_error(fmt::format("'{}' does not resolve", candidate.host));
    }
    for (const net::SocketAddress& endpoint : resolved.endpoints) {
      const auto brokers = ask(endpoint);
      if (given_up()) return false;
      if (brokers && !brokers->empty()) {
        answered_last_ = candidate;
        take_answer(std::move(next), *brokers);
        return true;
      }
      demand_sasl |= !brokers && brokers.error().code == "needs_authentication";
      add_error(brokers ? endpoint.text() + ": it names no broker" : brokers.error().message);
    }
  }
  return keep_known(std::move(next), demand_sasl, errors);
}

// Each once, the most promising first.
std::vector<HostPort> TopologyKeeper::candidates() const {
  std::vector<HostPort> all;
  const auto add = [&all](const HostPort& address) {
    if (std::find(all.begin(), all.end(), address) == all.end()) all.push_back(address);
  };
  if (answered_last_) add(*answered_last_);
  for (const HostPort& address : sources_.bootstrap) add(address);
  for (const auto& [id, broker] : current()->brokers) add(broker.address);
  return all;
}

// A broker that stops at the wrong moment looks as one that demands SASL does: asked again, it is
// gone, or restarts.
Result<std::vector<kafka::BrokerEntry>> TopologyKeeper::ask(const net::SocketAddress& endpoint) {
  const auto give_up = [this] { return !take_inbox() || given_up(); };
  const int64_t timeout_us = std::min(kAskBrokerUs, times_.query_timeout_us);
  auto brokers = query_brokers(*system_, endpoint, client_id_, timeout_us, give_up);
  if (!brokers && brokers.error().code == "needs_authentication") {
    brokers = query_brokers(*system_, endpoint, client_id_, timeout_us, give_up);
  }
  return brokers;
}

void TopologyKeeper::take_answer(Topology next, const std::vector<kafka::BrokerEntry>& brokers) {
  doubts_ = 0;
  next.state = TopologyState::kKnown;
  for (const auto& [id, address] : brokers) next.brokers[id] = resolve(address);
  note("");
  publish(std::move(next));
}

// Nobody told: what was known stays, with its names resolved again. True: nobody ever will.
bool TopologyKeeper::keep_known(Topology next, bool demand_sasl, const std::string& errors) {
  const auto known = current();
  next.state = known->state;
  if (demand_sasl && (++doubts_ >= kRefreshesToDoubt || known->state != TopologyState::kKnown)) {
    next.state = TopologyState::kNeedsAuthentication;
  }
  const bool behind_sasl = demand_sasl && next.state == TopologyState::kNeedsAuthentication;
  for (const auto& [id, broker] : known->brokers) next.brokers[id] = resolve(broker.address);
  note(behind_sasl ? "" : errors);
  publish(std::move(next));
  return behind_sasl;
}

Topology TopologyKeeper::from_sources() {
  Topology topology;
  for (const HostPort& address : sources_.bootstrap) topology.bootstrap.push_back(resolve(address));
  for (const HostPort& address : sources_.fixed) topology.fixed[address] = resolve(address);
  return topology;
}

ResolvedAddress TopologyKeeper::resolve(const HostPort& address) {
  if (stop_wanted()) return {address, {}};  // nobody will hear of it, and names may take long
  const auto mapped = sources_.dial_mapping.find(address);
  auto endpoints =
      system_->resolve(mapped == sources_.dial_mapping.end() ? address : mapped->second);
  if (!endpoints) return {address, last_endpoints(address)};
  std::sort(endpoints->begin(), endpoints->end(),
            [](const auto& a, const auto& b) { return a.text() < b.text(); });
  return {address, std::move(*endpoints)};
}

// What it resolved to when it last did.
std::vector<net::SocketAddress> TopologyKeeper::last_endpoints(const HostPort& address) const {
  const auto known = current();
  for (const auto& [id, broker] : known->brokers) {
    if (broker.address == address) return broker.endpoints;
  }
  for (const ResolvedAddress& broker : known->bootstrap) {
    if (broker.address == address) return broker.endpoints;
  }
  const auto fixed = known->fixed.find(address);
  return fixed == known->fixed.end() ? std::vector<net::SocketAddress>() : fixed->second.endpoints;
}

bool TopologyKeeper::stop_wanted() const {
  const std::lock_guard lock(mutex_);
  return stopping_ || inbox_.stop;
}

void TopologyKeeper::publish(Topology topology) {
  auto next = std::make_shared<const Topology>(std::move(topology));
  std::shared_ptr<const Topology> last;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || inbox_.stop || *next == *current_) return;
    last = std::exchange(current_, next);
  }
  log_changes(*last, *next);
  listener_.on_change(std::move(next));
}

void TopologyKeeper::log_changes(const Topology& last, const Topology& next) {
  for (const auto& [id, broker] : next.brokers) {
    const auto before = last.brokers.find(id);
    if (before != last.brokers.end() && before->second.address == broker.address) continue;
    log(LogLevel::kInfo, "broker_learnt",
        before == last.brokers.end() ? "a broker joined" : "a broker has a new address",
        {{"broker", std::to_string(id)}, {"address", to_string(broker.address)}});
  }
  for (const auto& [id, broker] : last.brokers) {
    if (next.brokers.contains(id)) continue;
    log(LogLevel::kInfo, "broker_left",
        next.state == TopologyState::kNeedsAuthentication
            ? "a broker left, or was not where it was: a client's connection will tell where it is"
            : "a broker is not in the cluster any more",
        {{"broker", std::to_string(id)}, {"address", to_string(broker.address)}});
  }
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
