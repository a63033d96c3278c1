#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "plan/check/broker_file.h"
#include "plan/check/check_kafka_proxy.h"
#include "plan/check/command_words.h"
#include "plan/check/tidb_cloud_name_check.h"
#include "plan/kafka_proxy_command_line.h"
#include "plan/kafka_proxy_flags.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr std::string_view kMapping = "bootstrap-server-mapping";
constexpr std::string_view kMinPort = "dynamic-sequential-min-port";
constexpr std::string_view kDynamicName = "dynamic-advertised-listener";

// The flags that say where kafka-proxy listens and what it advertises.
constexpr std::string_view kPortFlags[] = {
    "bootstrap-server-mapping",     "external-server-mapping",     "default-listener-ip",
    "dynamic-listeners-disable",    "dynamic-sequential-min-port", "deterministic-listeners",
    "dynamic-sequential-max-ports", "dynamic-advertised-listener", "http-disable"};

// Replaces {a placeholder} and <another>; Go's {{.brokerId}} stays.
std::string filled_in(std::string_view word, size_t& placeholders) {
  std::string text;
  for (size_t i = 0; i < word.size(); ++i) {
    const bool is_template = word.substr(i, 2) == "{{";
    const size_t close = word[i] == '{' && !is_template ? word.find('}', i)
                         : word[i] == '<'               ? word.find('>', i)
                                                        : std::string_view::npos;
    if (is_template) {
      const size_t end = std::min(word.find("}}", i), word.size() - 2);
      text += word.substr(i, end + 2 - i);
      i = end + 1;
    } else if (close != std::string_view::npos) {
      text += placeholder_host(++placeholders);
      if (close + 1 >= word.size() || word[close + 1] != ':') text += ":9092";
      i = close;
    } else {
      text += word[i];
    }
  }
  return text;
}

bool is_wildcard(std::string_view host) { return host == "0.0.0.0" || host == "::"; }

class Lint {
 public:
  Lint(const KafkaProxyCommandLine& line, const KafkaProxySettings& settings, const Spec* spec,
       FlagReport& report)
      : line_(line), settings_(settings), spec_(spec), report_(report) {}

  void run() {
    for (const ServerMapping& mapping : settings_.mappings) check_mapping(mapping);
    if (settings_.dynamic.enabled) check_dynamic();
    if (line_.truth("http-disable")) {
      report_.add(Check::kHealthOff, "http-disable", "", "/health and /metrics answer nobody");
    }
    for (const KafkaProxyFlag& flag : kafka_proxy_flags()) {
      if (!flag.is_secret || !line_.differs(flag.name)) continue;
      report_.add(Check::kSecretOnCommandLine, flag.name, "", "a secret stands here");
    }
  }

 private:
  void check_mapping(const ServerMapping& mapping) {
    const std::string broker = to_string(mapping.broker);
    const HostPort& told = mapping.advertised;
    if (is_wildcard(told.host) || told == mapping.listen) {
      report_.add(Check::kMappingWithoutName, kMapping, to_string(mapping.listen),
                  fmt::format("clients are told {} for {}", to_string(told), broker));
    } else if (is_ip_address(told.host)) {
      report_.add(Check::kMappingWithAddress, kMapping, to_string(told),
                  fmt::format("clients are told {} for {}", to_string(told), broker));
    } else {
      check_name(kMapping, told.host);
    }
    if (!is_wildcard(mapping.listen.host)) {
      report_.add(Check::kListensOnOneAddress, kMapping, to_string(mapping.listen),
                  fmt::format("{} is listened on for {}", to_string(mapping.listen), broker),
                  fmt::format("write 0.0.0.0:{}", mapping.listen.port));
    }
  }

  void check_name(std::string_view flag, const std::string& host) {
    if (auto fault = tidb_cloud_name_fault(host)) {
      report_.add(Check::kMappingNotOfTidbCloud, flag, host, std::move(fault->message),
                  std::move(fault->instead));
    }
  }

  // Whether the plan lets more than one proxy run.
  bool has_replicas() const {
    if (spec_ == nullptr) return false;
    const bool on_vms = spec_->cloud && spec_->cloud->proxy.replicas_max > 1;
    return on_vms || (spec_->kubernetes && spec_->kubernetes->replicas_max > 1);
  }

