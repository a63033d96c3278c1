#include "plan/properties/properties_edit.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "plan/properties/properties_text.h"

namespace portway::plan {
namespace {

tl::unexpected<Error> bad_property(const PropertiesFile& file, std::string_view key,
                                   std::string_view why) {
  return fail(Fault::kOperator, "bad_property", fmt::format("{}: {}: {}", file.name, key, why));
}

struct Replacement {
  size_t begin = 0;
  size_t end = 0;
  std::string text;
};

// `replacements` in ascending order, none inside another.
Result<PropertiesFile> replaced(const PropertiesFile& file,
                                const std::vector<Replacement>& replacements) {
  std::string text;
  size_t at = 0;
  for (const Replacement& replacement : replacements) {
    text.append(file.text, at, replacement.begin - at);
    text += replacement.text;
    at = replacement.end;
  }
  text.append(file.text, at);
  return parse_properties(std::move(text), file.name);
}

Replacement commented_out(const PropertiesFile& file, const PropertiesEntry& entry) {
  Replacement replacement{entry.begin, entry.end, ""};
  for (size_t at = entry.begin; at < entry.end;) {
    const NaturalLine line = natural_line_at(file.text, at);
    if (line.content_end > at) replacement.text += '#';
    replacement.text.append(file.text, at, line.end - at);
    at = line.end;
  }
  return replacement;
}

Result<PropertiesFile> replace_value(const PropertiesFile& file, const PropertiesEntry& entry,
                                     std::string_view value) {
  const bool after_blank = entry.separator == PropertySeparator::kBlank;
  const auto encoded = encode_property_value(value, after_blank);
  if (!encoded) return bad_property(file, entry.key, "the value is not UTF-8");
  std::vector<Replacement> replacements;
  for (const PropertiesEntry& other : file.entries) {
    if (other.key != entry.key) continue;
    if (other.overridden) {
      replacements.push_back(commented_out(file, other));
    } else if (other.value != value) {
      const std::string_view separator = entry.separator == PropertySeparator::kNone ? "=" : "";
      replacements.push_back(
          {entry.value_begin, entry.value_end, fmt::format("{}{}", separator, *encoded)});
    }
  }
  return replaced(file, replacements);
}

// Where the lines end that follow a heading without a blank one between; nothing when the file has
// no such heading.
std::optional<size_t> end_under_heading(const PropertiesFile& file, std::string_view heading_line) {
  const std::string_view text = file.text;
  auto entry = file.entries.begin();
  bool under_heading = false;
  for (size_t at = 0; at < text.size();) {
    if (entry != file.entries.end() && entry->begin == at) {
      at = entry->end;
      ++entry;
      continue;
    }
    const NaturalLine line = natural_line_at(text, at);
    const std::string_view content = text.substr(at, line.content_end - at);
    const bool is_blank = skip_property_blanks(content, 0, content.size()) == content.size();
    if (under_heading && is_blank) return at;
    if (content == heading_line) under_heading = true;
    at = line.end;
  }
  if (!under_heading) return std::nullopt;
  return text.size();
}

bool ends_in_blank_line(std::string_view text, std::string_view line_end) {
  if (!text.ends_with(line_end)) return false;
  text.remove_suffix(line_end.size());
  return text.empty() || text.back() == '\n' || text.back() == '\r';
}

// What must stand at the end of the text before lines can be added to it.
std::string end_of_last_line(const PropertiesFile& file) {
  const std::string_view text = file.text;
  const bool has_line_end = text.ends_with('\n') || text.ends_with('\r');
  std::string ending;
  if (!text.empty() && !has_line_end) ending += file.line_end;
  // A blank line ends the entry; a \n would only make one line end of a \r before it.
  if (file.ends_in_continuation) ending += text.ends_with('\r') ? "\r" : file.line_end;
  return ending;
}

Result<PropertiesFile> insert(const PropertiesFile& file, size_t at, std::string line) {
  if (at == file.text.size()) line.insert(0, end_of_last_line(file));
  return replaced(file, {{at, at, std::move(line)}});
}

Result<PropertiesFile> insert_under_new_heading(const PropertiesFile& file,
                                                std::string_view heading_line,
                                                std::string_view line) {
  const std::string ending = end_of_last_line(file);
  const bool needs_blank =
      !file.text.empty() && !ends_in_blank_line(file.text + ending, file.line_end);
  const std::string blank = needs_blank ? file.line_end : "";
  return insert(file, file.text.size(),
                fmt::format("{}{}{}{}", blank, heading_line, file.line_end, line));
}

Result<PropertiesFile> add(const PropertiesFile& file, std::string_view key, std::string_view value,
                           const PropertyPlace& place) {
  const auto encoded_key = encode_property_key(key);
  const auto encoded_value = encode_property_value(value, false);
  if (!encoded_key) return bad_property(file, key, "the key is not UTF-8");
  if (!encoded_value) return bad_property(file, key, "the value is not UTF-8");
  const std::string line = fmt::format("{}={}{}", *encoded_key, *encoded_value, file.line_end);

  const PropertiesEntry* neighbour =
      place.after_key.empty() ? nullptr : find_property(file, place.after_key);
  if (neighbour != nullptr) return insert(file, neighbour->end, line);
  if (place.heading.empty()) return insert(file, file.text.size(), line);
  if (place.heading.find_first_of("\r\n") != std::string::npos) {
    return bad_property(file, key, "the heading to add it under has more than one line");
  }
  const std::string heading_line = "# " + place.heading;
  if (const auto at = end_under_heading(file, heading_line)) return insert(file, *at, line);
  return insert_under_new_heading(file, heading_line, line);
}

}  // namespace

Result<PropertiesFile> set_property(const PropertiesFile& file, std::string_view key,
                                    std::string_view value, const PropertyPlace& place) {
  if (key.empty()) return bad_property(file, key, "an empty key cannot be set");
  const PropertiesEntry* entry = find_property(file, key);
  return entry != nullptr ? replace_value(file, *entry, value) : add(file, key, value, place);
}

Result<PropertiesFile> remove_property(const PropertiesFile& file, std::string_view key) {
  std::vector<Replacement> replacements;
  for (const PropertiesEntry& entry : file.entries) {
    if (entry.key == key) replacements.push_back(commented_out(file, entry));
  }
  return replaced(file, replacements);
}

}  // namespace portway::plan
