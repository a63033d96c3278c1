#include "plan/kafka_proxy_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "plan/spec_defaults.h"
#include "plan/spec_fields.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr uint32_t kPortsEnd = 65536;
constexpr int64_t kOpenRequestsLeast = 16;  // kafka-proxy raises what is below

std::string_view trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  const size_t end = text.find_last_not_of(" \t");
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

// Go's net package takes an empty host for every address and looks names up; ports are bound on
// addresses here, and of the names only this machine's own is safe to know.
std::string listen_host(const std::string& host) {
  if (host.empty()) return "0.0.0.0";
  return host == "localhost" ? "127.0.0.1" : host;
}

class SettingsReader {
 public:
  explicit SettingsReader(const KafkaProxyCommandLine& line) : line_(line) {
    settings_.spec.cluster = default_cluster();
  }

  Result<KafkaProxySettings> read() {
    settings_.warnings = line_.warnings;
    check_support();
    read_mappings();
    read_external();
    read_dial();
    read_dynamic();
    read_serve();
    read_http();
    read_log();
    check_listen_collisions();
    warn_about_advertised();
    if (!errors_.empty()) return fail(Fault::kOperator, "bad_flags", errors_);
    return std::move(settings_);
  }

 private:
  void add_error(std::string_view flag, const std::string& message) {
    if (!errors_.empty()) errors_ += "\n";
    errors_ += fmt::format("--{}: {}", flag, message);
  }

  void warn(std::string_view flag, const std::string& message) {
    settings_.warnings.push_back(fmt::format("--{}: {}", flag, message));
  }

  void check_support() {
    for (const KafkaProxyFlag& flag : kafka_proxy_flags()) {
      if (!line_.differs(flag.name)) continue;
      if (flag.status == FlagStatus::kRefused) {
        add_error(flag.name, fmt::format("not supported by portway server yet ({})",
                                         flag.meaning.substr(0, flag.meaning.size() - 1)));
      } else if (flag.status == FlagStatus::kNoEffect) {
        warn(flag.name, fmt::format("has no effect. {}", flag.meaning));
      }
    }
  }

  // A part of a mapping. Hosts of listen addresses may be missing: ":9092".
  std::optional<HostPort> read_address(std::string_view flag, const std::string& mapping,
                                       std::string_view part, bool to_listen) {
    std::string text(trimmed(part));
    if (to_listen && text.starts_with(':')) text = "0.0.0.0" + text;
    auto address = parse_host_port(text);
    if (!address) {
      add_error(flag, fmt::format("{} (in '{}')", address.error().message, mapping));
      return std::nullopt;
    }
    if (to_listen) address->host = listen_host(address->host);
    return *address;
  }

