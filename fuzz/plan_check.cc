// Everything that `portway check` looks at, from anywhere: findings or none, never more. Files come
// in one input, each behind a line "#file NAME"; what stands before the first is portway.yaml.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "plan/check/check_all.h"
#include "plan/spec.h"

namespace {

using namespace portway;

constexpr std::string_view kFileMark = "#file ";
constexpr size_t kPropertiesMax = 8;

void require(bool holds) {
  if (!holds) std::abort();
}

void add(const std::string& name, std::string text, plan::CheckInput& input) {
  if (name.ends_with(".properties")) {
    if (input.properties.size() == kPropertiesMax) return;
    input.properties.push_back({{name, std::move(text)}, std::nullopt});
  } else if (name == "kafka-proxy.txt") {
    input.kafka_proxy = plan::NamedText{name, std::move(text)};
  } else {
    input.spec = plan::NamedText{name, std::move(text)};
  }
}

plan::CheckInput input_of(std::string_view rest) {
  plan::CheckInput input;
  std::string name = "portway.yaml";
  std::string text;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.starts_with(kFileMark)) {
      if (!text.empty()) add(name, std::exchange(text, {}), input);
      name = line.substr(kFileMark.size());
    } else {
      text.append(line) += '\n';
    }
  }
  if (!text.empty()) add(name, std::move(text), input);
  input.is_whole_cluster = input.properties.size() > 1;
  return input;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const plan::CheckInput input =
      input_of(std::string_view(reinterpret_cast<const char*>(data), size));
  const auto findings = plan::check_all(input);
  for (const plan::Finding& finding : findings) {
    require(!finding.message.empty() && !finding.file.empty());
    require(!plan::finding_line(finding).empty());
  }
  require(plan::findings_text(findings).empty() == findings.empty());
  require(plan::findings_text(plan::check_all(input)) == plan::findings_text(findings));
  if (input.spec && !plan::parse_spec(input.spec->text, "f")) {
    require(plan::count(findings).errors > 0);
  }
  return 0;
}
