#include "plan/spec_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "plan/planned_brokers.h"
#include "plan/spec_fields.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr int64_t kPortMax = 65535;

bool is_wildcard(std::string_view address) { return address == "0.0.0.0" || address == "::"; }

// Whether a socket bound to one stands in the way of one bound to the other. "::" takes IPv6 only.
bool addresses_overlap(std::string_view a, std::string_view b) {
  if (is_ipv6_address(a) != is_ipv6_address(b)) return false;
  return a == b || is_wildcard(a) || is_wildcard(b);
}

class Checker {
 public:
  Checker(const Spec& spec, const Places& places) : spec_(spec), places_(places) {}

  std::vector<Problem> run() {
    check_listen();
    check_names();
    check_nodes();
    check_inside_listeners();
    bool can_list = true;
    uint64_t bound = 0;
    for (size_t i = 0; i < spec_.external_listeners.size(); ++i) {
      can_list &= check_blocks(i);
      check_method(i);
      bound += planned_ports_count(spec_.external_listeners[i]) * spec_.serve.listen.size();
    }
    if (bound > kBoundPortsMax) {
      add(Check::kTooManyPorts, "external_listeners",
          fmt::format("{} ports to bind, over all listeners and listen addresses; at most {}: "
                      "narrow ports.ids to the ids the cluster can have",
                      bound, kBoundPortsMax));
      can_list = false;
    }
    if (can_list) check_listed();
    return std::move(problems_);
  }

 private:
  struct BoundBy {
    std::string key;
    std::string what;
  };

  void add(Check code, const std::string& key, std::string message) {
    if (problems_.size() >= kProblemsMax) return;
    problems_.push_back({place(key), key, std::move(message), code});
  }

  // The place of a key, or of the nearest entry around it that has one.
  Place place(std::string key) const {
    while (true) {
      if (const auto found = places_.find(key); found != places_.end()) return found->second;
      const size_t end = key.find_last_of(".[");
      if (end == std::string::npos) return {};
      key.resize(end);
    }
  }

  // " (line 12)" for the second place of a problem.
  std::string at_line(const std::string& key) const {
    const int line = place(key).line;
    return line == 0 ? std::string() : fmt::format(" (line {})", line);
  }

