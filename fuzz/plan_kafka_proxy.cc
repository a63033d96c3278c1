// A kafka-proxy command line from anywhere, one word a line: read or refused, never more. What is
// read gives plans in which nothing collides, whatever brokers there are, and a conversion that is
// refused or read back as a portway.yaml.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "plan/kafka_proxy_command_line.h"
#include "plan/kafka_proxy_convert.h"
#include "plan/kafka_proxy_planner.h"
#include "plan/kafka_proxy_settings.h"

namespace {

using namespace portway;

constexpr size_t kReadBackOneIn = 8;  // YAML takes ten times as long as all the rest

void require(bool holds) {
  if (!holds) std::abort();
}

std::map<int32_t, HostPort> brokers_of(const plan::KafkaProxySettings& settings) {
  std::map<int32_t, HostPort> brokers;
  for (const auto& mapping : settings.mappings) {
    brokers[static_cast<int32_t>(brokers.size())] = mapping.broker;
  }
  for (int32_t id = 100; id < 110; ++id) brokers[id] = {"inside" + std::to_string(id), 9092};
  return brokers;
}

void check_plan(const plan::PortPlan& plan) {
  std::set<std::pair<std::string, uint16_t>> bound;
  for (const auto& port : plan.ports) require(bound.emplace(port.listen, port.port).second);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::vector<std::string> words;
  for (std::string word; std::getline(lines, word);) words.push_back(word);
  const auto no_environment = [](const std::string&) { return std::nullopt; };
  const auto line = plan::parse_kafka_proxy_command_line(words, no_environment);
  if (!line) return 0;
  const auto settings = plan::kafka_proxy_settings(*line);
  if (!settings) return 0;
  plan::KafkaProxyPlanner planner(*settings);
  check_plan(planner.plan(brokers_of(*settings)));
  const auto conversion = plan::convert_kafka_proxy(*settings, {});
  if (!conversion || size % kReadBackOneIn != 0) return 0;
  const auto spec = plan::parse_spec(plan::to_yaml(*conversion), "f");
  require(spec.has_value() && *spec == conversion->spec);
  return 0;
}
