#include "plan/properties/properties_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace portway::plan {
namespace {

constexpr size_t kHexDigits = 4;  // of \uXXXX

bool is_high_surrogate(uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_surrogate(uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

void append_utf8(uint32_t code, std::string& out) {
  const auto tail = [&](int shift) {
    out.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3f)));
  };
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | (code >> 12)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xf0 | (code >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

// Takes Java's UTF-16 units one by one.
class Utf8Writer {
 public:
  void add(uint32_t unit) {
    if (high_ != 0 && is_low_surrogate(unit)) {
      append_utf8(0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00), text_);
      high_ = 0;
      return;
    }
    flush();
    if (is_high_surrogate(unit)) {
      high_ = unit;
    } else {
      append_utf8(unit, text_);
    }
  }

  std::string take() {
    flush();
    return std::move(text_);
  }

 private:
  void flush() {
    if (high_ != 0) append_utf8(high_, text_);
    high_ = 0;
  }

  std::string text_;
  uint32_t high_ = 0;  // of a surrogate pair whose second half has not come yet
};

std::optional<uint32_t> hex_unit(std::string_view raw, size_t at) {
  if (raw.size() - at < kHexDigits) return std::nullopt;
  uint32_t unit = 0;
  const char* last = raw.data() + at + kHexDigits;
  const auto [end, error] = std::from_chars(raw.data() + at, last, unit, 16);
  if (error != std::errc() || end != last) return std::nullopt;
  return unit;
}

char escaped_character(char c) {
  switch (c) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    default:
      return c;
  }
}

// The code point at the front of `text`, which gets shorter by it.
std::optional<uint32_t> take_code_point(std::string_view& text) {
  const auto lead = static_cast<uint8_t>(text.front());
  const size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < length || (lead >= 0x80 && lead < 0xc0) || lead >= 0xf8) return std::nullopt;
  uint32_t code = length == 1 ? lead : lead & (0x7f >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    code = (code << 6) | (byte & 0x3f);
  }
  constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = is_high_surrogate(code) || is_low_surrogate(code);
  if (code < kLeast[length - 1] || code > 0x10ffff || is_surrogate) return std::nullopt;
  text.remove_prefix(length);
  return code;
}

void append_escaped(uint32_t code, std::string& out) {
  constexpr std::string_view kNamed = "\t\n\r\f\\";
  constexpr std::string_view kNames = "tnrf\\";
  const size_t named = code < 0x80 ? kNamed.find(static_cast<char>(code)) : std::string_view::npos;
  if (named != std::string_view::npos) {
    out += {'\\', kNames[named]};
  } else if (code >= 0x20 && code < 0x7f) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x10000) {
    out += fmt::format("\\u{:04X}", code);
  } else {
    const uint32_t rest = code - 0x10000;
    out += fmt::format("\\u{:04X}\\u{:04X}", 0xd800 + (rest >> 10), 0xdc00 + (rest & 0x3ff));
  }
}

// `at_front`, `anywhere`: further characters that a backslash must stand before.
std::optional<std::string> encode(std::string_view text, std::string_view at_front,
                                  std::string_view anywhere) {
  std::string out;
  for (bool front = true; !text.empty(); front = false) {
    const char c = text.front();
    const auto code = take_code_point(text);
    if (!code) return std::nullopt;
    const bool special = anywhere.find(c) != std::string_view::npos ||
                         (front && at_front.find(c) != std::string_view::npos);
    if (special) out.push_back('\\');
    append_escaped(*code, out);
  }
  return out;
}

}  // namespace

NaturalLine natural_line_at(std::string_view text, size_t begin) {
  const size_t content_end = std::min(text.find_first_of("\r\n", begin), text.size());
  if (content_end == text.size()) return {content_end, content_end};
  const bool is_crlf = text.substr(content_end, 2) == "\r\n";
  return {content_end, content_end + (is_crlf ? 2 : 1)};
}

bool is_property_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

size_t skip_property_blanks(std::string_view text, size_t at, size_t end) {
  while (at < end && is_property_blank(text[at])) ++at;
  return at;
}

std::optional<std::string> decode_property(std::string_view raw) {
  Utf8Writer writer;
  for (size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\\') {
      writer.add(static_cast<uint8_t>(raw[at]));
      continue;
    }
    if (++at == raw.size()) break;
    if (raw[at] != 'u') {
      writer.add(static_cast<uint8_t>(escaped_character(raw[at])));
      continue;
    }
    const auto unit = hex_unit(raw, at + 1);
    if (!unit) return std::nullopt;
    writer.add(*unit);
    at += kHexDigits;
  }
  return writer.take();
}

std::optional<std::string> encode_property_key(std::string_view key) {
  return encode(key, "#!", " =:");
}

std::optional<std::string> encode_property_value(std::string_view value, bool after_blank) {
  return encode(value, after_blank ? " =:" : " ", "");
}

}  // namespace portway::plan
