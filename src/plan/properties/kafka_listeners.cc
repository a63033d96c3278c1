#include "plan/properties/kafka_listeners.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr std::string_view kMapKey = "listener.security.protocol.map";
constexpr std::string_view kVotersKey = "controller.quorum.voters";
constexpr std::string_view kRolesKey = "process.roles";
constexpr std::string_view kBlanks = " \t\n\v\f\r";  // what Kafka trims
constexpr size_t kShownBytesMax = 200;

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Text of a file in a message: long text in part, and nothing that a terminal would obey.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, kShownBytesMax));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text.size() > kShownBytesMax ? out + "..." : out;
}

// One entry of a list, and what is said about it.
struct Entry {
  std::string_view key;
  size_t number = 0;  // from 1
  std::string_view text;
  std::string_view form;  // what would be right

  tl::unexpected<Error> bad(std::string_view why) const {
    return fail(
        Fault::kOperator, "bad_property_value",
        fmt::format("{}, entry {} '{}': {}; write {}", key, number, shown(text), why, form));
  }
};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

// Says what is wrong; a place that the reader of some instructions was to fill in, and did not, is
// told from a slip of the pen.
std::string why_not_word(std::string_view what, std::string_view text) {
  const bool placeholder = text.find_first_of("{}<>$") != std::string_view::npos ||
                           text.find("..") != std::string_view::npos;
  return fmt::format("the {} '{}' {}", what, shown(text),
                     placeholder ? "is a placeholder that was not filled in"
                                 : "has characters other than letters, digits, '-', '.' and '_'");
}

bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_word_character) &&
         text.find("..") == std::string_view::npos;
}

Result<std::string> listener_name(const Entry& entry, std::string_view text) {
  if (text.empty()) return entry.bad("the listener's name is missing");
  if (!is_word(text)) return entry.bad(why_not_word("listener's name", text));
  return std::string(text);
}

// With or without a zone: "fe80::1%eth0".
bool is_bracketed_host(std::string_view host) {
  const size_t percent = host.find('%');
  if (!is_ipv6_address(host.substr(0, percent))) return false;
  return percent == std::string_view::npos ||
         (percent + 1 < host.size() && is_word(host.substr(percent + 1)));
}

// "host:port"; the host may be empty.
Result<HostPort> host_and_port(const Entry& entry, std::string_view text, int64_t port_min) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.ends_with(']')) {
    if (!text.starts_with('[') && !is_word(text)) return entry.bad(why_not_word("host", text));
    return entry.bad("the port is missing");
  }
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') || host.ends_with(']')) {
    const bool both = host.starts_with('[') && host.ends_with(']') && host.size() > 1;
    if (!both || !is_bracketed_host(host.substr(1, host.size() - 2))) {
      return entry.bad(fmt::format("'{}' is not an IPv6 address in brackets", shown(host)));
    }
    host = host.substr(1, host.size() - 2);
  } else if (is_ipv6_address(host)) {
    return entry.bad(fmt::format("the IPv6 address '{}' needs brackets", host));
  } else if (!is_word(host)) {
    return entry.bad(why_not_word("host", host));
  }
  const std::string_view digits = text.substr(colon + 1);
  const auto port = parse_number(digits);
  if (!port || *port < port_min || *port > std::numeric_limits<uint16_t>::max()) {
    return entry.bad(
        fmt::format("the port '{}' is not a number from {} to 65535", shown(digits), port_min));
  }
  return HostPort{std::string(host), static_cast<uint16_t>(*port)};
}

// Reads every entry of a list by `read_entry`, up to the first that is wrong.
template <typename T, typename ReadEntry>
Result<std::vector<T>> read_list(std::string_view key, std::string_view form, std::string_view text,
                                 ReadEntry read_entry) {
  std::vector<T> list;
  text = trimmed(text);
  if (text.empty()) return list;
  for (size_t number = 1; number <= kListEntriesMax; ++number) {
    const size_t comma = text.find(',');
    const Entry entry{key, number, trimmed(text.substr(0, comma)), form};
    if (entry.text.empty()) return entry.bad("there is nothing between two commas or at the end");
    auto value = read_entry(entry);
    if (!value) return tl::unexpected(value.error());
    list.push_back(std::move(*value));
    if (comma == std::string_view::npos) return list;
    text.remove_prefix(comma + 1);
  }
  return fail(Fault::kOperator, "bad_property_value",
              fmt::format("{}: more than {} entries", key, kListEntriesMax));
}

Result<KafkaListener> read_listener(const Entry& entry) {
  const size_t separator = entry.text.find("://");
  if (separator == std::string_view::npos) return entry.bad("'://' is missing");
  auto name = listener_name(entry, entry.text.substr(0, separator));
  if (!name) return tl::unexpected(name.error());
  auto address = host_and_port(entry, entry.text.substr(separator + 3), 0);
  if (!address) return tl::unexpected(address.error());
  return KafkaListener{std::move(*name), std::move(address->host), address->port};
}

