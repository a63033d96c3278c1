#include "plan/spec_fields.h"

#include <fmt/format.h>

#include "plan/values.h"

namespace portway::plan {
namespace {

using enum FieldType;

constexpr bool kRequired = true;
constexpr bool kOptional = false;

constexpr int64_t kSecond = 1000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kKiB = 1024;
constexpr int64_t kMiB = 1024 * kKiB;
constexpr int64_t kFrameMax = 2'147'483'647;  // Kafka's frame size is a signed 32-bit number

constexpr Field kFields[] = {
    {"cluster", kMapping, kRequired, "", 0, 0, "", "The Kafka cluster behind Portway.", ""},
    {"cluster.name", kText, kOptional, "kafka", 1, kNameLengthMax, "",
     "What logs, metrics and the status page call the cluster.", "orders"},
    {"cluster.bootstrap", kTexts, kRequired, "", 1, kBootstrapServersMax, "",
     "Brokers, as host:port reached from Portway, to learn all the others from.",
     "[\"10.64.0.2:9092\", \"10.64.0.3:9092\", \"10.64.0.4:9092\"]"},

    {"external_listeners", kMappings, kRequired, "", 1, kExternalListenersMax, "",
     "One entry for each kind of client that sees the brokers under names and ports of its own.",
     ""},
    {"external_listeners[].name", kText, kRequired, "", 1, kNameLengthMax, "",
     "The external listener's name in logs, metrics and rendered files: letters, digits, hyphens "
     "and underscores.",
     "EXTERNAL"},
    {"external_listeners[].advertise", kText, kRequired, "", 1, 253, "",
     "The host name that clients are told; {id} stands for the broker's id, and without it all "
     "brokers share the name.",
     "\"b{id}.abc.us-west1.gcp.3199745.tidbcloud.com\""},
    {"external_listeners[].ports", kOneOrMoreMappings, kOptional, "", 0, 0, "",
     "Which broker stands behind which port: one block or a list of blocks with ids that do not "
     "overlap.",
     "{first: 9092, ids: 1-64}"},
    {"external_listeners[].ports[].first", kPort, kRequired, "", 1, 65535, "",
     "The port of the block's lowest broker id; every other id follows at its distance: port = "
     "first + (id - lowest id).",
     "9092"},
    {"external_listeners[].ports[].ids", kIds, kRequired, "", 0, 2'147'483'647, "",
     "The broker ids that have a place in this block, brokers to come included.", "1-64"},
    {"external_listeners[].ports[].advertised_first", kPort, kOptional, "", 1, 65535, "",
     "The same as first, for the ports that clients are told, where something between them and "
     "Portway changes ports; first unless given.",
     "19092"},
    {"external_listeners[].brokers", kBrokers, kOptional, "", 0, 0, "",
     "Ports of single brokers, instead of the one that ports gives them or in addition to it.",
     "{7: 9192, 8: {port: 9193, advertised_port: 19193}}"},
    {"external_listeners[].brokers[].port", kPort, kRequired, "", 1, 65535, "",
     "The broker's port.", "9192"},
    {"external_listeners[].brokers[].advertised_port", kPort, kOptional, "", 1, 65535, "",
     "The port that clients are told; the broker's port unless given.", "19192"},
    {"external_listeners[].bootstrap_port", kPort, kOptional, "", 1, 65535, "",
     "A port behind which any live broker answers, for clients' bootstrap lists.", "9091"},
    {"external_listeners[].connections_max", kNumber, kOptional, "0", 0, 1'000'000, "",
     "Client connections that this external listener may have at once; 0: only the limit of the "
     "process.",
     "200"},

    {"serve", kMapping, kOptional, "", 0, 0, "",
     "How the proxy runs. Every field has a default, and so has the whole block.", ""},
    {"serve.listen", kTexts, kOptional, "0.0.0.0", 1, kListenAddressesMax, "",
     "The IP addresses of this machine to listen on; every port is bound on each of them.",
     "[\"0.0.0.0\", \"::\"]"},
    {"serve.admin", kAddress, kOptional, "127.0.0.1:9080", 1, 65535, "off",
     "Where /livez, /readyz, /metrics and /status answer, as address:port of this machine; off: "
     "nowhere.",
     "0.0.0.0:9080"},
    {"serve.workers", kNumber, kOptional, "auto", 1, 256, "auto",
     "Threads that move bytes; auto: one per usable core.", "4"},
    {"serve.log_format", kChoice, kOptional, "logfmt", 0, 0, "logfmt|json",
     "How log lines on standard error are written.", "json"},
    {"serve.log_level", kChoice, kOptional, "info", 0, 0, "debug|info|warning|error",
     "The least important log lines that are written.", "warning"},
    {"serve.client_id", kText, kOptional, "portway", 1, 249, "",
     "The client id of Portway's own requests to brokers, as broker logs and quotas see it.",
     "portway-eu"},
    {"serve.keep_alive", kDuration, kOptional, "60s", 0, 2 * kHour, "",
     "Idle time after which TCP keep-alive probes start, towards clients and brokers; 0: none.",
     "30s"},
    {"serve.dial_timeout", kDuration, kOptional, "10s", 100, 5 * 60 * kSecond, "",
     "How long connecting to a broker may take before the client's connection is closed.", "3s"},
    {"serve.first_byte_timeout", kDuration, kOptional, "60s", 0, kDay, "",
     "How long a client may stay connected without sending anything; 0: for ever.", "10s"},
    {"serve.idle_timeout", kDuration, kOptional, "30m", 0, kDay, "",
     "How long a connection may be silent in both directions after its first byte; 0: for ever. "
     "Keep it above the brokers' connections.max.idle.ms (10 minutes unless changed).",
     "15m"},
    {"serve.drain_notice", kDuration, kOptional, "5s", 0, kHour, "",
     "On SIGTERM, the time from /readyz failing until no new connection is taken, for a load "
     "balancer to notice.",
     "20s"},
    {"serve.drain_timeout", kDuration, kOptional, "30s", 0, kDay, "",
     "After that, the time that requests in flight have to be answered before connections are cut.",
     "60s"},
    {"serve.topology_refresh", kDuration, kOptional, "30s", kSecond, kHour, "",
     "How often Portway asks the brokers which brokers there are.", "10s"},
    {"serve.connections_max", kNumber, kOptional, "10000", 1, 1'000'000, "",
     "Client connections at once, over all external listeners.", "500"},
    {"serve.requests_in_flight_max", kNumber, kOptional, "256", 1, 65536, "",
     "Unanswered requests of one connection; further ones wait in the client's socket.", "64"},
    {"serve.request_bytes_max", kSize, kOptional, "100MiB", kKiB, kFrameMax, "",
     "The largest request; the brokers' socket.request.max.bytes has the same default.", "16MiB"},
    {"serve.response_bytes_max", kSize, kOptional, "1GiB", kKiB, kFrameMax, "",
     "The largest response.", "256MiB"},
    {"serve.splice_bytes_min", kSize, kOptional, "32KiB", 0, kFrameMax, "",
     "Bodies of this size and above move inside the kernel by splice(2), smaller ones by copy; 0: "
     "always by copy.",
     "64KiB"},
    {"serve.receive_buffer_bytes", kSize, kOptional, "0", 0, 256 * kMiB, "",
     "SO_RCVBUF of every connection; 0: the system's own choice, which adapts.", "1MiB"},
    {"serve.send_buffer_bytes", kSize, kOptional, "0", 0, 256 * kMiB, "",
     "SO_SNDBUF of every connection; 0: the system's own choice, which adapts.", "1MiB"},
    {"serve.forbidden_api_keys", kTexts, kOptional, "[]", 0, 128, "",
     "Kafka requests that clients may not make, by name or api key.", "[DeleteTopics, 37]"},
};

std::string_view parent_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view key_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::string or_words(std::string_view choices) {
  return choices.empty() ? "" : fmt::format(", or {}", choices);
}

}  // namespace

std::span<const Field> spec_fields() { return kFields; }

const Field* find_field(std::string_view path) {
  for (const Field& field : kFields) {
    if (field.path == path) return &field;
  }
  return nullptr;
}

std::vector<std::string_view> keys_below(std::string_view parent) {
  std::vector<std::string_view> keys;
  for (const Field& field : kFields) {
    if (parent_of(field.path) == parent) keys.push_back(key_of(field.path));
  }
  return keys;
}

std::string_view section_with(std::string_view key) {
  for (const Field& field : kFields) {
    if (key_of(field.path) == key) return parent_of(field.path);
  }
  return {};
}

std::string bound_text(const Field& field, int64_t bound) {
  if (field.type == kDuration) return duration_text(bound);
  if (field.type == kSize) return bound == kFrameMax ? "2147483647 (2 GiB)" : size_text(bound);
  return std::to_string(bound);
}

std::string expected_value(const Field& field) {
  const auto bounded = [&field](std::string_view what) {
    return fmt::format("{} from {} to {}, such as {}{}", what, bound_text(field, field.least),
                       bound_text(field, field.most), field.example, or_words(field.choices));
  };
  switch (field.type) {
    case kNumber:
      return bounded("a number");
    case kPort:
      return bounded("a port");
    case kDuration:
      return bounded("a duration");
    case kSize:
      return bounded("a size");
    case kChoice:
      return fmt::format("one of {}", field.choices);
    case kAddress:
      return fmt::format("address:port, such as {}{}", field.example, or_words(field.choices));
    case kTexts:
      return fmt::format("a value or a list of {} to {}, such as {}", field.least, field.most,
                         field.example);
    case kIds:
      return "broker ids from 0 to 2147483647, such as 7, 1-64 or 1-3,101-103";
    case kText:
      return fmt::format("text of {} to {} characters, such as {}", field.least, field.most,
                         field.example);
    case kMapping:
      return "a block of keys and values";
    case kBrokers:
      return fmt::format("broker ids with their ports, such as {}", field.example);
    case kMappings:
      return "a list of blocks, each starting with a hyphen";
    case kOneOrMoreMappings:
      return fmt::format("a block such as {}, or a list of them", field.example);
  }
  return {};
}

std::optional<int64_t> parse_quantity(const Field& field, std::string_view text) {
  if (field.type == kDuration) return parse_duration_ms(text);
  if (field.type == kSize) return parse_size_bytes(text);
  return parse_number(text);
}

}  // namespace portway::plan
