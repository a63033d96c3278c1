#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/check/codes.h"

namespace portway::plan {

enum class Severity : uint8_t {
  kError,    // it will not work; nothing is rendered from it
  kWarning,  // it will work until something happens, or not as it looks
  kNote,     // worth knowing; often wanted
};

std::string_view severity_name(Severity severity);  // "error"

// What one code means. The pages of docs/checks, `portway check --explain` and every finding take
// their words from here.
struct CheckInfo {
  Check check;
  Severity severity;
  std::string_view title;   // what is wrong, in general
  std::string_view why;     // what happens if it stays
  std::string_view remedy;  // what to write instead
};

// All codes, in ascending order.
std::span<const CheckInfo> check_catalog();

const CheckInfo& check_info(Check check);  // every Check is in the catalog

std::string code_text(Check check);                  // "PW012"
const CheckInfo* find_check(std::string_view code);  // "PW012", "pw12", "12", or nullptr
std::string explain(const CheckInfo& info);          // for people; ends with a newline
std::string check_list();                            // one line for each code

// The parts of the catalog, one file each.
std::span<const CheckInfo> file_catalog();
std::span<const CheckInfo> listener_catalog();
std::span<const CheckInfo> cluster_catalog();
std::span<const CheckInfo> cloud_catalog();
std::span<const CheckInfo> properties_catalog();
std::span<const CheckInfo> kafka_proxy_catalog();

}  // namespace portway::plan
