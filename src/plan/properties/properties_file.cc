#include "plan/properties/properties_file.h"

#include <fmt/format.h>

#include <optional>
#include <unordered_set>
#include <utility>

#include "plan/properties/properties_text.h"

namespace portway::plan {
namespace {

bool ends_in_backslash(std::string_view content) {
  const size_t last_other = content.find_last_not_of('\\');
  const size_t backslashes = content.size() - (last_other + 1);  // npos + 1 is 0
  return backslashes % 2 == 1;
}

// One key and value in the making: lines joined, without the blanks at their beginning and the
// backslashes at their end.
struct LogicalLine {
  std::string text;
  std::vector<size_t> offsets;  // where each byte of `text` stands in the file
  int line = 0;
  size_t begin = 0;
  bool continues = false;  // the line before ended in a backslash

  void append(std::string_view file_text, size_t from, size_t to) {
    text.append(file_text.substr(from, to - from));
    for (size_t at = from; at < to; ++at) offsets.push_back(at);
  }
};

class Reader {
 public:
  explicit Reader(PropertiesFile& file) : file_(file) {}

  Result<void> read() {
    const std::string_view text = file_.text;
    size_t at = 0;
    for (int number = 1; at < text.size(); ++number) {
      const NaturalLine line = natural_line_at(text, at);
      if (number == 1 && line.end > line.content_end) {
        file_.line_end = text.substr(line.content_end, line.end - line.content_end);
      }
      if (!logical_.continues) start(number, at);
      if (take(at, line)) {
        if (auto entry = finish(line); !entry) return entry;
      }
      at = line.end;
    }
    mark_overridden();
    return {};
  }

 private:
  void start(int number, size_t begin) {
    logical_ = LogicalLine();
    logical_.line = number;
    logical_.begin = begin;
  }

  // True when an entry ends with this line.
  bool take(size_t begin, const NaturalLine& line) {
    const std::string_view text = file_.text;
    const size_t from = skip_property_blanks(text, begin, line.content_end);
    const bool is_comment = from < line.content_end && (text[from] == '#' || text[from] == '!');
    logical_.continues = false;
    // Behind a line that is only a backslash Java begins anew: a comment is one there, too.
    if (logical_.text.empty() && (is_comment || from == line.content_end)) return false;
    const bool goes_on = ends_in_backslash(text.substr(from, line.content_end - from));
    logical_.append(text, from, line.content_end - (goes_on ? 1 : 0));
    const bool is_last = line.end == text.size();
    file_.ends_in_continuation = goes_on && is_last;
    logical_.continues = goes_on && !is_last;
    return !logical_.continues && !logical_.text.empty();
  }

  Result<void> finish(const NaturalLine& last) {
    const std::string_view text = logical_.text;
    const size_t key_end = end_of_key();
    size_t value = skip_property_blanks(text, key_end, text.size());
    auto separator = value > key_end ? PropertySeparator::kBlank : PropertySeparator::kNone;
    if (value < text.size() && (text[value] == '=' || text[value] == ':')) {
      value = skip_property_blanks(text, value + 1, text.size());
      separator = PropertySeparator::kSign;
    }
    auto key = decode_property(text.substr(0, key_end));
    auto value_text = decode_property(text.substr(value));
    if (!key || !value_text) {
      return fail(Fault::kOperator, "bad_properties",
                  fmt::format("{}:{}: \\u is not followed by four hexadecimal digits; write for "
                              "example \\u00e9, or \\\\u for a backslash and a u",
                              file_.name, logical_.line));
    }
    PropertiesEntry& entry = file_.entries.emplace_back();
    entry.key = std::move(*key);
    entry.value = std::move(*value_text);
    entry.line = logical_.line;
    entry.begin = logical_.begin;
    entry.end = last.end;
    // Right behind the separator, so that a value on the lines below it begins there, too.
    entry.value_begin = logical_.offsets[value - 1] + 1;
    entry.value_end = last.content_end;
    entry.separator = separator;
    return {};
  }

  size_t end_of_key() const {
    bool escaped = false;
    size_t at = 0;
    for (; at < logical_.text.size(); ++at) {
      const char c = logical_.text[at];
      if (!escaped && (c == '=' || c == ':' || is_property_blank(c))) break;
      escaped = c == '\\' && !escaped;
    }
    return at;
  }

  void mark_overridden() {
    std::unordered_set<std::string_view> seen;
    for (auto entry = file_.entries.rbegin(); entry != file_.entries.rend(); ++entry) {
      entry->overridden = !seen.insert(entry->key).second;
    }
  }

  PropertiesFile& file_;
  LogicalLine logical_;
};

}  // namespace

Result<PropertiesFile> parse_properties(std::string text, std::string name) {
  if (text.size() > kPropertiesBytesMax) {
    return fail(Fault::kOperator, "bad_properties",
                fmt::format("{}: {} bytes; a properties file has at most {} (1 MiB)", name,
                            text.size(), kPropertiesBytesMax));
  }
  PropertiesFile file;
  file.name = std::move(name);
  file.text = std::move(text);
  if (auto read = Reader(file).read(); !read) return tl::unexpected(read.error());
  return file;
}

const PropertiesEntry* find_property(const PropertiesFile& file, std::string_view key) {
  for (const PropertiesEntry& entry : file.entries) {
    if (entry.key == key && !entry.overridden) return &entry;
  }
  return nullptr;
}

std::string_view raw_lines(const PropertiesFile& file, const PropertiesEntry& entry) {
  return std::string_view(file.text).substr(entry.begin, entry.end - entry.begin);
}

}  // namespace portway::plan
