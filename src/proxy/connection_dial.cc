// Finding the broker behind a port: which addresses to try, one after the other.

#include <cstring>

#include "base/log.h"
#include "proxy/connection.h"
#include "proxy/worker.h"

namespace portway::proxy {
namespace {

using Endpoints = std::vector<net::SocketAddress>;

void append(Endpoints& endpoints, const ResolvedAddress& address) {
  endpoints.insert(endpoints.end(), address.endpoints.begin(), address.endpoints.end());
}

// Every address of `all`, beginning with another one at each turn: bootstrap load spreads.
template <typename Addresses, typename Get>
Endpoints in_turn(const Addresses& all, uint32_t turn, Get get) {
  Endpoints endpoints;
  if (all.empty()) return endpoints;
  const auto first = std::next(all.begin(), static_cast<ptrdiff_t>(turn % all.size()));
  for (auto it = first; it != all.end(); ++it) append(endpoints, get(*it));
  for (auto it = all.begin(); it != first; ++it) append(endpoints, get(*it));
  return endpoints;
}

Endpoints bootstrap_in_turn(const Topology& topology, uint32_t turn) {
  return in_turn(topology.bootstrap, turn, [](const auto& entry) { return entry; });
}

Endpoints any_broker(const Topology& topology, uint32_t turn) {
  if (topology.brokers.empty()) return bootstrap_in_turn(topology, turn);
  return in_turn(topology.brokers, turn, [](const auto& entry) { return entry.second; });
}

}  // namespace

// The first bytes are here: decides whom to dial, and starts.
void Connection::choose_endpoints() {
  const Topology& topology = worker_.topology();
  const plan::BoundPort& bound = target_->bound;
  auto purpose = session::Session::Purpose::kServe;
  dial_ = std::make_unique<DialPlan>();
  switch (bound.target) {
    case plan::Target::kAnyBroker:
      dial_->endpoints = any_broker(topology, worker_.next_bootstrap());
      break;
    case plan::Target::kAddress:
      if (const auto fixed = topology.fixed.find(bound.address); fixed != topology.fixed.end()) {
        dial_->endpoints = fixed->second.endpoints;
      }
      break;
    case plan::Target::kBroker:
      if (const auto known = topology.brokers.find(bound.broker_id);
          known != topology.brokers.end()) {
        dial_->endpoints = known->second.endpoints;
      } else if (topology.state == TopologyState::kNeedsAuthentication) {
        purpose = session::Session::Purpose::kLearn;
        dial_->endpoints = bootstrap_in_turn(topology, worker_.next_bootstrap());
      }
      break;
  }
  session_.emplace(purpose, worker_.settings().policy, *target_->listener);
  if (draining_) session_->drain();
  deadline.cancel();
  phase_ = Phase::kDialling;
}

void Connection::dial_next() {
  while (dial_->next < dial_->endpoints.size()) {
    const net::SocketAddress& endpoint = dial_->endpoints[dial_->next++];
    worker_.metrics().broker_dials.add();
    const net::Dialled dialled = worker_.system().dial(endpoint, worker_.settings().socket);
    if (dialled.descriptor != net::kNoDescriptor) {
      broker_.socket = dialled.descriptor;
      if (worker_.system().watch(broker_.socket, broker_.tag())) {
        if (!dialled.in_progress) return on_connected();
        worker_.dial_deadlines.set(deadline, worker_.now_us() + worker_.settings().dial_timeout_us);
        return;
      }
      worker_.system().close(broker_.socket);
      broker_.socket = net::kNoDescriptor;
    }
    worker_.metrics().broker_dials_failed.add();
    dial_->errors += endpoint.text() + ": " + std::strerror(dialled.error) + "; ";
  }
  give_up_dialling();
}

void Connection::on_dial_event(const net::Event& event) {
  if (!event.writable && !event.hung_up) return;
  const int error = worker_.system().connect_error(broker_.socket);
  if (error == 0) return on_connected();
  worker_.metrics().broker_dials_failed.add();
  dial_->errors += dial_->endpoints[dial_->next - 1].text() + ": " + std::strerror(error) + "; ";
  worker_.system().close(broker_.socket);
  broker_.socket = net::kNoDescriptor;
  dial_next();
}

void Connection::on_connected() {
  phase_ = Phase::kOpen;
  dial_.reset();
  deadline.cancel();
  broker_.writable = true;
  touch();
  worker_.resume_later(*this);
}

// No address is left. The topology may be out of date: it is asked for again.
void Connection::give_up_dialling() {
  const bool unknown = dial_->endpoints.empty();
  count(unknown ? Refusal::kUnknownBroker : Refusal::kDialFailed);
  auto fields = describe();
  if (!unknown) fields.push_back({"error", dial_->errors});
  log(LogLevel::kWarning, unknown ? "broker_unknown" : "broker_unreachable",
      unknown ? "a client came for a broker that the cluster does not name"
              : "no address of the broker takes a connection",
      fields);
  worker_.keeper().refresh_soon();
  end_gracefully();
}

}  // namespace portway::proxy
