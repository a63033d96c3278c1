// Finding the broker behind a port: which addresses to try, one after the other.

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "proxy/connection.h"
#include "proxy/worker.h"

namespace portway::proxy {
namespace {

using Endpoints = std::vector<net::SocketAddress>;

bool contains(const Endpoints& endpoints, const net::SocketAddress& endpoint) {
  return std::find(endpoints.begin(), endpoints.end(), endpoint) != endpoints.end();
}

void append(Endpoints& endpoints, const Endpoints& more) {
  for (const net::SocketAddress& endpoint : more) {
    if (!contains(endpoints, endpoint)) endpoints.push_back(endpoint);
  }
}

// Every address of `all`, beginning with another one at each turn: bootstrap load spreads.
template <typename Addresses, typename Get>
Endpoints in_turn(const Addresses& all, uint32_t turn, Get get) {
  Endpoints endpoints;
  if (all.empty()) return endpoints;
  const auto first = std::next(all.begin(), static_cast<ptrdiff_t>(turn % all.size()));
  for (auto it = first; it != all.end(); ++it) append(endpoints, get(*it).endpoints);
  for (auto it = all.begin(); it != first; ++it) append(endpoints, get(*it).endpoints);
  return endpoints;
}

Endpoints bootstrap_in_turn(const Topology& topology, uint32_t turn) {
  return in_turn(topology.bootstrap, turn, [](const auto& entry) { return entry; });
}

Endpoints known_in_turn(const Topology& topology, uint32_t turn) {
  return in_turn(topology.brokers, turn, [](const auto& entry) { return entry.second; });
}

// What is known may be out of date: whoever comes second is asked when the first do not answer.
Endpoints first_then(Endpoints first, const Endpoints& second) {
  append(first, second);
  return first;
}

// Where this port leads; null: nobody knows, or any broker will do.
const ResolvedAddress* place_of(const plan::BoundPort& bound, const Topology& topology) {
  if (bound.target == plan::Target::kBroker) {
    const auto known = topology.brokers.find(bound.broker_id);
    return known == topology.brokers.end() ? nullptr : &known->second;
  }
  if (bound.target == plan::Target::kAddress) {
    const auto fixed = topology.fixed.find(bound.address);
    return fixed == topology.fixed.end() ? nullptr : &fixed->second;
  }
  return nullptr;
}

// Whether a dial failed before its address was asked.
bool is_of_this_side(int error) {
  switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
    case ENOSPC:         // epoll's watches
    case EADDRNOTAVAIL:  // local ports
      return true;
    default:
      return false;
  }
}

// Whether this is where something else than `address` is.
bool is_of_another(const net::SocketAddress& endpoint, const HostPort& address,
                   const Topology& topology) {
  const auto is_there = [&](const auto& entry) {
    return entry.second.address != address && contains(entry.second.endpoints, endpoint);
  };
  return std::any_of(topology.brokers.begin(), topology.brokers.end(), is_there) ||
         std::any_of(topology.fixed.begin(), topology.fixed.end(), is_there);
}

}  // namespace

// The first bytes are here: decides whom to dial, and starts.
void Connection::choose_endpoints() {
  const Topology& topology = worker_.topology();
  const plan::BoundPort& bound = target_->bound;
  auto purpose = session::Session::Purpose::kServe;
  dial_ = std::make_unique<DialPlan>();
  if (const ResolvedAddress* place = place_of(bound, topology)) {
    meant_ = place->address;
    dial_->endpoints = place->endpoints;
  } else if (bound.target != plan::Target::kAddress) {
    const uint32_t turn = worker_.next_bootstrap();
    const Endpoints known = known_in_turn(topology, turn);
    const Endpoints bootstrap = bootstrap_in_turn(topology, turn);
    if (bound.target == plan::Target::kAnyBroker) {
      dial_->endpoints = first_then(known, bootstrap);
    } else if (topology.state == TopologyState::kNeedsAuthentication) {
      purpose = session::Session::Purpose::kLearn;
      dial_->endpoints = first_then(bootstrap, known);
    }
  }
  session_.emplace(purpose, worker_.settings().policy, *target_->listener);
  if (draining_) session_->drain();
  deadline.cancel();
  phase_ = Phase::kDialling;
}

void Connection::dial_next() {
  while (dial_->next < dial_->endpoints.size()) {
    const net::SocketAddress& endpoint = dial_->endpoints[dial_->next++];
    dialled_ = endpoint;
    worker_.metrics().broker_dials.add();
    const net::Dialled dialled = worker_.system().dial(endpoint, worker_.settings().socket);
    if (dialled.descriptor != net::kNoDescriptor) {
      broker_.begin(dialled.descriptor);
      if (worker_.system().watch(broker_.socket, broker_.tag())) {
        if (!dialled.in_progress) return on_connected();
        worker_.dial_deadlines.set(deadline, worker_.now_us() + worker_.settings().dial_timeout_us);
        return;
      }
      worker_.system().close(broker_.socket);
      broker_.socket = net::kNoDescriptor;
    }
    const int error = dialled.error == 0 ? ENOSPC : dialled.error;  // no room to watch it
    dial_->asked_all &= !is_of_this_side(error);
    worker_.metrics().broker_dials_failed.add();
    dial_->errors += endpoint.text() + ": " + std::strerror(error) + "; ";
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
  const bool unknown = !meant_ && dial_->endpoints.empty();
  if (meant_ && dial_->endpoints.empty()) {
    dial_->errors = "the name '" + meant_->host + "' does not resolve; ";
  }
  count(unknown ? Refusal::kUnknownBroker : Refusal::kDialFailed);
  auto fields = describe();
  if (!unknown) fields.push_back({"error", dial_->errors});
  log(LogLevel::kWarning, unknown ? "broker_unknown" : "broker_unreachable",
      unknown ? "a client came for a broker that the cluster does not name"
              : "no address of the broker takes a connection",
      fields);
  if (meant_ && dial_->asked_all && target_->bound.target == plan::Target::kBroker) {
    worker_.keeper().forget(target_->bound.broker_id, *meant_);
  }
  worker_.keeper().refresh_soon();
  end_gracefully();
}

void Connection::follow_topology() {
  if (!meant_ || (phase_ != Phase::kDialling && phase_ != Phase::kOpen)) return;
  const ResolvedAddress* place = place_of(target_->bound, worker_.topology());
  if (place == nullptr || !misled(*place)) return;
  if (phase_ == Phase::kOpen) return drain();
  // Nothing was sent yet: it is not too late to dial whom the port means now.
  if (broker_.socket != net::kNoDescriptor) worker_.system().close(broker_.socket);
  broker_.socket = net::kNoDescriptor;
  deadline.cancel();
  meant_ = place->address;
  dial_->endpoints = place->endpoints;
  dial_->next = 0;
  dial_next();
}

// Whether it dialled somebody else than who is meant now. A name that resolves to only some of its
// addresses each time is no reason to let go of the others.
bool Connection::misled(const ResolvedAddress& place) const {
  if (place.endpoints.empty() || contains(place.endpoints, dialled_)) return false;
  return place.address != *meant_ || is_of_another(dialled_, place.address, worker_.topology());
}

}  // namespace portway::proxy