  void check_dynamic() {
    const DynamicPorts& dynamic = settings_.dynamic;
    if (dynamic.first == 0) {
      report_.add(Check::kRandomPorts, kMapping, "",
                  "brokers that no mapping names get any free port");
    } else if (!dynamic.deterministic) {
      const bool many = has_replicas();
      report_.add(many ? Check::kReplicasDisagree : Check::kPortsByDiscovery, kMinPort, "",
                  fmt::format("ports from {} on are given as brokers are seen{}", dynamic.first,
                              many ? ", and the plan runs several proxies" : ""));
    }
    for (const ServerMapping& mapping : settings_.mappings) {
      if (dynamic.first == 0 || mapping.listen.port < dynamic.first ||
          mapping.listen.port >= dynamic.first + dynamic.count) {
        continue;
      }
      report_.add(
          Check::kDynamicRangeCollides, kMinPort, "",
          fmt::format("{}, where {} is mapped, is among {}-{}", mapping.listen.port,
                      to_string(mapping.broker), dynamic.first, dynamic.first + dynamic.count - 1));
    }
    if (!line_.differs(kDynamicName)) {
      report_.add(
          Check::kDynamicWithoutName, kMapping, "",
          fmt::format("clients are told {} for brokers that no mapping names", dynamic.advertise));
    } else {
      check_name(kDynamicName, dynamic.advertise);
    }
  }

  const KafkaProxyCommandLine& line_;
  const KafkaProxySettings& settings_;
  const Spec* spec_;
  FlagReport& report_;
};

// The error of a parser has a line for each flag: "--flag: what is wrong". Values that it quotes
// may hold line ends of their own.
void add_refused(const std::string& message, FlagReport& report) {
  std::string_view rest = message;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find("\n--"), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const size_t colon = line.find(": ");
    const bool has_flag = line.starts_with("--") && colon != std::string_view::npos;
    const std::string_view flag = has_flag ? line.substr(2, colon - 2) : std::string_view();
    if (has_flag) line.remove_prefix(colon + 2);
    report.add(Check::kFlagsRefused, flag, "", std::string(line));
  }
}

// The same line with the flags that have to do with ports and names only.
KafkaProxyCommandLine port_flags(const KafkaProxyCommandLine& line) {
  KafkaProxyCommandLine ports;
  for (const std::string_view name : kPortFlags) {
    if (!line.differs(name)) continue;
    for (std::string& value : line.list(name)) ports.set(*find_kafka_proxy_flag(name), value);
  }
  return ports;
}

}  // namespace

void FlagReport::add(Check check, std::string_view flag, std::string_view value,
                     std::string message, std::string instead) {
  if (!has_room(findings_, check)) return;
  Place place;
  for (const CommandWord& word : words_) {
    const std::string_view sought = value.empty() ? flag : value;
    if (sought.empty() || word.text.find(sought) == std::string::npos) continue;
    place.line = word.line;
    break;
  }
  findings_.push_back({check, file_, place, flag.empty() ? "" : "--" + std::string(flag),
                       std::move(message), std::move(instead)});
}

void check_kafka_proxy(std::string_view text, const std::string& name, const Spec* spec,
                       std::vector<Finding>& findings) {
  const std::vector<CommandWord> given = kafka_proxy_flags_of(text);
  FlagReport report(name, given, findings);
  std::vector<std::string> words;
  size_t placeholders = 0;
  for (const CommandWord& word : given) {
    words.push_back(filled_in(word.text, placeholders));
    if (words.back() == word.text) continue;
    report.add(Check::kFlagPlaceholder, kMapping, word.text,
               fmt::format("'{}' has a placeholder", word.text));
  }
  const auto line =
      parse_kafka_proxy_command_line(words, [](const std::string&) { return std::nullopt; });
  if (!line) return add_refused(line.error().message, report);
  const auto settings = kafka_proxy_settings(port_flags(*line));
  if (!settings) return add_refused(settings.error().message, report);
  Lint(*line, *settings, spec, report).run();
  if (spec != nullptr) check_kafka_proxy_by_plan(*settings, *spec, report);
}

}  // namespace portway::plan
