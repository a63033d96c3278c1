#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace portway::plan {

inline constexpr size_t kPropertiesBytesMax = 1 << 20;

// What stands between a key and its value: nothing ("key"), blanks only ("key value"), or a '=' or
// ':' with or without blanks around it.
enum class PropertySeparator : uint8_t { kNone, kBlank, kSign };

// A key and its value. Places are offsets into the file's text, in bytes.
struct PropertiesEntry {
  std::string key;         // UTF-8, without escapes
  std::string value;       // UTF-8, without escapes; blanks at its end belong to it
  int line = 0;            // the first of its lines, from 1
  size_t begin = 0;        // its lines: one, and those that go on after a backslash
  size_t end = 0;          // behind the line end of the last
  size_t value_begin = 0;  // the value in the file, which may span lines
  size_t value_end = 0;    // before the line end
  PropertySeparator separator = PropertySeparator::kNone;
  bool overridden = false;  // a later entry has the same key: Java forgets this one

  bool operator==(const PropertiesEntry&) const = default;
};

// A file in the format of java.util.Properties, as Kafka reads server.properties:
// Properties.load(InputStream), which takes every byte for a character of ISO-8859-1. A value
// written in UTF-8 is therefore decoded to what Kafka sees, not to what its writer meant.
struct PropertiesFile {
  std::string name;                      // for messages
  std::string text;                      // as it was read, byte for byte
  std::vector<PropertiesEntry> entries;  // in the order of the file
  std::string line_end = "\n";           // of the first line
  bool ends_in_continuation = false;     // a line added to the text would go on with its last one

  bool operator==(const PropertiesFile&) const = default;
};

// Reads a file as Java 17 does, with one difference: a lone backslash at the end of the file, which
// Java reads as an empty key, is no entry. Errors (operator, "bad_properties") name file and line:
// more than kPropertiesBytesMax, or \u without four hexadecimal digits.
Result<PropertiesFile> parse_properties(std::string text, std::string name);

// The entry that counts for this key, the last one; null when there is none.
const PropertiesEntry* find_property(const PropertiesFile& file, std::string_view key);

// The lines of an entry as they stand in the file, with their line ends. A view of file.text.
std::string_view raw_lines(const PropertiesFile& file, const PropertiesEntry& entry);

}  // namespace portway::plan
