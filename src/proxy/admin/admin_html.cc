#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <vector>

#include "proxy/admin/admin_pages.h"
#include "proxy/admin/build_info.h"

namespace portway::proxy {
namespace {

constexpr std::string_view kHead =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<meta http-equiv=\"refresh\" content=\"10\"><title>Portway</title>\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}\n"
    "td{font-variant-numeric:tabular-nums}\n"
    ".good{color:#1a7f37}.bad{color:#cf222e;font-weight:600}\n"
    "</style></head><body>\n";

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string address_text(const HostPort& address, std::string_view when_none) {
  return address.host.empty() ? std::string(when_none) : escaped(to_string(address));
}

// "3 days 04:05:06", without the days below one.
std::string duration_text(uint64_t ms) {
  const uint64_t seconds = ms / 1000;
  const uint64_t days = seconds / 86400;
  const std::string clock =
      fmt::format("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
  return days == 0 ? clock : fmt::format("{} day{} {}", days, days == 1 ? "" : "s", clock);
}

void append_fact(std::string& html, std::string_view name, std::string_view value_html) {
  fmt::format_to(std::back_inserter(html), "<tr><th>{}</th><td>{}</td></tr>\n", name, value_html);
}

std::string readiness_html(const ProxyStatus& status) {
  if (status.ready) return "<span class=\"good\">ready</span>";
  return fmt::format("<span class=\"bad\">not ready</span>: {}", escaped(status.not_ready_reason));
}

std::string topology_html(const ProxyStatus& status) {
  std::string html(topology_state_name(status.topology));
  if (status.topology != TopologyState::kUnknown) {
    html += fmt::format(", confirmed {} ago", duration_text(status.topology_age_ms));
  }
  if (!status.topology_error.empty()) {
    html += fmt::format("<br><span class=\"bad\">last attempt failed</span>: {}",
                        escaped(status.topology_error));
  }
  return html;
}

std::string configuration_html(const ProxyStatus& status) {
  std::string html = fmt::format("generation {}", status.configuration_generation);
  if (!status.configuration_error.empty()) {
    html += fmt::format("<br><span class=\"bad\">last reload refused</span>: {}",
                        escaped(status.configuration_error));
  }
  return html;
}

std::string connections_html(const std::vector<uint64_t>& by_worker) {
  const uint64_t all = std::accumulate(by_worker.begin(), by_worker.end(), uint64_t{0});
  return fmt::format("{} (by worker: {})", all, fmt::join(by_worker, ", "));
}

void append_facts(std::string& html, const ProxyStatus& status) {
  html += "<table>\n";
  append_fact(html, "State", readiness_html(status));
  if (status.draining) append_fact(html, "Draining", "yes: new clients should go elsewhere");
  append_fact(html, "Cluster", escaped(status.cluster));
  append_fact(html, "Brokers' addresses", topology_html(status));
  append_fact(html, "Configuration", configuration_html(status));
  append_fact(html, "Connections", connections_html(status.connections_by_worker));
  append_fact(html, "Up", duration_text(status.uptime_ms));
  html += "</table>\n";
}

void append_port(std::string& html, const PortStatus& port) {
  fmt::format_to(std::back_inserter(html),
                 "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                 escaped(to_string(HostPort{port.listen, port.port})),
                 port.bound ? "yes" : "<span class=\"bad\">no</span>", escaped(port.target),
                 address_text(port.advertised, "none"),
                 address_text(port.broker, port.broker_id < 0 ? "" : "not known"));
}

// Room for brokers to come is most of many plans, and says nothing line by line.
bool waits_for_its_broker(const PortStatus& port) {
  return port.bound && port.broker_id >= 0 && port.broker.host.empty();
}

void append_listener(std::string& html, const ListenerStatus& listener) {
  fmt::format_to(std::back_inserter(html), "<h2>{}</h2>\n<p>{} connections</p>\n",
                 escaped(listener.name), listener.connections);
  if (!listener.brokers_without_place.empty()) {
    fmt::format_to(std::back_inserter(html),
                   "<p class=\"bad\">Brokers without a place in the port plan: {}. {}</p>\n",
                   fmt::join(listener.brokers_without_place, ", "), escaped(listener.widen_hint));
  }
  html +=
      "<table>\n<tr><th>Port</th><th>Bound</th><th>Leads to</th><th>Clients are told</th>"
      "<th>Broker's address</th></tr>\n";
  std::vector<uint16_t> waiting;
  for (const PortStatus& port : listener.ports) {
    if (waits_for_its_broker(port)) {
      waiting.push_back(port.port);
    } else {
      append_port(html, port);
    }
  }
  html += "</table>\n";
  if (waiting.empty()) return;
  const auto [first, last] = std::ranges::minmax(waiting);
  fmt::format_to(std::back_inserter(html),
                 "<p>{} more ports from {} to {} are bound for brokers that are not there "
                 "now.</p>\n",
                 waiting.size(), first, last);
}

}  // namespace

std::string status_html(const ProxyStatus& status) {
  std::string html(kHead);
  html += "<h1>Portway</h1>\n";
  append_facts(html, status);
  for (const ListenerStatus& listener : status.external_listeners) append_listener(html, listener);
  fmt::format_to(std::back_inserter(html),
                 "<p>{} &middot; <a href=\"/status\">status</a> &middot; <a href=\"/readyz\">readyz"
                 "</a> &middot; <a href=\"/metrics\">metrics</a></p>\n</body></html>\n",
                 escaped(kVersion));
  return html;
}

}  // namespace portway::proxy