std::optional<SecurityProtocol> find_protocol(std::string_view text) {
  const auto is_same = [](char upper, char c) {
    return upper == (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  };
  for (const auto protocol : {SecurityProtocol::kPlaintext, SecurityProtocol::kSsl,
                              SecurityProtocol::kSaslPlaintext, SecurityProtocol::kSaslSsl}) {
    const std::string_view name = to_string(protocol);
    if (std::equal(name.begin(), name.end(), text.begin(), text.end(), is_same)) return protocol;
  }
  return std::nullopt;
}

Result<ListenerProtocol> read_protocol(const Entry& entry) {
  const size_t colon = entry.text.rfind(':');
  if (colon == std::string_view::npos) return entry.bad("':' is missing");
  auto name = listener_name(entry, trimmed(entry.text.substr(0, colon)));
  if (!name) return tl::unexpected(name.error());
  const std::string_view text = trimmed(entry.text.substr(colon + 1));
  const auto protocol = find_protocol(text);
  if (!protocol) return entry.bad(fmt::format("'{}' is no security protocol", shown(text)));
  return ListenerProtocol{std::move(*name), *protocol};
}

Result<QuorumVoter> read_voter(const Entry& entry) {
  const size_t at = entry.text.find('@');
  if (at == std::string_view::npos) return entry.bad("'@' is missing");
  const std::string_view digits = entry.text.substr(0, at);
  const auto id = parse_number(digits);
  if (!id || *id < 0 || *id > std::numeric_limits<int32_t>::max()) {
    return entry.bad(
        fmt::format("the id '{}' is not a number from 0 to 2147483647", shown(digits)));
  }
  auto address = host_and_port(entry, entry.text.substr(at + 1), 1);
  if (!address) return tl::unexpected(address.error());
  if (address->host.empty()) return entry.bad("the host is missing");
  return QuorumVoter{static_cast<int32_t>(*id), std::move(*address)};
}

Result<ProcessRole> read_role(const Entry& entry) {
  for (const auto role : {ProcessRole::kBroker, ProcessRole::kController}) {
    if (entry.text == to_string(role)) return role;
  }
  return entry.bad("there is no such role");
}

template <typename T, typename EntryText>
std::string list_text(const std::vector<T>& list, EntryText entry_text) {
  std::vector<std::string> entries;
  for (const T& value : list) entries.push_back(entry_text(value));
  return fmt::format("{}", fmt::join(entries, ","));
}

}  // namespace

Result<std::vector<KafkaListener>> parse_listeners(std::string_view key, std::string_view text) {
  return read_list<KafkaListener>(
      key,
      "for example EXTERNAL://broker1.example:9093, EXTERNAL://[2001:db8::1]:9093 or "
      "EXTERNAL://:9093",
      text, read_listener);
}

std::string to_string(const std::vector<KafkaListener>& listeners) {
  return list_text(listeners, [](const KafkaListener& listener) {
    return fmt::format("{}://{}", listener.name, to_string(HostPort{listener.host, listener.port}));
  });
}

std::string_view to_string(SecurityProtocol protocol) {
  switch (protocol) {
    case SecurityProtocol::kPlaintext:
      return "PLAINTEXT";
    case SecurityProtocol::kSsl:
      return "SSL";
    case SecurityProtocol::kSaslPlaintext:
      return "SASL_PLAINTEXT";
    case SecurityProtocol::kSaslSsl:
      return "SASL_SSL";
  }
  return "";
}

Result<std::vector<ListenerProtocol>> parse_protocol_map(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(std::string(kBlanks) + ',') + 1);
  return read_list<ListenerProtocol>(kMapKey,
                                     "for example EXTERNAL:SASL_SSL; the protocols are PLAINTEXT, "
                                     "SSL, SASL_PLAINTEXT and SASL_SSL",
                                     text, read_protocol);
}

std::string to_string(const std::vector<ListenerProtocol>& protocols) {
  return list_text(protocols, [](const ListenerProtocol& entry) {
    return fmt::format("{}:{}", entry.name, to_string(entry.protocol));
  });
}

Result<std::vector<QuorumVoter>> parse_quorum_voters(std::string_view text) {
  return read_list<QuorumVoter>(kVotersKey,
                                "for example 1@controller1.example:29092 or 1@[2001:db8::1]:29092",
                                text, read_voter);
}

std::string to_string(const std::vector<QuorumVoter>& voters) {
  return list_text(voters, [](const QuorumVoter& voter) {
    return fmt::format("{}@{}", voter.id, to_string(voter.address));
  });
}

std::string_view to_string(ProcessRole role) {
  return role == ProcessRole::kBroker ? "broker" : "controller";
}

Result<std::vector<ProcessRole>> parse_process_roles(std::string_view text) {
  std::vector<ProcessRole> seen;
  const auto read_once = [&](const Entry& entry) -> Result<ProcessRole> {
    const auto role = read_role(entry);
    if (!role) return role;
    // Kafka 4 takes it; Kafka 3 does not start.
    if (std::find(seen.begin(), seen.end(), *role) != seen.end()) {
      return entry.bad("the role comes twice");
    }
    seen.push_back(*role);
    return role;
  };
  return read_list<ProcessRole>(kRolesKey, "broker, controller or broker,controller", text,
                                read_once);
}

std::string to_string(const std::vector<ProcessRole>& roles) {
  return list_text(roles, [](ProcessRole role) { return std::string(to_string(role)); });
}

}  // namespace portway::plan
