// Runs every testdata/convert/*.flags (one word a line) through the conversion: the result must be
// what *.expected says, and must be read back as a valid portway.yaml. Lines "--broker-id A=ID"
// are the option of that name. To add a case, write the .flags and run with
// PORTWAY_UPDATE_GOLDEN=1.
#include "plan/kafka_proxy_convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "plan/golden_testing.h"
#include "plan/kafka_proxy_command_line.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr const char* kFolder = "src/plan/testdata/convert/";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(source_path(kFolder))) {
    if (entry.path().extension() == ".flags") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<Conversion> convert(const std::string& flags) {
  std::vector<std::string> words;
  std::map<HostPort, int32_t> broker_ids;
  std::istringstream lines(flags);
  for (std::string word; std::getline(lines, word);) {
    static constexpr std::string_view kBrokerId = "--broker-id ";
    if (!word.starts_with(kBrokerId)) {
      words.push_back(word);
      continue;
    }
    const size_t equals = word.find('=');
    const auto address =
        parse_host_port(word.substr(kBrokerId.size(), equals - kBrokerId.size())).value();
    broker_ids[address] = static_cast<int32_t>(parse_number(word.substr(equals + 1)).value());
  }
  const auto line =
      parse_kafka_proxy_command_line(words, [](const std::string&) { return std::nullopt; });
  if (!line) return tl::unexpected(line.error());
  const auto settings = kafka_proxy_settings(*line);
  if (!settings) return tl::unexpected(settings.error());
  return convert_kafka_proxy(*settings, broker_ids);
}

class ConvertGolden : public testing::TestWithParam<std::string> {};

TEST_P(ConvertGolden, GivesTheExpectedFile) {
  const std::string base = kFolder + GetParam();
  const auto conversion = convert(read_source_file(base + ".flags"));
  const std::string text = conversion ? to_yaml(*conversion) : conversion.error().message + "\n";
  expect_golden(base + ".expected", text);
  if (!conversion) return;
  const auto spec = parse_spec(text, "portway.yaml");
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_TRUE(*spec == conversion->spec);
}

INSTANTIATE_TEST_SUITE_P(, ConvertGolden, testing::ValuesIn(case_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace portway::plan
