#include "plan/external_listener_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "plan/values.h"

namespace portway::plan {
namespace {

uint16_t port(const Section& section, std::string_view key) {
  return static_cast<uint16_t>(section.quantity(key));
}

bool is_listed(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void read_method(const Section& section, Security internal_security, ExternalListenerSpec& listener,
                 Findings& findings) {
  const bool is_proxy = section.choice("method") == "proxy";
  listener.method = is_proxy ? Method::kProxy : Method::kPortMapping;
  listener.listen_port = port(section, "listen_port");
  const Security inside = is_proxy ? internal_security : Security::kPlaintext;
  listener.security = section.has("security") ? security_of(section.choice("security")) : inside;
  for (const Text& text : section.texts("sasl_mechanisms")) {
    listener.sasl_mechanisms.push_back(text.text);
  }
  for (const Text& text : section.texts("consumers")) {
    if (is_listed(listener.consumers, text.text)) {
      findings.add(text.place, text.key, fmt::format("{} is listed twice", text.text),
                   Check::kGivenTwice);
    } else {
      listener.consumers.push_back(text.text);
    }
  }
  listener.connection_limit = static_cast<uint32_t>(section.quantity("connection_limit"));
}

// What no choice of ids can make right; host names as a whole are checked with the ids.
void check_advertise(const Section& section, const std::string& pattern) {
  const std::string bare = substitute_id(pattern, 0);
  if (const size_t brace = bare.find_first_of("{}"); brace != std::string::npos) {
    section.add("advertise",
                fmt::format("'{}' has a brace that is not part of {{id}}, the only "
                            "placeholder there is",
                            pattern),
                Check::kNoHostName);
  } else if (std::count(bare.begin(), bare.end(), ':') == 1) {
    section.add("advertise",
                fmt::format("'{}' has a port; write the host name alone, ports come "
                            "from ports.first and ports.advertised_first",
                            pattern),
                Check::kNoHostName);
  } else if (bare.find("://") != std::string::npos) {
    section.add("advertise", fmt::format("'{}' is a URL; write the host name alone", pattern),
                Check::kNoHostName);
  }
}

void read_block(const Section& section, ExternalListenerSpec& listener) {
  PortBlock block;
  block.first = port(section, "first");
  block.advertised_first =
      section.has("advertised_first") ? port(section, "advertised_first") : block.first;
  block.ids = section.ids("ids");
  if (!block.ids.empty()) listener.ports.push_back(std::move(block));
}

void read_exceptions(const Section& section, ExternalListenerSpec& listener) {
  for (const Exception& entry : section.exceptions("brokers")) {
    BrokerException exception;
    if (entry.block) {
      exception.port = port(*entry.block, "port");
      exception.advertised_port = entry.block->has("advertised_port")
                                      ? port(*entry.block, "advertised_port")
                                      : exception.port;
    } else {
      exception.port = exception.advertised_port = entry.port;
    }
    listener.brokers[entry.broker_id] = exception;
  }
}

}  // namespace

ExternalListenerSpec read_external_listener(const Section& section, Security internal_security,
                                            Findings& findings) {
  ExternalListenerSpec listener;
  listener.name = section.text("name");
  listener.advertise = section.text("advertise");
  check_advertise(section, listener.advertise);
  for (const Section& block : section.mappings("ports")) read_block(block, listener);
  read_exceptions(section, listener);
  if (section.has("bootstrap_port")) {
    listener.bootstrap_port = port(section, "bootstrap_port");
  }
  listener.connections_max = static_cast<uint32_t>(section.quantity("connections_max"));
  read_method(section, internal_security, listener, findings);
  if (!section.has("ports") && !section.has("brokers")) {
    section.add("ports",
                "missing, and brokers too; write for example ports: {first: 9092, ids: "
                "1-64}",
                Check::kMissing);
  }
  return listener;
}

}  // namespace portway::plan
