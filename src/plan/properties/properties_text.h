#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace portway::plan {

// How java.util.Properties writes keys and values in a file. Pure functions.

// One line of a text. Lines end with \n, \r, \r\n or the text, as for java.util.Properties.
struct NaturalLine {
  size_t content_end = 0;  // where its line end stands
  size_t end = 0;          // where the next one begins
};
NaturalLine natural_line_at(std::string_view text, size_t begin);

// Space, tab and form feed: what separates a key and its value, and what is skipped at the
// beginning of a line.
bool is_property_blank(char c);
size_t skip_property_blanks(std::string_view text, size_t at, size_t end);

// The UTF-8 text for a key or a value as it stands in the file: ISO-8859-1 with the escapes \t \n
// \r \f and \uXXXX (two of them for a surrogate pair); any other escaped character is itself, and a
// backslash with nothing behind it is nothing. Half of a surrogate pair, which UTF-8 has no place
// for, is kept in three bytes all the same, so that what differs in Java differs here.
// Nothing is returned when \u is not followed by four hexadecimal digits; Java throws then.
std::optional<std::string> decode_property(std::string_view raw);

// The reverse: ASCII with as few escapes as java.util.Properties needs to read the same text.
// Nothing is returned for text that is not UTF-8.
std::optional<std::string> encode_property_key(std::string_view key);

// `after_blank`: only blanks stand between the key and the value, so that a first '=' or ':' would
// be taken for the separator.
std::optional<std::string> encode_property_value(std::string_view value, bool after_blank);

}  // namespace portway::plan
