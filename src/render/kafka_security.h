#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/spec.h"

namespace portway::render {

// Where a broker that Portway's scripts set up keeps its files: ~/config of the user kafka. Keys,
// certificates and passwords are below it, and are never rendered.
inline constexpr std::string_view kConfigFolder = "/opt/kafka/config";

// Who connects to a listener.
enum class ListenerUse : uint8_t {
  kBrokers,      // brokers among themselves, and inside clients
  kControllers,  // controllers and brokers
  kClients,      // external clients
};

// One line of server.properties.
struct PropertyLine {
  std::string key;
  std::string value;

  bool operator==(const PropertyLine&) const = default;
};

// What a listener needs in server.properties besides its entries in the lists.
struct ListenerSettings {
  std::vector<std::string> comments;  // what must be there, and what to know; one line each
  std::vector<PropertyLine> lines;    // empty for PLAINTEXT
  bool has_secret = false;            // a value comes out of a file: see secret_provider
};

// `key` is that of portway.yaml, for messages. Inside, SASL means PLAIN: SCRAM users live in the
// cluster that has to be up before they can be asked for. Errors (operator, "no_sasl_mechanism",
// "unknown_sasl_mechanism"): SASL without a mechanism, or with one whose settings depend on more
// than is in portway.yaml (OAUTHBEARER, GSSAPI).
Result<ListenerSettings> listener_settings(std::string_view key, std::string_view name,
                                           plan::Security security,
                                           const std::vector<std::string>& mechanisms,
                                           ListenerUse use);

// Lets Kafka read values that are written ${directory:FOLDER:FILE} out of files (KIP-421, KIP-632);
// `known` is what config.providers holds already.
std::vector<PropertyLine> secret_provider(std::string_view known);

}  // namespace portway::render
