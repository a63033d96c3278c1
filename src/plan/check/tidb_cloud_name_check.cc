#include "plan/check/tidb_cloud_name_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/deployment.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr std::string_view kSuffix = ".tidbcloud.com";
constexpr std::string_view kForms =
    "LABEL.UNIQUE.REGION.gcp.NUMBER.tidbcloud.com, as the console's Kafka Advertised Listener "
    "Pattern has it";

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return result;
}

bool is_label(std::string_view label) {
  const auto is_alnum = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  return !label.empty() && is_alnum(label.front()) && is_alnum(label.back()) &&
         std::all_of(label.begin(), label.end(), [&](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace

bool is_meant_for_tidb_cloud(std::string_view host) {
  const std::string wrapped = fmt::format(".{}.", lower(host));
  return wrapped.find(".tidbcloud.com.") != std::string::npos || wrapped.ends_with(".tidbcloud.");
}

std::optional<NameFault> tidb_cloud_name_fault(std::string_view pattern) {
  if (!is_meant_for_tidb_cloud(pattern)) return std::nullopt;
  const std::string host = substitute_id(pattern, 1);
  const std::string lowered = lower(host);
  if (lowered != host) {
    return NameFault{true, fmt::format("'{}' has capitals", pattern),
                     fmt::format("write {}", lower(pattern))};
  }
  if (!host.ends_with(kSuffix)) {
    return NameFault{false, fmt::format("'{}' does not end in {}", pattern, kSuffix),
                     fmt::format("write {}", kForms)};
  }
  const auto name = parse_tidb_cloud_name(host);
  if (!name || host.ends_with(".com.tidbcloud.com")) {
    return NameFault{false, fmt::format("'{}' is not built as TiDB Cloud builds names", pattern),
                     fmt::format("write {}", kForms)};
  }
  if (!is_label(name->label)) {
    return NameFault{false,
                     fmt::format("the first label of '{}' has something other than lower-case "
                                 "letters, digits and inner hyphens",
                                 pattern),
                     "write for example b{id} as the first label"};
  }
  return std::nullopt;
}

}  // namespace portway::plan
