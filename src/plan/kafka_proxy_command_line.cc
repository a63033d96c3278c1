#include "plan/kafka_proxy_command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include "plan/values.h"

namespace portway::plan {
namespace {

struct MappingVariable {
  std::string_view flag;
  const char* variable;
};
constexpr MappingVariable kMappingVariables[] = {
    {"bootstrap-server-mapping", "BOOTSTRAP_SERVER_MAPPING"},
    {"external-server-mapping", "EXTERNAL_SERVER_MAPPING"},
    {"dial-address-mapping", "DIAL_ADDRESS_MAPPING"},
};

constexpr size_t kErrorsMax = 20;  // further ones are not looked for

constexpr double kDurationUsMax = 9e15;  // some 285 years; all whole numbers below are exact

const KafkaProxyFlag& known(std::string_view name) {
  const KafkaProxyFlag* flag = find_kafka_proxy_flag(name);
  if (flag == nullptr) std::abort();  // the caller asks for a flag that the table does not have
  return *flag;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string> words_of(std::string_view text) {
  static constexpr std::string_view kSpace = " \t\r\n\v\f";
  std::vector<std::string> words;
  for (size_t begin; (begin = text.find_first_not_of(kSpace)) != std::string_view::npos;) {
    text.remove_prefix(begin);
    const size_t end = std::min(text.find_first_of(kSpace), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

bool is_list(FlagType type) {
  return type == FlagType::kStringArray || type == FlagType::kStringSlice ||
         type == FlagType::kIntSlice || type == FlagType::kStringToString;
}

// What is wrong with the form of a value; empty when nothing is.
std::string wrong_form(const KafkaProxyFlag& flag, const std::string& value) {
  const auto number = parse_go_integer(value);
  switch (flag.type) {
    case FlagType::kBool:
      return parse_go_bool(value) ? "" : "is neither true nor false";
    case FlagType::kInt:
      return number ? "" : "is not a number";
    case FlagType::kUint64:
      return number && *number >= 0 ? "" : "is not a number from 0 on";
    case FlagType::kUint16:
      return number && *number >= 0 && *number <= 65535 ? "" : "is not a number from 0 to 65535";
    case FlagType::kDuration:
      return parse_go_duration_us(value) ? "" : "is not a duration such as 15s, 1m30s or 500ms";
    case FlagType::kIntSlice:
      for (const std::string& part : split(value, ',')) {
        if (!parse_number(part)) return "is not a list of numbers such as 20,37";
      }
      return "";
    default:
      return "";
  }
}

// Reads the words one by one, as Go's pflag library does.
class WordReader {
 public:
  explicit WordReader(std::span<const std::string> words) : words_(words) {}

  Result<KafkaProxyCommandLine> read() {
    while (at_ < words_.size() && errors_count_ < kErrorsMax) {
      const std::string& word = words_[at_++];
      if (word == "--") break;
      if (word == "-h" || word == "--help") {
        line_.help_wanted = true;
      } else if (word.starts_with("--") && word[2] != '=') {
        read_flag(std::string_view(word).substr(2));
      } else if (word.size() > 1 && word.front() == '-') {
        add_error(fmt::format("{}: not a flag; flags have two hyphens",
                              std::string_view(word).substr(0, word.find('='))));
      } else {
        ignore(word);
      }
    }
    while (at_ < words_.size()) ignore(words_[at_++]);
    if (!errors_.empty()) return fail(Fault::kOperator, "bad_flags", errors_);
    return std::move(line_);
  }

 private:
  void read_flag(std::string_view text) {
    const size_t equals = text.find('=');
    const std::string name(text.substr(0, equals));
    const KafkaProxyFlag* flag = find_kafka_proxy_flag(name);
    if (flag == nullptr) return unknown(name);
    std::string value;
    if (equals != std::string_view::npos) {
      value = text.substr(equals + 1);
    } else if (flag->type == FlagType::kBool) {
      value = "true";
    } else if (at_ < words_.size()) {
      value = words_[at_++];
    } else {
      return add_error(
          fmt::format("--{}: its value is missing: {}", name, flag_type_name(flag->type)));
    }
    const std::string wrong = wrong_form(*flag, value);
    if (!wrong.empty()) {
      const std::string shown = flag->is_secret ? "the value" : fmt::format("'{}'", value);
      return add_error(fmt::format("--{}: {} {}", name, shown, wrong));
    }
    line_.set(*flag, std::move(value));
  }

  void unknown(const std::string& name) {
    std::vector<std::string_view> names;
    for (const KafkaProxyFlag& flag : kafka_proxy_flags()) names.push_back(flag.name);
    const auto near = nearest(name, names);
    add_error(fmt::format("--{}: not a flag of kafka-proxy {}{}", name, kKafkaProxyVersion,
                          near ? fmt::format("; did you mean --{}?", *near) : ""));
  }

  void ignore(const std::string& word) {
    line_.warnings.push_back(fmt::format(
        "'{}' is not a flag and is ignored, as in kafka-proxy; values of true-or-false flags are "
        "written --flag=false",
        word));
  }

  void add_error(const std::string& message) {
    if (!errors_.empty()) errors_ += "\n";
    errors_ += message;
    ++errors_count_;
  }

  std::span<const std::string> words_;
  size_t at_ = 0;
  KafkaProxyCommandLine line_;
  std::string errors_;
  size_t errors_count_ = 0;
};

struct DurationUnit {
  std::string_view name;
  double us;
};
// Longer names first where one is the beginning of another.
constexpr DurationUnit kDurationUnits[] = {
    {"ns", 1e-3},   {"us", 1.0}, {"\xc2\xb5s", 1.0}, {"\xce\xbcs", 1.0},
    {"ms", 1000.0}, {"s", 1e6},  {"m", 60e6},        {"h", 3600e6},
};

// Takes one "1.5h" from the front of `text`.
std::optional<double> take_duration_part(std::string_view& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + digits, number, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + digits) return std::nullopt;
  text.remove_prefix(digits);
  for (const DurationUnit& unit : kDurationUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return number * unit.us;
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> parse_go_bool(std::string_view text) {
  for (const std::string_view word : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == word) return true;
  }
  for (const std::string_view word : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

std::optional<int64_t> parse_go_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 1 && text.front() == '0') {
    const char mark = static_cast<char>(text[1] | 0x20);  // lower case
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    text.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  if (text.starts_with('-')) return std::nullopt;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return negative ? -number : number;
}

std::optional<int64_t> parse_go_duration_us(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  double sum_us = 0;
  while (!text.empty()) {
    const auto part = take_duration_part(text);
    if (!part) return std::nullopt;
    sum_us += *part;
    if (sum_us > kDurationUsMax) return std::nullopt;
  }
  const auto us = static_cast<int64_t>(std::ceil(sum_us));
  return negative ? -us : us;
}

void KafkaProxyCommandLine::set(const KafkaProxyFlag& flag, std::string value) {
  std::vector<std::string>& values = given_[std::string(flag.name)];
  if (!is_list(flag.type)) values.clear();
  if (flag.type == FlagType::kIntSlice || flag.type == FlagType::kStringSlice) {
    for (std::string& part : split(value, ',')) values.push_back(std::move(part));
  } else {
    values.push_back(std::move(value));
  }
}

bool KafkaProxyCommandLine::differs(std::string_view name) const {
  const KafkaProxyFlag& flag = known(name);
  const auto given = given_.find(name);
  if (given == given_.end()) return false;
  if (is_list(flag.type)) return true;
  const std::string& value = given->second.back();
  switch (flag.type) {
    case FlagType::kBool:
      return parse_go_bool(value) != parse_go_bool(flag.fallback);
    case FlagType::kDuration:
      return parse_go_duration_us(value) != parse_go_duration_us(flag.fallback);
    case FlagType::kInt:
    case FlagType::kUint16:
    case FlagType::kUint64:
      return parse_go_integer(value) != parse_go_integer(flag.fallback);
    default:
      return value != flag.fallback;
  }
}

std::string KafkaProxyCommandLine::text(std::string_view name) const {
  const auto given = given_.find(name);
  return given == given_.end() ? std::string(known(name).fallback) : given->second.back();
}

bool KafkaProxyCommandLine::truth(std::string_view name) const {
  return parse_go_bool(text(name)).value_or(false);
}

int64_t KafkaProxyCommandLine::number(std::string_view name) const {
  return parse_go_integer(text(name)).value_or(0);
}

int64_t KafkaProxyCommandLine::duration_ms(std::string_view name) const {
  const int64_t us = parse_go_duration_us(text(name)).value_or(0);
  return us <= 0 ? us / 1000 : (us + 999) / 1000;
}

std::vector<std::string> KafkaProxyCommandLine::list(std::string_view name) const {
  const auto given = given_.find(name);
  return given == given_.end() ? std::vector<std::string>() : given->second;
}

Result<KafkaProxyCommandLine> parse_kafka_proxy_command_line(std::span<const std::string> words,
                                                             const Environment& environment) {
  auto line = WordReader(words).read();
  if (!line) return line;
  for (const MappingVariable& mapping : kMappingVariables) {
    if (!line->list(mapping.flag).empty()) continue;
    const auto value = environment(mapping.variable);
    if (!value) continue;
    for (std::string& word : words_of(*value)) line->set(known(mapping.flag), std::move(word));
  }
  return line;
}

}  // namespace portway::plan
