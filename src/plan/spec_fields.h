#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portway::plan {

// How a field's value is written.
enum class FieldType : uint8_t {
  kText,               // a word or a quoted string
  kChoice,             // one of `choices`
  kNumber,             // a decimal number
  kPort,               // a TCP port
  kDuration,           // 500ms, 60s, 5m, 2h; held in milliseconds
  kSize,               // 64KiB, 100MiB, 1GiB or plain bytes; held in bytes
  kAddress,            // host:port
  kTexts,              // one value or a list of them
  kIds,                // broker ids: 7, 1-64, 1-3,101-103 or a list of such
  kBrokers,            // broker id: port, or broker id: {port: ..., advertised_port: ...}
  kFlag,               // true or false
  kRange,              // an IPv4 range: 10.64.0.0/18
  kMapping,            // a block with the fields below it
  kMappings,           // a list of such blocks
  kOneOrMoreMappings,  // a block or a list of such blocks
};

// One field of portway.yaml. The reader takes keys, defaults and bounds from here, and the
// reference page is written from here: nothing about a field is said anywhere else.
struct Field {
  std::string_view path;  // "serve.idle_timeout", "external_listeners[].ports[].first"
  FieldType type;
  bool required;
  std::string_view fallback;  // the default, written as in the file; empty: none
  int64_t least;              // bounds of numbers, ports, ms and bytes; and of a list's length
  int64_t most;
  std::string_view choices;  // kChoice: "a|b|c"; kText and kTexts: the name of a form;
                             // otherwise words taken instead of a number
  std::string_view meaning;  // one sentence
  std::string_view example;  // a value, written as in the file
};

// What texts of one kind look like.
struct TextForm {
  std::string_view name;
  std::string_view regex;  // ECMAScript, of the whole text
  std::string_view words;  // the same for people
};

// The form that the field's texts must have; nullptr when any text will do.
const TextForm* text_form(const Field& field);

// All fields, parents before children, in the order of the reference page.
std::span<const Field> spec_fields();

// The field with this path; nullptr when there is none.
const Field* find_field(std::string_view path);

// The last part of the paths right below `parent` ("" for the top): the keys known there.
std::vector<std::string_view> keys_below(std::string_view parent);

// The path of another section that has a field called `key`; empty when there is none.
std::string_view section_with(std::string_view key);

// What a value of this field looks like, for an error: "a duration from 1s to 24h, such as 60s".
std::string expected_value(const Field& field);

// The field's bound as it would be written in the file.
std::string bound_text(const Field& field, int64_t bound);

// A number, port, duration or size as this field's type writes it; bounds are not looked at.
std::optional<int64_t> parse_quantity(const Field& field, std::string_view text);

inline constexpr size_t kExternalListenersMax = 256;
inline constexpr size_t kBoundPortsMax = 10'000;  // over all external listeners and addresses
inline constexpr size_t kIdRangesMax = 1000;      // of one block
inline constexpr size_t kBootstrapServersMax = 64;
inline constexpr size_t kListenAddressesMax = 16;
inline constexpr size_t kNodesMax = 10'000;
inline constexpr size_t kConsumersMax = 5000;  // what a service attachment's accept list may hold
inline constexpr size_t kZonesMax = 16;
inline constexpr size_t kNameLengthMax = 64;

}  // namespace portway::plan