  // "a:1,b:2" into its addresses; nothing after an error. The second is to be listened on when
  // `second_listens`.
  std::vector<HostPort> read_parts(std::string_view flag, const std::string& mapping, size_t most,
                                   bool second_listens) {
    std::vector<HostPort> parts;
    std::string_view rest = mapping;
    for (size_t i = 0;; ++i) {
      const size_t comma = rest.find(',');
      const auto address =
          read_address(flag, mapping, rest.substr(0, comma), second_listens && i == 1);
      if (!address) return {};
      parts.push_back(*address);
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
    if (parts.size() < 2 || parts.size() > most) {
      add_error(flag, fmt::format("'{}' has {} addresses; write {}", mapping, parts.size(),
                                  most == 3 ? "broker:port,listen:port or "
                                              "broker:port,listen:port,advertised:port"
                                            : "from:port,to:port"));
      return {};
    }
    return parts;
  }

  void read_mappings() {
    static constexpr std::string_view kFlag = "bootstrap-server-mapping";
    if (line_.list(kFlag).empty()) {
      add_error(kFlag,
                "missing; name at least one broker, as "
                "broker:port,listen:port,advertised:port");
    }
    for (const std::string& text : line_.list(kFlag)) {
      const std::vector<HostPort> parts = read_parts(kFlag, text, 3, true);
      if (parts.empty()) continue;
      if (!is_ip_address(parts[1].host)) {
        add_error(kFlag, fmt::format("'{}' (in '{}') is not an IP address to listen on; write for "
                                     "example 0.0.0.0:{}",
                                     parts[1].host, text, parts[1].port));
        continue;
      }
      add_mapping({parts[0], parts[1], parts.size() == 3 ? parts[2] : parts[1]});
    }
  }

  void add_mapping(const ServerMapping& mapping) {
    static constexpr std::string_view kFlag = "bootstrap-server-mapping";
    for (const ServerMapping& other : settings_.mappings) {
      if (other == mapping) return;
      if (other.broker == mapping.broker) {
        return add_error(kFlag, fmt::format("{} is given twice, as {} and as {}; keep one",
                                            to_string(mapping.broker), to_string(other.listen),
                                            to_string(mapping.listen)));
      }
      if (other.listen == mapping.listen) {
        return add_error(kFlag,
                         fmt::format("{} is to lead to {} and to {}; give each broker its own port",
                                     to_string(mapping.listen), to_string(other.broker),
                                     to_string(mapping.broker)));
      }
    }
    settings_.mappings.push_back(mapping);
    settings_.spec.cluster.bootstrap.push_back(mapping.broker);
  }

  void read_external() {
    static constexpr std::string_view kFlag = "external-server-mapping";
    for (const std::string& text : line_.list(kFlag)) {
      const std::vector<HostPort> parts = read_parts(kFlag, text, 2, false);
      if (parts.empty()) continue;
      const auto [first, is_new] = settings_.external.emplace(parts[0], parts[1]);
      if (!is_new && first->second != parts[1]) {
        add_error(kFlag,
                  fmt::format("{} is given twice, as {} and as {}; keep one", to_string(parts[0]),
                              to_string(first->second), to_string(parts[1])));
      }
      for (const ServerMapping& mapping : settings_.mappings) {
        if (mapping.broker != parts[0] || mapping.advertised == parts[1]) continue;
        add_error(kFlag, fmt::format("{} is {} here and {} in --bootstrap-server-mapping; make "
                                     "them the same",
                                     to_string(parts[0]), to_string(parts[1]),
                                     to_string(mapping.advertised)));
      }
    }
  }

  void read_dial() {
    static constexpr std::string_view kFlag = "dial-address-mapping";
    for (const std::string& text : line_.list(kFlag)) {
      const std::vector<HostPort> parts = read_parts(kFlag, text, 2, false);
      if (!parts.empty()) settings_.dial_mapping.insert_or_assign(parts[0], parts[1]);
    }
  }

  void read_dynamic() {
    DynamicPorts& dynamic = settings_.dynamic;
    dynamic.enabled = !line_.truth("dynamic-listeners-disable");
    dynamic.deterministic = line_.truth("deterministic-listeners");
    dynamic.listen = line_.text("default-listener-ip");
    if (!is_ip_address(dynamic.listen)) {
      add_error(
          "default-listener-ip",
          fmt::format("'{}' is not an IP address; write for example 0.0.0.0", dynamic.listen));
    }
    dynamic.first = static_cast<uint16_t>(line_.number("dynamic-sequential-min-port"));
    dynamic.count = static_cast<uint32_t>(line_.number("dynamic-sequential-max-ports"));
    if (dynamic.enabled && dynamic.first == 0) {
      if (dynamic.deterministic) missing_first_port("deterministic-listeners");
      if (dynamic.count > 0) missing_first_port("dynamic-sequential-max-ports");
    }
    if (dynamic.first > 0 && dynamic.count == 0) dynamic.count = kPortsEnd - dynamic.first;
    read_advertised();
    if (dynamic.enabled && !dynamic.deterministic && dynamic.first > 0) {
      warn("dynamic-sequential-min-port",
           "ports are given in the order in which brokers are seen, in ascending ids when seen "
           "together; several replicas need --deterministic-listeners to agree at all times");
    }
  }

  void missing_first_port(std::string_view flag) {
    add_error(flag, "needs --dynamic-sequential-min-port, the first port");
  }

  // "{{.brokerId}}" of Go's templates, with the spaces and trim marks they allow, becomes "{id}".
  void read_advertised() {
    static constexpr std::string_view kFlag = "dynamic-advertised-listener";
    const std::string given = line_.text(kFlag);
    std::string_view rest = given;
    std::string pattern;
    for (size_t open; (open = rest.find("{{")) != std::string_view::npos;) {
      const size_t close = rest.find("}}", open);
      std::string_view inside = rest.substr(open + 2, close - open - 2);
      if (inside.starts_with("- ")) inside.remove_prefix(2);
      if (inside.ends_with(" -")) inside.remove_suffix(2);
      inside = trimmed(inside);
      if (close == std::string_view::npos || (inside != ".brokerId" && inside != ".brokerID")) {
        return add_error(kFlag,
                         fmt::format("'{}' has a template other than {{{{.brokerId}}}}", given));
      }
      pattern += rest.substr(0, open);
      pattern += "{id}";
      rest.remove_prefix(close + 2);
    }
    split_advertised(given, pattern.append(rest));
  }

  void split_advertised(const std::string& given, const std::string& pattern) {
    DynamicPorts& dynamic = settings_.dynamic;
    dynamic.advertise = pattern.empty() ? dynamic.listen : pattern;
    const std::string sample = substitute_id(dynamic.advertise, 0);
    if (is_ip_address(sample) || is_dns_name(sample)) return;
    if (const auto address = parse_host_port(sample);
        address && (is_ip_address(address->host) || is_dns_name(address->host))) {
      dynamic.advertised_port = address->port;
      dynamic.advertise = pattern.substr(0, pattern.rfind(':'));
      if (dynamic.advertise.starts_with('[')) {
        dynamic.advertise = dynamic.advertise.substr(1, dynamic.advertise.size() - 2);
      }
      return;
    }
    add_error("dynamic-advertised-listener",
              fmt::format("'{}' is neither a host name nor host:port", given));
  }

  // `value` within the bounds that portway.yaml has for the field.
  uint32_t bounded(std::string_view flag, std::string_view path, int64_t value) {
    const Field& field = *find_field(path);
    const int64_t within = std::clamp(value, field.least, field.most);
    if (within != value) {
      warn(flag, fmt::format("'{}' becomes {}; Portway takes {} to {}", line_.text(flag),
                             bound_text(field, within), bound_text(field, field.least),
                             bound_text(field, field.most)));
    }
    return static_cast<uint32_t>(within);
  }

  static uint32_t most(std::string_view path) {
    return static_cast<uint32_t>(find_field(path)->most);
  }

  static uint32_t fallback(std::string_view path) {
    const Field& field = *find_field(path);
    return static_cast<uint32_t>(parse_quantity(field, field.fallback).value_or(0));
  }

  void read_serve() {
    ServeSpec& serve = settings_.spec.serve;
    serve.listen = {settings_.dynamic.listen};
    serve.client_id = line_.text("kafka-client-id");
    check_not_negative("kafka-dial-timeout");
    serve.dial_timeout_ms = line_.duration_ms("kafka-dial-timeout") == 0
                                ? most("serve.dial_timeout")
                                : bounded("kafka-dial-timeout", "serve.dial_timeout",
                                          line_.duration_ms("kafka-dial-timeout"));
    read_keep_alive(serve);
    serve.receive_buffer_bytes =
        larger("kafka-connection-read-buffer-size", "proxy-listener-read-buffer-size",
               "serve.receive_buffer_bytes");
    serve.send_buffer_bytes = larger("kafka-connection-write-buffer-size",
                                     "proxy-listener-write-buffer-size", "serve.send_buffer_bytes");
    read_requests_in_flight(serve);
    read_forbidden(serve);
    // kafka-proxy limits none of these.
    serve.connections_max = most("serve.connections_max");
    serve.request_bytes_max = most("serve.request_bytes_max");
    serve.response_bytes_max = most("serve.response_bytes_max");
    // kafka-proxy has no such thing.
    serve.first_byte_timeout_ms = fallback("serve.first_byte_timeout");
    serve.idle_timeout_ms = fallback("serve.idle_timeout");
    serve.drain_notice_ms = fallback("serve.drain_notice");
    serve.drain_timeout_ms = fallback("serve.drain_timeout");
    serve.topology_refresh_ms = fallback("serve.topology_refresh");
    serve.splice_bytes_min = fallback("serve.splice_bytes_min");
  }

  void check_not_negative(std::string_view flag) {
    if (line_.duration_ms(flag) < 0) {
      add_error(flag, fmt::format("'{}' is negative", line_.text(flag)));
    }
  }

  void read_keep_alive(ServeSpec& serve) {
    static constexpr std::string_view kBroker = "kafka-keep-alive";
    static constexpr std::string_view kClient = "proxy-listener-keep-alive";
    check_not_negative(kBroker);
    check_not_negative(kClient);
    const int64_t broker_ms = line_.duration_ms(kBroker);
    const int64_t client_ms = line_.duration_ms(kClient);
    std::string_view chosen = broker_ms < client_ms ? kBroker : kClient;
    if (broker_ms == 0) chosen = kClient;
    if (client_ms == 0) chosen = kBroker;
    if (broker_ms != client_ms) {
      warn(chosen, fmt::format("'{}' is used on both sides of a connection, clients and brokers",
                               line_.text(chosen)));
    }
    serve.keep_alive_ms = bounded(chosen, "serve.keep_alive", line_.duration_ms(chosen));
  }

  uint32_t larger(std::string_view broker_flag, std::string_view client_flag,
                  std::string_view path) {
    const bool is_client = line_.number(client_flag) > line_.number(broker_flag);
    const std::string_view flag = is_client ? client_flag : broker_flag;
    if (line_.number(client_flag) != line_.number(broker_flag)) {
      warn(flag, fmt::format("{} is used on both sides of a connection, clients and brokers",
                             line_.number(flag)));
    }
    return bounded(flag, path, line_.number(flag));
  }

  void read_requests_in_flight(ServeSpec& serve) {
    static constexpr std::string_view kFlag = "kafka-max-open-requests";
    const int64_t given = line_.number(kFlag);
    if (given < 1) return add_error(kFlag, fmt::format("'{}' is less than 1", given));
    serve.requests_in_flight_max =
        bounded(kFlag, "serve.requests_in_flight_max", std::max(given, kOpenRequestsLeast));
  }

  void read_forbidden(ServeSpec& serve) {
    static constexpr std::string_view kFlag = "forbidden-api-keys";
    std::vector<int16_t>& keys = serve.forbidden_api_keys;
    for (const std::string& text : line_.list(kFlag)) {
      const int64_t number = parse_number(text).value_or(-1);
      if (number < 0 || number > kForbiddenApiKeyMax) {
        add_error(kFlag,
                  fmt::format("'{}' is not an api key from 0 to {}", text, kForbiddenApiKeyMax));
        continue;
      }
      const auto key = static_cast<int16_t>(number);
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }

  void read_http() {
    settings_.health_path = read_path("http-health-path");
    settings_.metrics_path = read_path("http-metrics-path");
    if (settings_.health_path == settings_.metrics_path) {
      add_error("http-health-path",
                fmt::format("'{}' is also --http-metrics-path; change one", settings_.health_path));
    }
    if (line_.truth("http-disable")) return;
    static constexpr std::string_view kFlag = "http-listen-address";
    const std::string text = line_.text(kFlag);
    const auto address = read_address(kFlag, text, text, true);
    if (!address) return;
    if (!is_ip_address(address->host)) {
      return add_error(kFlag, fmt::format("'{}' is not an IP address; write for example {}:{}",
                                          address->host, "0.0.0.0", address->port));
    }
    settings_.spec.serve.admin = *address;
  }

  std::string read_path(std::string_view flag) {
    const std::string path = line_.text(flag);
    if (!path.starts_with('/')) {
      add_error(flag, fmt::format("'{}' does not start with a slash", path));
    }
    return path;
  }

  void read_log() {
    const bool json = line_.text("log-format") == "json";
    settings_.spec.serve.log_format = json ? "json" : "logfmt";
    if (json) {
      settings_.log_fields = {line_.text("log-time-fieldname"), line_.text("log-level-fieldname"),
                              line_.text("log-msg-fieldname")};
    }
    const std::string level = line_.text("log-level");
    std::string& chosen = settings_.spec.serve.log_level;
    chosen = "info";
    if (level == "trace" || level == "debug") chosen = "debug";
    if (level == "warning" || level == "warn") chosen = "warning";
    if (level == "error" || level == "fatal" || level == "panic") chosen = "error";
    if (chosen == "info" && level != "info") {
      warn("log-level", fmt::format("'{}' is no level; info is used, as in kafka-proxy", level));
    }
  }

  void check_listen_collisions() {
    const auto& admin = settings_.spec.serve.admin;
    for (const ServerMapping& mapping : settings_.mappings) {
      if (!admin || mapping.listen.port != admin->port) continue;
      if (mapping.listen.host != admin->host && mapping.listen.host != "0.0.0.0" &&
          admin->host != "0.0.0.0") {
        continue;
      }
      add_error("http-listen-address",
                fmt::format("port {} is also that of {} in --bootstrap-server-mapping", admin->port,
                            to_string(mapping.broker)));
    }
  }

  void warn_about_advertised() {
    for (const ServerMapping& mapping : settings_.mappings) {
      if (mapping.advertised.host != "0.0.0.0" && mapping.advertised.host != "::") continue;
      warn("bootstrap-server-mapping",
           fmt::format("clients are told {} for {}, which leads them to themselves; add "
                       ",advertised:port",
                       to_string(mapping.advertised), to_string(mapping.broker)));
    }
  }

  const KafkaProxyCommandLine& line_;
  KafkaProxySettings settings_;
  std::string errors_;
};

}  // namespace

Result<KafkaProxySettings> kafka_proxy_settings(const KafkaProxyCommandLine& line) {
  return SettingsReader(line).read();
}

}  // namespace portway::plan
