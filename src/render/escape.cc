#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "render/template.h"

namespace portway::render {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && consists_of(text, "-_./:@=,+%")) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string hcl_text(std::string_view text) {
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool opens = (c == '$' || c == '%') && i + 1 < text.size() && text[i + 1] == '{';
    if (c == '"' || c == '\\') {
      escaped += '\\';
      escaped += c;
    } else if (is_control(c)) {
      escaped += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      escaped += c;
      if (opens) escaped += c;  // "$${" is a literal "${"
    }
  }
  return escaped;
}

std::string yaml_scalar(std::string_view text) {
  // Words that start with a letter and have a hyphen, a dot or a slash are no YAML keyword, number,
  // date or anything else but a string.
  const bool is_plain = !text.empty() && is_alphanumeric(text.front()) && (text.front() > '9') &&
                        consists_of(text, "-_./") &&
                        text.find_first_of("-./") != std::string_view::npos;
  if (is_plain) return std::string(text);
  std::string scalar = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      scalar += '\\';
      scalar += c;
    } else if (is_control(c)) {
      scalar += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      scalar += c;
    }
  }
  return scalar + "\"";
}

std::string systemd_value(std::string_view text) {
  std::string value;
  for (const char c : text) {
    if (is_control(c)) continue;
    value += c;
    if (c == '%' || c == '\\') value += c;
  }
  return value;
}

std::string properties_value(std::string_view text) {
  std::string value;
  for (const char c : text) {
    if (c == '\\') {
      value += "\\\\";
    } else if (c == '\n') {
      value += "\\n";
    } else if (c == '\r') {
      value += "\\r";
    } else if (c == ' ' && value.empty()) {
      value += "\\ ";
    } else {
      value += c;
    }
  }
  return value;
}

std::string markdown_text(std::string_view text) {
  static constexpr std::string_view kSpecial = "\\`*[]<>|#&";
  std::string escaped;
  for (const char c : text) {
    if (kSpecial.find(c) != std::string_view::npos) escaped += '\\';
    escaped += is_control(c) ? ' ' : c;
  }
  return escaped;
}

}  // namespace portway::render
