#include "render/kafka_security.h"

#include <fmt/format.h>

#include "plan/check/broker_file.h"
#include "plan/values.h"

namespace portway::render {
namespace {

using plan::Security;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

class Builder {
 public:
  Builder(std::string_view name, ListenerUse use)
      : name_(lower_case(name)), prefix_(fmt::format("listener.name.{}.", name_)), use_(use) {}

  void add_tls(bool with_sasl) {
    comment(
        fmt::format("{}/tls/{}.pem: the broker's private key, not encrypted, and its "
                    "certificates;",
                    kConfigFolder, name_));
    comment("  readable by the broker's user only.");
    line("ssl.keystore.type", "PEM");
    line("ssl.keystore.location", fmt::format("{}/tls/{}.pem", kConfigFolder, name_));
    if (use_ == ListenerUse::kClients) {
      comment("  Clients check that the certificate has the name they dial, the advertised one.");
      return;
    }
    comment(fmt::format("{}/tls/ca.pem: the certificates of who signs the nodes' certificates.",
                        kConfigFolder));
    line("ssl.truststore.type", "PEM");
    line("ssl.truststore.location", fmt::format("{}/tls/ca.pem", kConfigFolder));
    if (!with_sasl) {
      comment("  Without SASL, the certificate is what tells a node from anybody else.");
      line("ssl.client.auth", "required");
    }
  }

  void add_plain() {
    const std::string file = name_ + ".plain.jaas";
    comment(fmt::format("{}/secrets/{}: one line,", kConfigFolder, file));
    const bool inside = use_ != ListenerUse::kClients;
    comment(fmt::format(
        "  org.apache.kafka.common.security.plain.PlainLoginModule required {}user_NAME=\"...\";",
        inside ? "username=\"NAME\" password=\"...\" " : ""));
    line("plain.sasl.jaas.config",
         fmt::format("${{directory:{}/secrets:{}}}", kConfigFolder, file));
    settings_.has_secret = true;
  }

  void add_scram(const std::string& mechanism) {
    comment(fmt::format("{} users: kafka-configs.sh --bootstrap-server ... --alter", mechanism));
    comment(fmt::format("  --entity-type users --entity-name NAME --add-config '{}=[password=...]'",
                        mechanism));
    line(lower_case(mechanism) + ".sasl.jaas.config",
         "org.apache.kafka.common.security.scram.ScramLoginModule required;");
  }

  void add_mechanisms(const std::vector<std::string>& mechanisms) {
    line("sasl.enabled.mechanisms", fmt::format("{}", fmt::join(mechanisms, ",")));
    for (const std::string& mechanism : mechanisms) {
      if (mechanism == "PLAIN") {
        add_plain();
      } else {
        add_scram(mechanism);
      }
    }
    if (use_ == ListenerUse::kBrokers) add("sasl.mechanism.inter.broker.protocol", "PLAIN");
    if (use_ == ListenerUse::kControllers) add("sasl.mechanism.controller.protocol", "PLAIN");
  }

  void comment(std::string text) { settings_.comments.push_back(std::move(text)); }

  ListenerSettings take() { return std::move(settings_); }

 private:
  void add(std::string key, std::string value) {
    settings_.lines.push_back({std::move(key), std::move(value)});
  }
  void line(std::string_view key, std::string value) {
    add(prefix_ + std::string(key), std::move(value));
  }

  std::string name_;
  std::string prefix_;
  ListenerUse use_;
  ListenerSettings settings_;
};

Result<void> check_mechanisms(std::string_view key, std::string_view name,
                              const std::vector<std::string>& mechanisms) {
  if (mechanisms.empty()) {
    return fail(Fault::kOperator, "no_sasl_mechanism",
                fmt::format("{}.sasl_mechanisms: {} uses SASL and has no mechanism; write for "
                            "example [SCRAM-SHA-512]",
                            key, name));
  }
  for (const std::string& mechanism : mechanisms) {
    if (mechanism == "PLAIN" || mechanism.starts_with("SCRAM-")) continue;
    return fail(Fault::kOperator, "unknown_sasl_mechanism",
                fmt::format("{}.sasl_mechanisms: the broker's settings for {} depend on a server "
                            "that is not in portway.yaml; what can be rendered is PLAIN, "
                            "SCRAM-SHA-256 and SCRAM-SHA-512",
                            key, mechanism));
  }
  return {};
}

}  // namespace

Result<ListenerSettings> listener_settings(std::string_view key, std::string_view name,
                                           Security security,
                                           const std::vector<std::string>& mechanisms,
                                           ListenerUse use) {
  Builder builder(name, use);
  const bool with_sasl = plan::uses_sasl(security);
  if (plan::uses_tls(security)) builder.add_tls(with_sasl);
  if (!with_sasl) return builder.take();
  if (use == ListenerUse::kClients) {
    const auto checked = check_mechanisms(key, name, mechanisms);
    if (!checked) return tl::unexpected(checked.error());
    builder.add_mechanisms(mechanisms);
  } else {
    builder.add_mechanisms({"PLAIN"});
  }
  if (security == Security::kSaslPlaintext) {
    builder.comment("SASL without TLS: who can listen on the way sees what PLAIN sends.");
  }
  return builder.take();
}

std::vector<PropertyLine> secret_provider(std::string_view known) {
  std::string providers(known);
  for (std::string_view rest = known; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (plan::trimmed(rest.substr(0, comma)) == "directory") return {};
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  providers += providers.empty() ? "directory" : ",directory";
  return {
      {"config.providers", providers},
      {"config.providers.directory.class",
       "org.apache.kafka.common.config.provider.DirectoryConfigProvider"},
      // Since Kafka 3.8 (KIP-993); earlier releases do not look at it.
      {"config.providers.directory.param.allowed.paths", fmt::format("{}/secrets", kConfigFolder)}};
}

}  // namespace portway::render
