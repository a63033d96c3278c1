#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace portway {

inline std::string_view take_line(std::string_view& text) {
  const size_t length = text.empty() ? 0 : std::min(text.find('\n'), text.size() - 1) + 1;
  const std::string_view line = text.substr(0, length);
  text.remove_prefix(length);
  return line;
}

// The hunk's place in the old text: how many lines stand before it ("@@ -7,3 +7,4 @@" is 6). A
// range of no lines names the line before itself.
inline std::optional<size_t> lines_before_hunk(std::string_view header) {
  if (!header.starts_with("@@ -")) return std::nullopt;
  size_t first = 0;
  const char* end = header.data() + header.size();
  const auto [rest, error] = std::from_chars(header.data() + 4, end, first);
  if (error != std::errc()) return std::nullopt;
  const bool is_empty = std::string_view(rest, end).starts_with(",0");
  return is_empty ? first : first - 1;
}

// What patch(1) makes of `old_text`; nothing when a line of the diff is not found where it says.
inline std::optional<std::string> apply_unified_diff(std::string_view old_text,
                                                     std::string_view diff) {
  if (diff.empty()) return std::string(old_text);
  if (!take_line(diff).starts_with("--- ")) return std::nullopt;
  if (!take_line(diff).starts_with("+++ ")) return std::nullopt;
  std::string result;
  size_t old_lines = 0;  // taken so far
  while (!diff.empty()) {
    std::string_view line = take_line(diff);
    if (const auto before = lines_before_hunk(line)) {
      for (; old_lines < *before; ++old_lines) result += take_line(old_text);
      continue;
    }
    const char mark = line.front();
    line.remove_prefix(1);
    if (diff.starts_with("\\ No newline at end of file\n")) {
      line.remove_suffix(1);
      take_line(diff);
    }
    if (mark != '+') {
      if (take_line(old_text) != line) return std::nullopt;
      ++old_lines;
    }
    if (mark != '-') result += line;
  }
  return result.append(old_text);
}

}  // namespace portway
