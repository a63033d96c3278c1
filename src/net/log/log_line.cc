#include "net/log/log_line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <iterator>
#include <nlohmann/json.hpp>

namespace portway {
namespace {

std::string rfc3339(int64_t unix_ms) {
  const std::time_t seconds = unix_ms / 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), unix_ms % 1000);
}

std::string shortened(std::string_view value) {
  if (value.size() <= kLogValueBytesMax) return std::string(value);
  return std::string(value.substr(0, kLogValueBytesMax)) + "...";
}

bool is_printable_ascii(char c) { return c >= 0x20 && c < 0x7f; }

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    if (!is_printable_ascii(c) || c == ' ' || c == '"' || c == '=' || c == '\\') return true;
  }
  return false;
}

void append_escaped(std::string& line, char c) {
  switch (c) {
    case '"':
      line += "\\\"";
      return;
    case '\\':
      line += "\\\\";
      return;
    case '\n':
      line += "\\n";
      return;
    case '\r':
      line += "\\r";
      return;
    case '\t':
      line += "\\t";
      return;
    default:
      if (is_printable_ascii(c)) {
        line += c;
      } else {
        fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(c));
      }
  }
}

void append_logfmt(std::string& line, std::string_view key, std::string_view value) {
  if (!line.empty()) line += ' ';
  line.append(key);
  line += '=';
  const std::string text = shortened(value);
  if (!needs_quotes(text)) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) append_escaped(line, c);
  line += '"';
}

std::string json_string(std::string_view value) {
  constexpr bool kAsciiOnly = true;
  return nlohmann::json(shortened(value))
      .dump(-1, ' ', kAsciiOnly, nlohmann::json::error_handler_t::replace);
}

void append_json(std::string& line, std::string_view key, std::string_view value) {
  line += line.empty() ? '{' : ',';
  line += json_string(key);
  line += ':';
  line += json_string(value);
}

}  // namespace

std::string_view log_level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "unknown";
}

std::string format_log_line(LogFormat format, const LogFieldNames& names, const LogLine& line) {
  const auto append = format == LogFormat::kJson ? append_json : append_logfmt;
  std::string text;
  append(text, names.time, rfc3339(line.unix_ms));
  append(text, names.level, log_level_name(line.level));
  append(text, "event", line.event);
  append(text, names.message, line.message);
  for (const LogField& field : line.fields) append(text, field.key, field.value);
  if (line.suppressed > 0) append(text, "suppressed", std::to_string(line.suppressed));
  if (line.dropped > 0) append(text, "dropped", std::to_string(line.dropped));
  if (format == LogFormat::kJson) text += '}';
  return text;
}

}  // namespace portway
