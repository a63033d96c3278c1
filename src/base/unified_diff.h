#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portway {

inline constexpr size_t kDiffContextLines = 3;

// How many lines may be removed and added, in all, for the shortest way to be looked for: time and
// memory grow with the square. Beyond it everything between the first and the last line that
// differ is replaced as a whole, which is longer to read and just as true.
inline constexpr size_t kDiffEditsMax = 2000;

// What `diff -u --label old_name --label new_name` prints: hunks with kDiffContextLines lines of
// context, and "\ No newline at end of file"; patch(1) applies it. Empty when the texts are equal.
// Lines end with \n; a \r before it belongs to the line. The names are without line ends; a tab
// follows one with spaces, as patch(1) needs it.
std::string unified_diff(std::string_view old_text, std::string_view new_text,
                         std::string_view old_name, std::string_view new_name);

}  // namespace portway
