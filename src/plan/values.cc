#include "plan/values.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace portway::plan {
namespace {

struct Unit {
  std::string_view suffix;
  int64_t factor;
};

// Largest first: the writer takes the first that divides.
constexpr Unit kDurationUnits[] = {{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};
constexpr Unit kSizeUnits[] = {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}};

// Text far longer than any name is not worth a suggestion, nor the time to find one.
constexpr size_t kSuggestionLengthMax = 64;

template <size_t kCount>
std::optional<int64_t> parse_with_unit(std::string_view text, const Unit (&units)[kCount]) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const Unit& unit : units) {
    if (text.substr(digits) != unit.suffix) continue;
    if (*number > std::numeric_limits<int64_t>::max() / unit.factor) return std::nullopt;
    return *number * unit.factor;
  }
  return std::nullopt;
}

template <size_t kCount>
std::string with_unit(int64_t value, const Unit (&units)[kCount]) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return fmt::format("{}{}", value / unit.factor, unit.suffix);
    }
  }
  return fmt::format("{}", value);
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
    return false;
  }
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool parses_as(int family, std::string_view text) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(family, std::string(text).c_str(), address) == 1;
}

}  // namespace

std::optional<int64_t> parse_number(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<int64_t> parse_duration_ms(std::string_view text) {
  if (text == "0") return 0;
  return parse_with_unit(text, kDurationUnits);
}

std::string duration_text(int64_t duration_ms) { return with_unit(duration_ms, kDurationUnits); }

std::optional<int64_t> parse_size_bytes(std::string_view text) {
  return parse_with_unit(text, kSizeUnits);
}

std::string size_text(int64_t size_bytes) { return with_unit(size_bytes, kSizeUnits); }

std::optional<IdRange> parse_id_range(std::string_view text) {
  const size_t hyphen = text.find('-');
  const auto first = parse_number(text.substr(0, hyphen));
  const auto last =
      hyphen == std::string_view::npos ? first : parse_number(text.substr(hyphen + 1));
  if (!first || !last || *first < 0 || *last < *first) return std::nullopt;
  if (*last > std::numeric_limits<int32_t>::max()) return std::nullopt;
  return IdRange{static_cast<int32_t>(*first), static_cast<int32_t>(*last)};
}

std::string id_ranges_text(const std::vector<IdRange>& ranges) {
  std::string text;
  for (const IdRange& range : ranges) {
    if (!text.empty()) text += ",";
    text += range.first == range.last ? fmt::format("{}", range.first)
                                      : fmt::format("{}-{}", range.first, range.last);
  }
  return text;
}

bool is_ipv6_address(std::string_view text) { return parses_as(AF_INET6, text); }

std::optional<Ipv4Range> parse_ipv4_address(std::string_view text) {
  in_addr address{};
  if (inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return Ipv4Range{ntohl(address.s_addr), 32};
}

std::optional<Ipv4Range> parse_ipv4_range(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto range = parse_ipv4_address(text.substr(0, slash));
  const auto bits = parse_number(text.substr(slash + 1));
  if (!range || !bits || *bits < 0 || *bits > 32) return std::nullopt;
  range->prefix_bits = static_cast<int>(*bits);
  if (range->first % range->size() != 0) return std::nullopt;
  return range;
}

bool is_ip_address(std::string_view text) {
  return parses_as(AF_INET, text) || is_ipv6_address(text);
}

bool is_dns_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  std::string_view label;
  for (std::string_view rest = text;;) {
    const size_t dot = rest.find('.');
    label = rest.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  return label.find_first_not_of("0123456789") != std::string_view::npos;
}

bool is_plain_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length == 0 || lead > 0xf4 || i + length > text.size()) return false;
    uint32_t code = length == 1 ? lead : lead & (0x7fu >> length);
    for (size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      code = code << 6 | (next & 0x3fu);
    }
    const bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const bool is_surrogate = code >= 0xd800 && code < 0xe000;
    const bool is_overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (is_control || is_surrogate || is_overlong || code > 0x10ffff) return false;
    i += length;
  }
  return true;
}

std::string yaml_quoted(std::string_view text) {
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

std::string base64url(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) text += kDigits[bits >> (held - 6) & 63];
  }
  if (held > 0) text += kDigits[bits << (6 - held) & 63];
  return text;
}

std::string substitute_id(std::string_view pattern, int32_t broker_id) {
  static constexpr std::string_view kPlaceholder = "{id}";
  std::string text;
  for (size_t at; (at = pattern.find(kPlaceholder)) != std::string_view::npos;) {
    text += pattern.substr(0, at);
    text += std::to_string(broker_id);
    pattern.remove_prefix(at + kPlaceholder.size());
  }
  return text.append(pattern);
}

size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table of all beginnings of `a` against all beginnings of `b`.
  std::vector<size_t> before_last;
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({changed, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::exchange(last, row);
  }
  return last[b.size()];
}

std::optional<std::string_view> nearest(std::string_view text,
                                        const std::vector<std::string_view>& candidates) {
  if (text.size() > kSuggestionLengthMax) return std::nullopt;
  std::optional<std::string_view> best;
  size_t best_edits = std::max<size_t>(1, text.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const size_t distance = edit_distance(text, candidate);
    if (distance < best_edits) {
      best = candidate;
      best_edits = distance;
    }
  }
  return best;
}

}  // namespace portway::plan
