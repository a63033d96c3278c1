#include "base/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace portway {
namespace {

using Lines = std::vector<std::string_view>;  // each with its \n; the last may be without

Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

// Lines [old_begin, old_end) give way to lines [new_begin, new_end).
struct Change {
  size_t old_begin = 0;
  size_t old_end = 0;
  size_t new_begin = 0;
  size_t new_end = 0;
};

// The shortest edit by E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), in
// its greedy form: for each number of edits, how far down each diagonal (old - new) they reach.
class ShortestEdit {
 public:
  ShortestEdit(const Lines& old_lines, const Lines& new_lines, const Change& window)
      : old_lines_(old_lines), new_lines_(new_lines), window_(window) {}

  // Changes within the window, in ascending order; the window itself when there are too many.
  std::vector<Change> changes() {
    if (!search()) return {window_};
    return walk_back();
  }

 private:
  // How far each diagonal -edits, -edits + 2, ... edits reaches, in lines of the old text.
  using Reached = std::vector<int32_t>;
  static constexpr int32_t kNowhere = -2;  // a step from there leads outside of the window, too

  int32_t old_size() const { return static_cast<int32_t>(window_.old_end - window_.old_begin); }
  int32_t new_size() const { return static_cast<int32_t>(window_.new_end - window_.new_begin); }

  static int32_t at(const Reached& reached, int32_t diagonal) {
    const auto edits = static_cast<int32_t>(reached.size()) - 1;
    return diagonal < -edits || diagonal > edits
               ? kNowhere
               : reached[static_cast<size_t>((diagonal + edits) / 2)];
  }

  // Whether the last of the edits that reach `diagonal` adds a line; else it removes one.
  static bool is_added(const Reached& before, int32_t diagonal) {
    return at(before, diagonal - 1) < at(before, diagonal + 1);
  }

  // Where on `diagonal` the edit leads, before equal lines are followed.
  static int32_t step(const Reached& before, int32_t diagonal) {
    return is_added(before, diagonal) ? at(before, diagonal + 1) : at(before, diagonal - 1) + 1;
  }

  int32_t follow_equal_lines(int32_t old_at, int32_t diagonal) const {
    while (old_at < old_size() && old_at - diagonal < new_size() &&
           old_lines_[window_.old_begin + static_cast<size_t>(old_at)] ==
               new_lines_[window_.new_begin + static_cast<size_t>(old_at - diagonal)]) {
      ++old_at;
    }
    return old_at;
  }

  bool is_inside(int32_t old_at, int32_t diagonal) const {
    return old_at >= 0 && old_at <= old_size() && old_at - diagonal >= 0 &&
           old_at - diagonal <= new_size();
  }

  bool search() {
    const int32_t goal = old_size() - new_size();
    for (int32_t edits = 0; edits <= static_cast<int32_t>(kDiffEditsMax); ++edits) {
      Reached& reached = trace_.emplace_back(static_cast<size_t>(edits) + 1, kNowhere);
      for (int32_t diagonal = -edits; diagonal <= edits; diagonal += 2) {
        const int32_t start =
            edits == 0 ? 0 : step(trace_[static_cast<size_t>(edits) - 1], diagonal);
        if (!is_inside(start, diagonal)) continue;
        const int32_t old_at = follow_equal_lines(start, diagonal);
        reached[static_cast<size_t>((diagonal + edits) / 2)] = old_at;
        if (diagonal == goal && old_at == old_size()) return true;
      }
    }
    return false;
  }

  std::vector<Change> walk_back() const {
    std::vector<Change> changes;
    int32_t diagonal = old_size() - new_size();
    for (size_t edits = trace_.size() - 1; edits > 0; --edits) {
      const Reached& before = trace_[edits - 1];
      const int32_t end = step(before, diagonal);
      const bool added = is_added(before, diagonal);
      Change change;
      change.old_end = window_.old_begin + static_cast<size_t>(end);
      change.new_end = window_.new_begin + static_cast<size_t>(end - diagonal);
      change.old_begin = change.old_end - (added ? 0 : 1);
      change.new_begin = change.new_end - (added ? 1 : 0);
      prepend(change, changes);
      diagonal += added ? 1 : -1;
    }
    std::reverse(changes.begin(), changes.end());
    return changes;
  }

