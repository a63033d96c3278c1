#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/kafka_proxy_settings.h"

namespace portway::app {

// Whether -h or --help is among kafka-proxy's flags.
bool help_wanted(const std::vector<std::string>& words);

// kafka-proxy's flags, and the environment variables it reads, as settings.
Result<plan::KafkaProxySettings> read_kafka_proxy_words(const std::vector<std::string>& words);

// All flags by what Portway does with them, for a help text.
std::string kafka_proxy_flags_help();

}  // namespace portway::app
