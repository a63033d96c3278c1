#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/spec.h"

namespace portway::plan {

// How single values are written in portway.yaml and on kafka-proxy's command line. Pure functions;
// nothing is returned for text that is not such a value or does not fit 63 bits.

// A decimal number with an optional minus and nothing else around it.
std::optional<int64_t> parse_number(std::string_view text);

// "500ms", "60s", "5m", "2h" or a bare "0", in milliseconds.
std::optional<int64_t> parse_duration_ms(std::string_view text);
std::string duration_text(int64_t duration_ms);  // in the largest unit that divides it

// "100MiB", "64KiB", "1GiB" or plain bytes.
std::optional<int64_t> parse_size_bytes(std::string_view text);
std::string size_text(int64_t size_bytes);  // in the largest unit that divides it

// "7" or "1-64", broker ids from 0 to 2147483647.
std::optional<IdRange> parse_id_range(std::string_view text);
std::string id_ranges_text(const std::vector<IdRange>& ranges);  // "1-3,7"

// An IPv4 or IPv6 address as inet_pton(3) reads it, without brackets.
bool is_ip_address(std::string_view text);
bool is_ipv6_address(std::string_view text);

// An IPv4 range, "10.64.0.0/18".
struct Ipv4Range {
  uint32_t first = 0;  // host byte order
  int prefix_bits = 0;

  uint64_t size() const { return uint64_t{1} << (32 - prefix_bits); }
  uint32_t last() const { return first + static_cast<uint32_t>(size() - 1); }
  bool contains(const Ipv4Range& other) const {
    return first <= other.first && other.last() <= last();
  }
  bool overlaps(const Ipv4Range& other) const {
    return first <= other.last() && other.first <= last();
  }
};

// Nothing for text that is no range or names another address than the range's first.
std::optional<Ipv4Range> parse_ipv4_range(std::string_view text);

// An IPv4 address as a range of one.
std::optional<Ipv4Range> parse_ipv4_address(std::string_view text);

// A DNS name: 253 characters at most, labels of 1-63 letters, digits, hyphens and underscores that
// neither start nor end with a hyphen, and the last label not a number (RFC 1123, section 2.1).
bool is_dns_name(std::string_view text);

// Valid UTF-8 (RFC 3629) without control characters: nothing that a terminal or another reader of
// the text takes for more than a character.
bool is_plain_utf8(std::string_view text);

// YAML's double-quoted form, which needs no knowledge of what YAML takes a bare word for.
std::string yaml_quoted(std::string_view text);

// `text` in capital letters (ASCII): how Kafka compares listener names.
std::string in_capitals(std::string_view text);

// RFC 4648, section 5, without padding.
std::string base64url(std::string_view bytes);

// `pattern` with every "{id}" replaced.
std::string substitute_id(std::string_view pattern, int32_t broker_id);

// How many letters must be put in, left out, changed or swapped with their neighbour.
size_t edit_distance(std::string_view a, std::string_view b);

// The one of `candidates` that `text` was probably meant to be; nothing when none is near.
std::optional<std::string_view> nearest(std::string_view text,
                                        const std::vector<std::string_view>& candidates);

}  // namespace portway::plan