  // Joins with the change that follows when no equal line stands between.
  static void prepend(const Change& change, std::vector<Change>& reversed) {
    if (reversed.empty() || reversed.back().old_begin != change.old_end ||
        reversed.back().new_begin != change.new_end) {
      reversed.push_back(change);
      return;
    }
    reversed.back().old_begin = change.old_begin;
    reversed.back().new_begin = change.new_begin;
  }

  const Lines& old_lines_;
  const Lines& new_lines_;
  const Change window_;
  std::vector<Reached> trace_;  // by the number of edits
};

std::vector<Change> changes_between(const Lines& old_lines, const Lines& new_lines) {
  const size_t shorter = std::min(old_lines.size(), new_lines.size());
  size_t same_front = 0;
  while (same_front < shorter && old_lines[same_front] == new_lines[same_front]) ++same_front;
  size_t same_back = 0;
  while (same_back < shorter - same_front &&
         *(old_lines.rbegin() + static_cast<std::ptrdiff_t>(same_back)) ==
             *(new_lines.rbegin() + static_cast<std::ptrdiff_t>(same_back))) {
    ++same_back;
  }
  const Change window{same_front, old_lines.size() - same_back, same_front,
                      new_lines.size() - same_back};
  if (window.old_begin == window.old_end && window.new_begin == window.new_end) return {};
  return ShortestEdit(old_lines, new_lines, window).changes();
}

void append_lines(char mark, const Lines& lines, size_t begin, size_t end, std::string& out) {
  for (size_t i = begin; i < end; ++i) {
    out += mark;
    out += lines[i];
    if (lines[i].back() != '\n') out += "\n\\ No newline at end of file\n";
  }
}

// "7,3"; "7" for one line; for none, the line before.
std::string range_text(size_t begin, size_t end) {
  if (end - begin == 1) return fmt::format("{}", end);
  return fmt::format("{},{}", begin == end ? begin : begin + 1, end - begin);
}

void append_hunk(const Lines& old_lines, const Lines& new_lines, const Change* first,
                 const Change* last, std::string& out) {
  const size_t before = std::min(kDiffContextLines, first->old_begin);
  const size_t after = std::min(kDiffContextLines, old_lines.size() - last->old_end);
  out +=
      fmt::format("@@ -{} +{} @@\n", range_text(first->old_begin - before, last->old_end + after),
                  range_text(first->new_begin - before, last->new_end + after));
  size_t old_at = first->old_begin - before;
  for (const Change* change = first; change <= last; ++change) {
    append_lines(' ', old_lines, old_at, change->old_begin, out);
    append_lines('-', old_lines, change->old_begin, change->old_end, out);
    append_lines('+', new_lines, change->new_begin, change->new_end, out);
    old_at = change->old_end;
  }
  append_lines(' ', old_lines, old_at, last->old_end + after, out);
}

std::string header_line(std::string_view mark, std::string_view name) {
  const bool has_space = name.find(' ') != std::string_view::npos;
  return fmt::format("{} {}{}\n", mark, name, has_space ? "\t" : "");
}

}  // namespace

std::string unified_diff(std::string_view old_text, std::string_view new_text,
                         std::string_view old_name, std::string_view new_name) {
  const Lines old_lines = split_lines(old_text);
  const Lines new_lines = split_lines(new_text);
  const std::vector<Change> changes = changes_between(old_lines, new_lines);
  if (changes.empty()) return "";
  std::string out = header_line("---", old_name) + header_line("+++", new_name);
  for (size_t i = 0; i < changes.size();) {
    size_t last = i;
    while (last + 1 < changes.size() &&
           changes[last + 1].old_begin - changes[last].old_end <= 2 * kDiffContextLines) {
      ++last;
    }
    append_hunk(old_lines, new_lines, &changes[i], &changes[last], out);
    i = last + 1;
  }
  return out;
}

}  // namespace portway
