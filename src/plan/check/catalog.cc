#include "plan/check/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "plan/values.h"

namespace portway::plan {
namespace {

std::vector<CheckInfo> joined_catalog() {
  std::vector<CheckInfo> all;
  for (const auto part : {file_catalog(), listener_catalog(), cluster_catalog(), cloud_catalog(),
                          properties_catalog(), kafka_proxy_catalog()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

const CheckInfo* find_number(int64_t number) {
  const auto all = check_catalog();
  const auto found = std::find_if(all.begin(), all.end(), [number](const CheckInfo& info) {
    return static_cast<int64_t>(info.check) == number;
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "";
}

std::span<const CheckInfo> check_catalog() {
  static const std::vector<CheckInfo> all = joined_catalog();
  return all;
}

const CheckInfo& check_info(Check check) {
  const CheckInfo* info = find_number(static_cast<int64_t>(check));
  if (info == nullptr) std::abort();  // a code was added without its words
  return *info;
}

std::string code_text(Check check) { return fmt::format("PW{:03}", static_cast<int>(check)); }

const CheckInfo* find_check(std::string_view code) {
  if (code.starts_with("PW") || code.starts_with("pw")) code.remove_prefix(2);
  const auto number = parse_number(code);
  return number ? find_number(*number) : nullptr;
}

std::string explain(const CheckInfo& info) {
  const std::string code = code_text(info.check);
  return fmt::format("{} ({}): {}\n\n{}\n\nInstead: {}\n\nExamples: docs/checks/{}.md\n", code,
                     severity_name(info.severity), info.title, info.why, info.remedy, code);
}

std::string check_list() {
  std::string text;
  for (const CheckInfo& info : check_catalog()) {
    text += fmt::format("{}  {:<7}  {}\n", code_text(info.check), severity_name(info.severity),
                        info.title);
  }
  return text;
}

}  // namespace portway::plan
