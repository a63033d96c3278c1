#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/host_port.h"
#include "base/result.h"

namespace portway::plan {

// The values of server.properties that say where a broker listens and what it advertises: lists
// with commas, and blanks around the entries allowed. Read as Kafka 3.7 and 4 both do; what one of
// them refuses, or only a slip of the pen explains (an IPv6 address without brackets, port -1), is
// refused here. Whether the entries fit together (names that come twice, a listener without a
// protocol) is not looked at.
//
// Empty text is an empty list; whether Kafka takes it depends on its version and role.
// Errors (operator, "bad_property_value") name the key, the entry by number and text, and what
// would be right. Pure functions.

inline constexpr size_t kListEntriesMax = 1000;

// An entry of listeners or advertised.listeners.
struct KafkaListener {
  std::string name;   // as written; Kafka compares names without regard to case
  std::string host;   // without brackets; empty: every address, or the machine's own name
  uint16_t port = 0;  // 0: any that is free

  bool operator==(const KafkaListener&) const = default;
};

// "NAME://host:port,..."; `key` is for messages.
Result<std::vector<KafkaListener>> parse_listeners(std::string_view key, std::string_view text);
std::string to_string(const std::vector<KafkaListener>& listeners);

enum class SecurityProtocol : uint8_t { kPlaintext, kSsl, kSaslPlaintext, kSaslSsl };
std::string_view to_string(SecurityProtocol protocol);  // "SASL_SSL"

// An entry of listener.security.protocol.map. Of several with one name the last counts.
struct ListenerProtocol {
  std::string name;
  SecurityProtocol protocol = SecurityProtocol::kPlaintext;

  bool operator==(const ListenerProtocol&) const = default;
};

// "NAME:PROTOCOL,..."; the case of the protocol does not matter, and commas at the end are skipped.
Result<std::vector<ListenerProtocol>> parse_protocol_map(std::string_view text);
std::string to_string(const std::vector<ListenerProtocol>& protocols);

// An entry of controller.quorum.voters.
struct QuorumVoter {
  int32_t id = 0;  // 0 and above
  HostPort address;

  bool operator==(const QuorumVoter&) const = default;
};

// "id@host:port,..."
Result<std::vector<QuorumVoter>> parse_quorum_voters(std::string_view text);
std::string to_string(const std::vector<QuorumVoter>& voters);

enum class ProcessRole : uint8_t { kBroker, kController };
std::string_view to_string(ProcessRole role);

// "broker,controller" in any order, each once. Empty: Kafka 3 runs with ZooKeeper.
Result<std::vector<ProcessRole>> parse_process_roles(std::string_view text);
std::string to_string(const std::vector<ProcessRole>& roles);

}  // namespace portway::plan
