#include <algorithm>

#include "plan/deployment.h"

namespace portway::plan {
namespace {

constexpr std::string_view kSuffix = ".tidbcloud.com";

std::vector<std::string> labels_of(std::string_view name) {
  std::vector<std::string> labels;
  while (true) {
    const size_t dot = name.find('.');
    labels.emplace_back(name.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    name.remove_prefix(dot + 1);
  }
}

bool all_of(std::string_view text, bool (*is)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_unique_char(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

bool is_cloud(std::string_view text) {
  return text == "gcp" || text == "aws" || text == "azure" || text == "alicloud";
}

}  // namespace

std::optional<TidbCloudName> parse_tidb_cloud_name(std::string_view advertise) {
  if (!advertise.ends_with(kSuffix)) return std::nullopt;
  std::vector<std::string> labels =
      labels_of(advertise.substr(0, advertise.size() - kSuffix.size()));
  TidbCloudName name;
  size_t after = 2;  // labels behind the unique string
  if (labels.back() == "plc") {
    if (labels.size() < 4) return std::nullopt;
    name.cloud = labels[labels.size() - 2];
  } else {
    after = 3;
    if (labels.size() < 5) return std::nullopt;
    name.number = labels.back();
    name.cloud = labels[labels.size() - 2];
    name.region = labels[labels.size() - 3];
    if (!all_of(name.number, is_digit)) return std::nullopt;
  }
  const size_t before = labels.size() - after - 1;  // labels before the unique string
  if (!is_cloud(name.cloud) || before > 2) return std::nullopt;
  name.label = labels[0];
  if (before == 2) name.az_id = labels[1];
  name.unique = labels[before];
  if (!all_of(name.unique, is_unique_char)) return std::nullopt;
  return name;
}

}  // namespace portway::plan
