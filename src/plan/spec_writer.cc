#include <fmt/format.h>

#include <string>

#include "plan/spec.h"
#include "plan/spec_fields.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

// YAML's double-quoted form, which needs no knowledge of what YAML takes a bare word for.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

template <typename List, typename ToText>
std::string list_of(const List& list, ToText to_text) {
  std::string text = "[";
  for (const auto& item : list) {
    if (text.size() > 1) text += ", ";
    text += to_text(item);
  }
  return text + "]";
}

std::string block_text(const PortBlock& block) {
  std::string text = fmt::format(
      "{{first: {}, ids: {}", block.first,
      list_of(block.ids, [](const IdRange& range) { return quoted(id_ranges_text({range})); }));
  if (block.ids.size() == 1) {
    text = fmt::format("{{first: {}, ids: {}", block.first, id_ranges_text(block.ids));
  }
  if (block.advertised_first != block.first) {
    text += fmt::format(", advertised_first: {}", block.advertised_first);
  }
  return text + "}";
}

void write_listener(std::string& text, const ExternalListenerSpec& listener) {
  text += fmt::format("  - name: {}\n", quoted(listener.name));
  text += fmt::format("    advertise: {}\n", quoted(listener.advertise));
  if (listener.ports.size() == 1) {
    text += fmt::format("    ports: {}\n", block_text(listener.ports.front()));
  } else if (!listener.ports.empty()) {
    text += "    ports:\n";
    for (const PortBlock& block : listener.ports) {
      text += fmt::format("      - {}\n", block_text(block));
    }
  }
  if (!listener.brokers.empty()) text += "    brokers:\n";
  for (const auto& [id, exception] : listener.brokers) {
    if (exception.port == exception.advertised_port) {
      text += fmt::format("      {}: {}\n", id, exception.port);
    } else {
      text += fmt::format("      {}: {{port: {}, advertised_port: {}}}\n", id, exception.port,
                          exception.advertised_port);
    }
  }
  if (listener.bootstrap_port) {
    text += fmt::format("    bootstrap_port: {}\n", *listener.bootstrap_port);
  }
  if (listener.connections_max != 0) {
    text += fmt::format("    connections_max: {}\n", listener.connections_max);
  }
}

// Writes fields of `serve` that differ from their defaults.
class ServeWriter {
 public:
  void value(std::string_view key, const std::string& plain, const std::string& written) {
    const Field* field = find_field(fmt::format("serve.{}", key));
    if (field->fallback == plain) return;
    text += fmt::format("  {}: {}\n", key, written);
  }
  void word(std::string_view key, const std::string& plain) { value(key, plain, plain); }
  void quantity(std::string_view key, uint32_t amount) {
    const Field* field = find_field(fmt::format("serve.{}", key));
    if (parse_quantity(*field, field->fallback) == int64_t{amount}) return;
    word(key, field->type == FieldType::kDuration ? duration_text(amount)
              : field->type == FieldType::kSize   ? size_text(amount)
                                                  : std::to_string(amount));
  }

  std::string text;
};

std::string serve_text(const ServeSpec& serve) {
  ServeWriter writer;
  writer.value("listen", serve.listen.size() == 1 ? serve.listen.front() : "",
               list_of(serve.listen, quoted));
  const std::string admin = serve.admin ? to_string(*serve.admin) : "off";
  writer.value("admin", admin, serve.admin ? quoted(admin) : admin);
  writer.word("workers", serve.workers == 0 ? "auto" : std::to_string(serve.workers));
  writer.word("log_format", serve.log_format);
  writer.word("log_level", serve.log_level);
  writer.value("client_id", serve.client_id, quoted(serve.client_id));
  writer.quantity("keep_alive", serve.keep_alive_ms);
  writer.quantity("dial_timeout", serve.dial_timeout_ms);
  writer.quantity("first_byte_timeout", serve.first_byte_timeout_ms);
  writer.quantity("idle_timeout", serve.idle_timeout_ms);
  writer.quantity("drain_notice", serve.drain_notice_ms);
  writer.quantity("drain_timeout", serve.drain_timeout_ms);
  writer.quantity("topology_refresh", serve.topology_refresh_ms);
  writer.quantity("connections_max", serve.connections_max);
  writer.quantity("requests_in_flight_max", serve.requests_in_flight_max);
  writer.quantity("request_bytes_max", serve.request_bytes_max);
  writer.quantity("response_bytes_max", serve.response_bytes_max);
  writer.quantity("splice_bytes_min", serve.splice_bytes_min);
  writer.quantity("receive_buffer_bytes", serve.receive_buffer_bytes);
  writer.quantity("send_buffer_bytes", serve.send_buffer_bytes);
  writer.word("forbidden_api_keys",
              list_of(serve.forbidden_api_keys, [](int16_t key) { return std::to_string(key); }));
  return writer.text;
}

}  // namespace

std::string to_yaml(const Spec& spec) {
  std::string text = fmt::format(
      "cluster:\n  name: {}\n  bootstrap: {}\n", quoted(spec.cluster.name),
      list_of(spec.cluster.bootstrap, [](const HostPort& at) { return quoted(to_string(at)); }));
  text += "\nexternal_listeners:\n";
  for (const ExternalListenerSpec& listener : spec.external_listeners) {
    write_listener(text, listener);
  }
  const std::string serve = serve_text(spec.serve);
  if (!serve.empty()) text += "\nserve:\n" + serve;
  return text;
}

}  // namespace portway::plan
