// A server.properties from anywhere: read or refused, never more. Setting a key leaves the other
// entries, done twice changes nothing more, and the difference is what unified_diff says.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/unified_diff.h"
#include "base/unified_diff_testing.h"
#include "plan/properties/kafka_listeners.h"
#include "plan/properties/properties_edit.h"
#include "plan/properties/properties_file.h"

namespace {

using namespace portway;

void require(bool holds) {
  if (!holds) std::abort();
}

template <typename Parse>
void check_value(Parse parse, std::string_view text) {
  const auto list = parse(text);
  if (!list) {
    require(!list.error().message.empty());
    return;
  }
  require(parse(plan::to_string(*list)).value() == *list);
}

void check_values(std::string_view text) {
  check_value([](std::string_view value) { return plan::parse_listeners("listeners", value); },
              text);
  check_value(plan::parse_protocol_map, text);
  check_value(plan::parse_quorum_voters, text);
  check_value(plan::parse_process_roles, text);
}

std::vector<std::string> values_of_others(const plan::PropertiesFile& file, std::string_view key) {
  std::vector<std::string> values;
  for (const plan::PropertiesEntry& entry : file.entries) {
    if (entry.key != key) values.push_back(entry.key + '\n' + entry.value);
  }
  return values;
}

void check_diff(const plan::PropertiesFile& before, const plan::PropertiesFile& after) {
  const std::string diff = unified_diff(before.text, after.text, "a", "b");
  require(diff.empty() == (before.text == after.text));
  require(apply_unified_diff(before.text, diff) == after.text);
}

void check_set(const plan::PropertiesFile& file, std::string_view key,
               const plan::PropertyPlace& place) {
  const std::string value = " =\\\n\t\u00e9";
  const auto edited = plan::set_property(file, key, value, place);
  if (!edited) return;  // an empty key, half a surrogate pair in it, or a file at its limit
  require(plan::find_property(*edited, key)->value == value);
  require(values_of_others(*edited, key) == values_of_others(file, key));
  require(plan::set_property(*edited, key, value, place).value().text == edited->text);
  check_diff(file, *edited);
}

void check_remove(const plan::PropertiesFile& file, std::string_view key) {
  const auto edited = plan::remove_property(file, key);
  if (!edited) return;  // a file at its limit
  require(plan::find_property(*edited, key) == nullptr);
  require(values_of_others(*edited, key) == values_of_others(file, key));
  check_diff(file, *edited);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_values(text);
  const auto file = plan::parse_properties(text, "f");
  if (!file) {
    require(!file.error().message.empty());
    return 0;
  }
  check_set(*file, "advertised.listeners", {"listeners", "External listener"});
  if (file->entries.empty()) return 0;
  const std::string& key = file->entries.front().key;
  check_values(file->entries.back().value);
  check_set(*file, key, {});
  check_remove(*file, key);
  return 0;
}
