#include "plan/kafka_proxy_flags.h"

namespace portway::plan {
namespace {

using enum FlagType;
using enum FlagStatus;

constexpr bool kSecret = true;
constexpr bool kShown = false;

constexpr KafkaProxyFlag kFlags[] = {
    {"default-listener-ip", kString, "0.0.0.0", kWorks, kShown,
     "The address that ports of brokers without a mapping are bound on.", "serve.listen"},
    {"dynamic-advertised-listener", kString, "", kWorks, kShown,
     "The host that clients are told for brokers without a mapping; {{.brokerId}} stands for the "
     "id, a port at the end replaces the bound one.",
     "advertise, with {id}"},
    {"bootstrap-server-mapping", kStringArray, "[]", kWorks, kShown,
     "A broker, the address to listen on for it, and what clients are told.",
     "cluster.bootstrap, and brokers or ports"},
    {"external-server-mapping", kStringArray, "[]", kWorks, kShown,
     "What clients are told for a broker that somebody else listens for.", ""},
    {"dial-address-mapping", kStringArray, "[]", kWorks, kShown,
     "Connect to the second address where the cluster says the first.", ""},
    {"deterministic-listeners", kBool, "false", kWorks, kShown,
     "A broker's port is the first port plus its id (modulo the number of ports).",
     "ports: {first, ids}"},
    {"dynamic-listeners-disable", kBool, "false", kWorks, kShown,
     "Brokers without a mapping are left out of responses, with a warning; kafka-proxy closes the "
     "connection.",
     "ids that ports does not name are left out"},
    {"dynamic-sequential-min-port", kUint16, "0", kWorks, kShown,
     "The first port for brokers without a mapping, given in ascending order of their ids; 0: any "
     "free port.",
     "ports.first"},
    {"dynamic-sequential-max-ports", kUint16, "0", kWorks, kShown,
     "How many ports there are from the first on.", "ports.ids"},
    {"proxy-request-buffer-size", kInt, "4096", kNoEffect, kShown,
     "Portway reads into one buffer for each worker, not for each connection.", ""},
    {"proxy-response-buffer-size", kInt, "4096", kNoEffect, kShown,
     "Portway reads into one buffer for each worker, not for each connection.", ""},
    {"proxy-listener-read-buffer-size", kInt, "0", kWorks, kShown,
     "SO_RCVBUF; one value serves both sides of a connection, the larger of the two flags.",
     "serve.receive_buffer_bytes"},
    {"proxy-listener-write-buffer-size", kInt, "0", kWorks, kShown,
     "SO_SNDBUF; one value serves both sides of a connection, the larger of the two flags.",
     "serve.send_buffer_bytes"},
    {"proxy-listener-keep-alive", kDuration, "1m0s", kWorks, kShown,
     "One value serves both sides of a connection, the shorter of the two flags.",
     "serve.keep_alive"},
    {"proxy-listener-tls-enable", kBool, "false", kRefused, kShown, "TLS towards clients.", ""},
    {"proxy-listener-tls-refresh", kDuration, "0s", kRefused, kShown, "TLS towards clients.", ""},
    {"proxy-listener-cert-file", kString, "", kRefused, kShown, "TLS towards clients.", ""},
    {"proxy-listener-key-file", kString, "", kRefused, kShown, "TLS towards clients.", ""},
    {"proxy-listener-key-password", kString, "", kRefused, kSecret, "TLS towards clients.", ""},
    {"proxy-listener-ca-chain-cert-file", kString, "", kRefused, kShown, "TLS towards clients.",
     ""},
    {"proxy-listener-crl-file", kString, "", kRefused, kShown, "TLS towards clients.", ""},
    {"proxy-listener-cipher-suites", kStringSlice, "[]", kRefused, kShown, "TLS towards clients.",
     ""},
    {"proxy-listener-curve-preferences", kStringSlice, "[]", kRefused, kShown,
     "TLS towards clients.", ""},
    {"proxy-listener-tls-required-client-subject", kStringSlice, "[]", kRefused, kShown,
     "TLS towards clients.", ""},
    {"auth-local-enable", kBool, "false", kRefused, kShown,
     "Authentication of clients by a plugin.", ""},
    {"auth-local-command", kString, "", kRefused, kShown, "Authentication of clients by a plugin.",
     ""},
    {"auth-local-mechanism", kString, "PLAIN", kRefused, kShown,
     "Authentication of clients by a plugin.", ""},
    {"auth-local-param", kStringArray, "[]", kRefused, kSecret,
     "Authentication of clients by a plugin.", ""},
    {"auth-local-log-level", kString, "trace", kRefused, kShown,
     "Authentication of clients by a plugin.", ""},
    {"auth-local-timeout", kDuration, "10s", kRefused, kShown,
     "Authentication of clients by a plugin.", ""},
    {"auth-gateway-client-enable", kBool, "false", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-client-command", kString, "", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-client-param", kStringArray, "[]", kRefused, kSecret,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-client-log-level", kString, "trace", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-client-method", kString, "", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-client-magic", kUint64, "0", kRefused, kSecret,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-client-timeout", kDuration, "10s", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-server-enable", kBool, "false", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-server-command", kString, "", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-server-param", kStringArray, "[]", kRefused, kSecret,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-server-log-level", kString, "trace", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-server-method", kString, "", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-server-magic", kUint64, "0", kRefused, kSecret,
     "Authentication between two proxies by a plugin.", ""},
    {"auth-gateway-server-timeout", kDuration, "10s", kRefused, kShown,
     "Authentication between two proxies by a plugin.", ""},
    {"kafka-client-id", kString, "kafka-proxy", kWorks, kShown,
     "The client id of Portway's own requests.", "serve.client_id"},
    {"kafka-max-open-requests", kInt, "256", kWorks, kShown,
     "Unanswered requests of one connection; further ones wait, where kafka-proxy closes the "
     "connection after 5 s. Values below 16 become 16.",
     "serve.requests_in_flight_max"},
    {"kafka-dial-timeout", kDuration, "15s", kWorks, kShown,
     "How long connecting to a broker may take.", "serve.dial_timeout"},
    {"kafka-write-timeout", kDuration, "30s", kNoEffect, kShown,
     "Portway sets no deadline for a message, so that a slow reader of a large response is not "
     "cut; a connection silent for 30 minutes is closed.",
     "serve.idle_timeout is the nearest"},
    {"kafka-read-timeout", kDuration, "30s", kNoEffect, kShown,
     "Portway sets no deadline for a message, so that a slow reader of a large response is not "
     "cut; a connection silent for 30 minutes is closed.",
     "serve.idle_timeout is the nearest"},
    {"kafka-keep-alive", kDuration, "1m0s", kWorks, kShown,
     "One value serves both sides of a connection, the shorter of the two flags.",
     "serve.keep_alive"},
    {"kafka-connection-read-buffer-size", kInt, "0", kWorks, kShown,
     "SO_RCVBUF; one value serves both sides of a connection, the larger of the two flags.",
     "serve.receive_buffer_bytes"},
    {"kafka-connection-write-buffer-size", kInt, "0", kWorks, kShown,
     "SO_SNDBUF; one value serves both sides of a connection, the larger of the two flags.",
     "serve.send_buffer_bytes"},
    {"forbidden-api-keys", kIntSlice, "[]", kWorks, kShown,
     "Requests that clients may not make; they get Kafka's error where the protocol has one.",
     "serve.forbidden_api_keys"},
    {"producer-acks-0-disabled", kBool, "false", kNoEffect, kShown,
     "Produce requests are not looked into for acks=0.",
     "always looked: it costs nothing to speak of, and answers cannot be told apart without"},
    {"tls-enable", kBool, "false", kRefused, kShown, "TLS towards brokers.", ""},
    {"tls-refresh", kDuration, "0s", kRefused, kShown, "TLS towards brokers.", ""},
    {"tls-insecure-skip-verify", kBool, "false", kRefused, kShown, "TLS towards brokers.", ""},
    {"tls-client-cert-file", kString, "", kRefused, kShown, "TLS towards brokers.", ""},
    {"tls-client-key-file", kString, "", kRefused, kShown, "TLS towards brokers.", ""},
    {"tls-client-key-password", kString, "", kRefused, kSecret, "TLS towards brokers.", ""},
    {"tls-ca-chain-cert-file", kString, "", kRefused, kShown, "TLS towards brokers.", ""},
    {"tls-system-cert-pool", kBool, "false", kRefused, kShown, "TLS towards brokers.", ""},
    {"tls-same-client-cert-enable", kBool, "false", kRefused, kShown, "TLS towards brokers.", ""},
    {"sasl-enable", kBool, "false", kRefused, kShown, "SASL towards brokers.", ""},
    {"sasl-username", kString, "", kRefused, kShown, "SASL towards brokers.", ""},
    {"sasl-password", kString, "", kRefused, kSecret, "SASL towards brokers.", ""},
    {"sasl-jaas-config-file", kString, "", kRefused, kShown, "SASL towards brokers.", ""},
    {"sasl-method", kString, "PLAIN", kRefused, kShown, "SASL towards brokers.", ""},
    {"gssapi-auth-type", kString, "KEYTAB", kRefused, kShown, "Kerberos towards brokers.", ""},
    {"gssapi-servicename", kString, "kafka", kRefused, kShown, "Kerberos towards brokers.", ""},
    {"gssapi-username", kString, "kafka", kRefused, kShown, "Kerberos towards brokers.", ""},
    {"gssapi-password", kString, "", kRefused, kSecret, "Kerberos towards brokers.", ""},
    {"gssapi-realm", kString, "", kRefused, kShown, "Kerberos towards brokers.", ""},
    {"gssapi-krb5", kString, "/etc/krb5.conf", kRefused, kShown, "Kerberos towards brokers.", ""},
    {"gssapi-keytab", kString, "", kRefused, kShown, "Kerberos towards brokers.", ""},
    {"gssapi-disable-pa-fx-fast", kBool, "false", kRefused, kShown, "Kerberos towards brokers.",
     ""},
    {"gssapi-spn-host-mapping", kStringToString, "[]", kRefused, kShown,
     "Kerberos towards brokers.", ""},
    {"sasl-aws-region", kString, "", kRefused, kShown, "SASL towards brokers.", ""},
    {"sasl-aws-profile", kString, "", kRefused, kShown, "SASL towards brokers.", ""},
    {"sasl-aws-role-arn", kString, "", kRefused, kShown, "SASL towards brokers.", ""},
    {"sasl-aws-identity-lookup", kBool, "false", kRefused, kShown, "SASL towards brokers.", ""},
    {"sasl-plugin-enable", kBool, "false", kRefused, kShown, "SASL towards brokers, by a plugin.",
     ""},
    {"sasl-plugin-command", kString, "", kRefused, kShown, "SASL towards brokers, by a plugin.",
     ""},
    {"sasl-plugin-mechanism", kString, "OAUTHBEARER", kRefused, kShown,
     "SASL towards brokers, by a plugin.", ""},
    {"sasl-plugin-param", kStringArray, "[]", kRefused, kSecret,
     "SASL towards brokers, by a plugin.", ""},
    {"sasl-plugin-log-level", kString, "trace", kRefused, kShown,
     "SASL towards brokers, by a plugin.", ""},
    {"sasl-plugin-timeout", kDuration, "10s", kRefused, kShown,
     "SASL towards brokers, by a plugin.", ""},
    {"http-disable", kBool, "false", kWorks, kShown, "No HTTP at all.", "serve.admin: off"},
    {"http-listen-address", kString, "0.0.0.0:9080", kWorks, kShown,
     "Where the health and metrics pages answer.", "serve.admin"},
    {"http-metrics-path", kString, "/metrics", kWorks, kShown,
     "The path of the metrics, beside /metrics.", "/metrics"},
    {"http-health-path", kString, "/health", kWorks, kShown,
     "The path of the health page, beside /livez.", "/livez and /readyz"},
    {"debug-enable", kBool, "false", kNoEffect, kShown,
     "The Go profiler has no counterpart in Portway.", ""},
    {"debug-listen-address", kString, "0.0.0.0:6060", kNoEffect, kShown,
     "The Go profiler has no counterpart in Portway.", ""},
    {"log-format", kString, "text", kWorks, kShown, "text is written as logfmt.",
     "serve.log_format"},
    {"log-level", kString, "info", kWorks, kShown,
     "trace counts as debug, fatal and panic count as error.", "serve.log_level"},
    {"log-level-fieldname", kString, "@level", kWorks, kShown,
     "The name of the level in JSON log lines.", ""},
    {"log-time-fieldname", kString, "@timestamp", kWorks, kShown,
     "The name of the time in JSON log lines.", ""},
    {"log-msg-fieldname", kString, "@message", kWorks, kShown,
     "The name of the message in JSON log lines.", ""},
    {"forward-proxy", kString, "", kRefused, kSecret,
     "Connecting to brokers through a SOCKS5 or HTTP proxy.", ""},
};

static_assert(std::size(kFlags) == 99, "kafka-proxy v0.4.3 has 99 flags");

}  // namespace

std::span<const KafkaProxyFlag> kafka_proxy_flags() { return kFlags; }

const KafkaProxyFlag* find_kafka_proxy_flag(std::string_view name) {
  for (const KafkaProxyFlag& flag : kFlags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

std::string_view flag_type_name(FlagType type) {
  switch (type) {
    case kBool:
      return "true or false";
    case kString:
      return "text";
    case kInt:
    case kUint16:
    case kUint64:
      return "number";
    case kDuration:
      return "duration";
    case kIntSlice:
      return "numbers with commas";
    case kStringSlice:
      return "words with commas";
    case kStringArray:
      return "text, repeatable";
    case kStringToString:
      return "key=value with commas";
  }
  return "";
}

}  // namespace portway::plan
