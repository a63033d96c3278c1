#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/kafka_proxy_command_line.h"
#include "plan/kafka_proxy_settings.h"

namespace portway::plan {

using Words = std::vector<std::string>;

inline std::optional<std::string> no_environment(const std::string&) { return std::nullopt; }

inline Result<KafkaProxySettings> read(const Words& words,
                                       const Environment& environment = no_environment) {
  const auto line = parse_kafka_proxy_command_line(words, environment);
  if (!line) return tl::unexpected(line.error());
  return kafka_proxy_settings(*line);
}

// The settings of a line that has a mapping already.
inline Result<KafkaProxySettings> read_more(Words words) {
  words.push_back("--bootstrap-server-mapping=k1:9092,0.0.0.0:32400,proxy.example:32400");
  return read(words);
}

inline std::string errors_of(const Result<KafkaProxySettings>& settings) {
  return settings ? "" : settings.error().message;
}

}  // namespace portway::plan
