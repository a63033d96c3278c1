#include "app/kafka_proxy_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "plan/kafka_proxy_command_line.h"
#include "plan/kafka_proxy_flags.h"

namespace portway::app {
namespace {

std::optional<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string flags_with(plan::FlagStatus status) {
  std::string text;
  for (const plan::KafkaProxyFlag& flag : plan::kafka_proxy_flags()) {
    if (flag.status != status) continue;
    const std::string type = flag.type == plan::FlagType::kBool
                                 ? std::string()
                                 : fmt::format(" ({})", plan::flag_type_name(flag.type));
    const std::string fallback =
        flag.fallback.empty() || flag.fallback == "[]" || flag.fallback == "false"
            ? std::string()
            : fmt::format(" [{}]", flag.fallback);
    text += fmt::format("  --{}{}{}\n", flag.name, type, fallback);
    if (status != plan::FlagStatus::kRefused) text += fmt::format("      {}\n", flag.meaning);
  }
  return text;
}

}  // namespace

bool help_wanted(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return word == "-h" || word == "--help"; });
}

Result<plan::KafkaProxySettings> read_kafka_proxy_words(const std::vector<std::string>& words) {
  const auto line = plan::parse_kafka_proxy_command_line(words, from_environment);
  if (!line) return tl::unexpected(line.error());
  return plan::kafka_proxy_settings(*line);
}

std::string kafka_proxy_flags_help() {
  return fmt::format(
      "Flags that work as in kafka-proxy {}:\n{}\n"
      "Flags that are taken and have no effect:\n{}\n"
      "Flags that are not supported yet, and refused:\n{}\n"
      "BOOTSTRAP_SERVER_MAPPING, EXTERNAL_SERVER_MAPPING and DIAL_ADDRESS_MAPPING in the\n"
      "environment, values separated by spaces, stand in for flags that are not given.\n",
      plan::kKafkaProxyVersion, flags_with(plan::FlagStatus::kWorks),
      flags_with(plan::FlagStatus::kNoEffect), flags_with(plan::FlagStatus::kRefused));
}

}  // namespace portway::app