  void check_listen() {
    const std::vector<std::string>& listen = spec_.serve.listen;
    for (size_t i = 0; i < listen.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (!addresses_overlap(listen[i], listen[j])) continue;
        add(Check::kListenTwice, "serve.listen",
            fmt::format("{} and {} would bind the same ports twice; keep one", listen[j],
                        listen[i]));
      }
    }
  }

  void check_names() {
    std::map<std::string, size_t> seen;
    for (size_t i = 0; i < spec_.external_listeners.size(); ++i) {
      const std::string& name = spec_.external_listeners[i].name;
      const auto [first, is_new] = seen.emplace(in_capitals(name), i);
      if (is_new) continue;
      const std::string other = listener_key(first->second) + ".name";
      add(Check::kNameTaken, listener_key(i) + ".name",
          fmt::format("'{}' is also the name of {}{}; give each its own", name, other,
                      at_line(other)));
    }
  }

  void check_inside_listeners() {
    const InsideListenerSpec& internal = spec_.cluster.internal;
    const InsideListenerSpec& controller = spec_.cluster.controller;
    if (in_capitals(internal.name) == in_capitals(controller.name)) {
      add(Check::kNameTaken, "cluster.listeners.controller.name",
          fmt::format("{} is also the name of the internal listener; give each its own",
                      controller.name));
    }
    if (internal.port == controller.port) {
      add(Check::kListenPortTaken, "cluster.listeners.controller.port",
          fmt::format("{} is also the port of {}; give each listener of a broker its own",
                      controller.port, internal.name));
    }
  }

  void check_nodes() {
    std::map<int32_t, size_t> by_id;
    std::map<std::string_view, size_t> by_address;
    std::map<std::string_view, size_t> by_instance;
    for (size_t i = 0; i < spec_.cluster.nodes.size(); ++i) {
      const NodeSpec& node = spec_.cluster.nodes[i];
      if (!by_id.emplace(node.id, i).second) {
        add(Check::kNodeTwice, "cluster.nodes",
            fmt::format("two nodes have the id {}; every node has its own", node.id));
        continue;
      }
      if (!by_address.emplace(node.address, i).second) {
        add(Check::kNodeTwice, "cluster.nodes",
            fmt::format("two nodes have the address {}; one is node {}", node.address, node.id));
      }
      if (!by_instance.emplace(node.instance, i).second) {
        add(Check::kNodeTwice, "cluster.nodes",
            fmt::format("two nodes have the instance {}; one is node {}", node.instance, node.id));
      }
    }
  }

  // What a port mapping cannot do.
  void check_method(size_t index) {
    const ExternalListenerSpec& listener = spec_.external_listeners[index];
    if (listener.method == Method::kProxy) return;
    if (listener.bootstrap_port) {
      add(Check::kNotWithPortMapping, listener_key(index) + ".bootstrap_port",
          "a port mapping leads each port to one broker, so no port can stand for all of them; "
          "leave it out, clients bootstrap from the brokers' own ports");
    }
    for (size_t i = 0; i < listener.ports.size(); ++i) {
      const PortBlock& block = listener.ports[i];
      if (block.advertised_first == block.first) continue;
      add(Check::kNotWithPortMapping, block_key(spec_, index, i) + ".advertised_first",
          "with port-mapping the client port is what brokers advertise; leave it out");
    }
    for (const auto& [id, exception] : listener.brokers) {
      if (exception.advertised_port == exception.port) continue;
      add(Check::kNotWithPortMapping, exception_key(index, id) + ".advertised_port",
          "with port-mapping the client port is what brokers advertise; leave it out");
    }
    check_listen_port(index);
  }

  // Every listener of a broker binds a port of its own.
  void check_listen_port(size_t index) {
    const ExternalListenerSpec& listener = spec_.external_listeners[index];
    const std::string key = listener_key(index) + ".listen_port";
    for (const InsideListenerSpec* inside : {&spec_.cluster.internal, &spec_.cluster.controller}) {
      if (listener.listen_port == inside->port) {
        add(Check::kListenPortTaken, key,
            fmt::format("{} is the port of {}; give each listener of a broker its own",
                        listener.listen_port, inside->name));
      }
      if (in_capitals(listener.name) == in_capitals(inside->name)) {
        add(Check::kNameTaken, listener_key(index) + ".name",
            fmt::format("{} is the name of an inside listener; write for example EXTERNAL",
                        listener.name));
      }
    }
    for (size_t i = 0; i < index; ++i) {
      const ExternalListenerSpec& other = spec_.external_listeners[i];
      if (other.method == Method::kProxy || other.listen_port != listener.listen_port) continue;
      add(Check::kListenPortTaken, key,
          fmt::format("{} is also the port of {}; give each listener of a broker its own",
                      listener.listen_port, other.name));
    }
  }

  // What must hold before the ports of a listener can be listed at all.
  bool check_blocks(size_t index) {
    const size_t problems_before = problems_.size();
    const ExternalListenerSpec& listener = spec_.external_listeners[index];
    std::vector<std::pair<IdRange, std::string>> ranges;
    for (size_t i = 0; i < listener.ports.size(); ++i) {
      const PortBlock& block = listener.ports[i];
      const std::string key = block_key(spec_, index, i);
      check_last_port(block, block.first, key, ".first");
      if (block.advertised_first != block.first) {
        check_last_port(block, block.advertised_first, key, ".advertised_first");
      }
      for (const IdRange& range : block.ids) ranges.emplace_back(range, key + ".ids");
    }
    check_overlap(std::move(ranges));
    return problems_.size() == problems_before && problems_before < kProblemsMax;
  }

  void check_last_port(const PortBlock& block, uint16_t first, const std::string& key,
                       std::string_view field) {
    const int64_t span = int64_t{block.ids.back().last} - block.ids.front().first;
    if (first + span <= kPortMax) return;
    add(Check::kPastLastPort, key + ".ids",
        fmt::format("id {} would be at port {}, beyond {}; lower {}{} or narrow the ids",
                    block.ids.back().last, first + span, kPortMax, key, field));
  }

  void check_overlap(std::vector<std::pair<IdRange, std::string>> ranges) {
    std::stable_sort(ranges.begin(), ranges.end(),
                     [](const auto& a, const auto& b) { return a.first.first < b.first.first; });
    size_t widest = 0;  // of the ranges so far, the one that reaches furthest
    for (size_t i = 1; i < ranges.size(); ++i) {
      const auto& [before, before_key] = ranges[widest];
      const auto& [range, key] = ranges[i];
      if (range.first <= before.last) {
        add(Check::kIdTwice, key,
            fmt::format("broker {} is in {} and in {} of {}{}; a broker has one place", range.first,
                        id_ranges_text({range}), id_ranges_text({before}), before_key,
                        at_line(before_key)));
      }
      if (range.last > before.last) widest = i;
    }
  }

  void check_listed() {
    std::map<uint16_t, BoundBy> bound;   // by the proxies
    std::map<uint16_t, BoundBy> mapped;  // in the port mapping NEG
    for (size_t i = 0; i < spec_.external_listeners.size(); ++i) {
      const ExternalListenerSpec& listener = spec_.external_listeners[i];
      auto& taken = listener.method == Method::kProxy ? bound : mapped;
      const std::vector<PlannedBroker> brokers = planned_brokers(spec_, i);
      if (listener.bootstrap_port) {
        bind(taken, *listener.bootstrap_port,
             {listener_key(i) + ".bootstrap_port", "the bootstrap port"});
      }
      for (const PlannedBroker& broker : brokers) {
        bind(taken, broker.port, {broker.key, fmt::format("broker {}", broker.broker_id)});
      }
      check_advertised(i, brokers);
    }
    check_admin(bound);
  }

  void bind(std::map<uint16_t, BoundBy>& bound, uint16_t port, BoundBy by) {
    const auto [first, is_new] = bound.emplace(port, by);
    if (!is_new) report_once(Check::kPortTaken, first->second, by, fmt::format("port {}", port));
  }

  // One problem for each pair of entries, however many of their ports collide.
  void report_once(Check code, const BoundBy& first, const BoundBy& second,
                   const std::string& port) {
    if (!reported_.emplace(first.key, second.key).second) return;
    add(code, second.key,
        fmt::format("{} of {} is also that of {} in {}{}; move one of them", port, second.what,
                    first.what, first.key, at_line(first.key)));
  }

  void check_advertised(size_t index, const std::vector<PlannedBroker>& brokers) {
    const std::string& pattern = spec_.external_listeners[index].advertise;
    std::map<HostPort, const PlannedBroker*> seen;
    bool host_refused = false;
    for (const PlannedBroker& broker : brokers) {
      const HostPort address{substitute_id(pattern, broker.broker_id), broker.advertised_port};
      if (!host_refused && !is_ip_address(address.host) && !is_dns_name(address.host)) {
        host_refused = true;
        add(Check::kNoHostName, listener_key(index) + ".advertise",
            fmt::format("'{}' (for broker {}) is neither a host name nor an IP address; write for "
                        "example b{{id}}.kafka.example.com",
                        address.host, broker.broker_id));
      }
      const auto [first, is_new] = seen.emplace(address, &broker);
      if (is_new || first->second->port == broker.port) continue;
      report_once(Check::kAdvertisedTaken,
                  {first->second->key, fmt::format("broker {}", first->second->broker_id)},
                  {broker.key, fmt::format("broker {}", broker.broker_id)},
                  fmt::format("the advertised address {}", to_string(address)));
    }
  }

  void check_admin(const std::map<uint16_t, BoundBy>& bound) {
    if (!spec_.serve.admin) return;
    const HostPort& admin = *spec_.serve.admin;
    const auto taken = bound.find(admin.port);
    if (taken == bound.end()) return;
    for (const std::string& address : spec_.serve.listen) {
      if (!addresses_overlap(address, admin.host)) continue;
      add(Check::kPortTaken, "serve.admin",
          fmt::format("port {} is also that of {} in {}{}; move one of them", admin.port,
                      taken->second.what, taken->second.key, at_line(taken->second.key)));
      return;
    }
  }

  const Spec& spec_;
  const Places& places_;
  std::vector<Problem> problems_;
  std::set<std::pair<std::string, std::string>> reported_;
};

}  // namespace

std::vector<Problem> check_spec(const Spec& spec, const Places& places) {
  return Checker(spec, places).run();
}

}  // namespace portway::plan
