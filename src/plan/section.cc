#include "plan/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <utility>

#include "kafka/api_keys.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

const YamlNode kEmptyMapping{YamlNode::Kind::kMapping, {}, "", {}, {}};

// A message quotes what the file says; long text is quoted in part.
constexpr size_t kMessageBytesMax = 600;
constexpr size_t kKeyBytesMax = 200;

// For a terminal: what a file says must not move its cursor.
std::string shortened(std::string text, size_t bytes_max) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // UTF-8
  text.resize(end);
  return text + "...";
}

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kSequence:
      return "a list";
    case YamlNode::Kind::kMapping:
      return "a block of keys and values";
  }
  return "";
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string expected(const Field& field, const YamlNode& node) {
  const std::string shown =
      node.kind == YamlNode::Kind::kScalar ? fmt::format("'{}'", node.text) : std::string();
  return fmt::format("{} is not {}", shown.empty() ? kind_name(node.kind) : shown,
                     expected_value(field));
}

// A single value can be bad; anything else is of the wrong shape.
Check fault_of(const YamlNode& node) {
  return node.kind == YamlNode::Kind::kScalar ? Check::kBadValue : Check::kWrongShape;
}

// std::regex recurses for every character.
constexpr size_t kFormBytesMax = 512;

bool has_form(const Field& field, const std::string& text) {
  const TextForm* form = text_form(field);
  if (form == nullptr) return true;
  return text.size() <= kFormBytesMax &&
         std::regex_match(text, std::regex(std::string(form->regex)));
}

}  // namespace

void Findings::add(Place place, std::string key, std::string message, Check code) {
  if (problems.size() >= kProblemsMax) return;
  problems.push_back({place, shortened(std::move(key), kKeyBytesMax),
                      shortened(std::move(message), kMessageBytesMax), code});
}

Section::Section(const YamlNode& node, std::string path, std::string key, Findings& findings)
    : node_(&node), path_(std::move(path)), key_(std::move(key)), findings_(&findings) {
  if (!key_.empty()) findings_->places.emplace(key_, node.place);
  if (node.kind == YamlNode::Kind::kNull) {
    node_ = &kEmptyMapping;
  } else if (node.kind != YamlNode::Kind::kMapping) {
    findings_->add(node.place, key_,
                   fmt::format("{} where a block of keys and values is expected: {}",
                               kind_name(node.kind), fmt::join(keys_below(path_), ", ")),
                   Check::kWrongShape);
    node_ = &kEmptyMapping;
    return;  // what is missing inside is no news
  }
  check_keys();
}

Section::Section(std::string path, std::string key, Findings& findings)
    : node_(&kEmptyMapping), path_(std::move(path)), key_(std::move(key)), findings_(&findings) {}

void Section::check_keys() {
  for (size_t i = 0; i < node_->keys.size(); ++i) {
    const YamlNode& key = node_->keys[i];
    const auto known = keys_below(path_);
    if (std::find(known.begin(), known.end(), key.text) == known.end()) {
      unknown_key(key);
      continue;
    }
    const auto [first, is_new] = findings_->places.emplace(key_of(key.text), key.place);
    if (!is_new && find(key.text) != &node_->items[i]) {
      findings_->add(key.place, key_of(key.text),
                     fmt::format("given twice, first in line {}; keep one", first->second.line),
                     Check::kGivenTwice);
    }
  }
  for (const std::string_view key : keys_below(path_)) {
    if (field(key).required && !has(key)) {
      findings_->add(place_of(key), key_of(key),
                     fmt::format("missing; write {}", expected_value(field(key))), Check::kMissing);
    }
  }
}

void Section::unknown_key(const YamlNode& key) {
  const auto known = keys_below(path_);
  const std::string_view elsewhere = section_with(key.text);
  std::string advice;
  if (const auto near = nearest(key.text, known)) {
    advice = fmt::format("did you mean {}?", *near);
  } else if (!elsewhere.empty()) {
    advice = fmt::format("it belongs under {}", elsewhere);
  } else {
    advice = fmt::format("known here: {}", fmt::join(known, ", "));
  }
  findings_->add(key.place, key_of(key.text), "unknown key; " + advice, Check::kUnknownKey);
}

const YamlNode* Section::find(std::string_view key) const {
  for (size_t i = 0; i < node_->keys.size(); ++i) {
    if (node_->keys[i].text == key) return &node_->items[i];
  }
  return nullptr;
}

const Field& Section::field(std::string_view key) const {
  const Field* found =
      find_field(path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key));
  if (found == nullptr) std::abort();  // the caller asks for a key that the table does not have
  return *found;
}

std::string Section::key_of(std::string_view key) const {
  return key_.empty() ? std::string(key) : fmt::format("{}.{}", key_, key);
}

Place Section::place_of(std::string_view key) const {
  const YamlNode* value = find(key);
  return value != nullptr ? value->place : node_->place;
}

void Section::add(std::string_view key, std::string message, Check code) const {
  findings_->add(place_of(key), key_of(key), std::move(message), code);
}

Section Section::mapping(std::string_view key) const {
  const YamlNode* value = find(key);
  std::string path(field(key).path);
  if (value == nullptr) return Section(std::move(path), key_of(key), *findings_);
  return Section(*value, std::move(path), key_of(key), *findings_);
}

std::vector<Section> Section::mappings(std::string_view key) const {
  const YamlNode* value = find(key);
  if (value == nullptr) return {};
  const Field& list = field(key);
  const std::string path = fmt::format("{}[]", list.path);
  if (list.type == FieldType::kOneOrMoreMappings && value->kind == YamlNode::Kind::kMapping) {
    return {Section(*value, path, key_of(key), *findings_)};
  }
  if (value->kind != YamlNode::Kind::kSequence || value->items.empty()) {
    add(key, expected(list, *value), Check::kWrongShape);
    return {};
  }
  if (list.most > 0 && value->items.size() > static_cast<size_t>(list.most)) {
    add(key, fmt::format("{} entries; at most {}", value->items.size(), list.most));
    return {};
  }
  std::vector<Section> sections;
  for (size_t i = 0; i < value->items.size(); ++i) {
    // A list of one is named like a block: the two mean the same.
    const bool plain = list.type == FieldType::kOneOrMoreMappings && value->items.size() == 1;
    const std::string name = plain ? key_of(key) : fmt::format("{}[{}]", key_of(key), i);
    sections.emplace_back(value->items[i], path, name, *findings_);
  }
  return sections;
}

std::string Section::text(std::string_view key) const {
  const Field& of = field(key);
  const YamlNode* value = find(key);
  if (value == nullptr) return std::string(of.fallback);
  const bool is_text = of.type == FieldType::kText;
  if (value->kind != YamlNode::Kind::kScalar ||
      (is_text && (value->text.size() < static_cast<size_t>(of.least) ||
                   value->text.size() > static_cast<size_t>(of.most))) ||
      !is_plain_utf8(value->text)) {
    add(key, expected(of, *value), fault_of(*value));
    return std::string(of.fallback);
  }
  if (!has_form(of, value->text)) add(key, expected(of, *value));
  return value->text;
}

bool Section::flag(std::string_view key) const {
  const std::string value = text(key);
  if (value != "true" && value != "false") {
    add(key, fmt::format("'{}' is not {}", value, expected_value(field(key))));
  }
  return value == "true";
}

std::string Section::range(std::string_view key) const {
  std::string value = text(key);
  if (!parse_ipv4_range(value)) {
    add(key, fmt::format("'{}' is not {}", value, expected_value(field(key))));
  }
  return value;
}

std::string Section::choice(std::string_view key) const {
  const Field& of = field(key);
  const std::string chosen = text(key);
  const std::string wrapped = fmt::format("|{}|", of.choices);
  const bool is_one = chosen.find('|') == std::string::npos;
  if (is_one && wrapped.find(fmt::format("|{}|", chosen)) != std::string::npos) return chosen;
  add(key, fmt::format("'{}' is not {}", chosen, expected_value(of)));
  return std::string(of.fallback);
}

std::vector<const YamlNode*> Section::scalars(std::string_view key) const {
  const YamlNode* value = find(key);
  if (value == nullptr) return {};
  std::vector<const YamlNode*> nodes;
  if (value->kind == YamlNode::Kind::kSequence) {
    for (const YamlNode& item : value->items) nodes.push_back(&item);
  } else {
    nodes.push_back(value);
  }
  for (const YamlNode* node : nodes) {
    if (node->kind == YamlNode::Kind::kScalar) continue;
    findings_->add(node->place, key_of(key), expected(field(key), *node), Check::kWrongShape);
    return {};
  }
  return nodes;
}

// The default of a list, written as in the file: one value, or [a, b].
std::vector<Text> Section::fallback_texts(std::string_view key) const {
  std::string_view rest = field(key).fallback;
  if (rest.starts_with('[')) rest = rest.substr(1, rest.size() - 2);
  std::vector<Text> list;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(", "), rest.size());
    list.push_back({place_of(key), key_of(key), std::string(rest.substr(0, end))});
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return list;
}

std::vector<Text> Section::texts(std::string_view key) const {
  const Field& of = field(key);
  const YamlNode* value = find(key);
  if (value == nullptr) return fallback_texts(key);
  std::vector<Text> list;
  const bool is_list = value->kind == YamlNode::Kind::kSequence;
  const size_t count = is_list ? value->items.size() : 1;
  if (count < static_cast<size_t>(of.least) || count > static_cast<size_t>(of.most)) {
    add(key, fmt::format("{} values; write {} to {}", count, of.least, of.most));
    return {};
  }
  for (const YamlNode* node : scalars(key)) {
    std::string name = is_list ? fmt::format("{}[{}]", key_of(key), list.size()) : key_of(key);
    if (!is_plain_utf8(node->text)) {
      findings_->add(node->place, name, expected(of, *node));
      continue;
    }
    if (!has_form(of, node->text)) {
      findings_->add(node->place, name,
                     fmt::format("'{}' is not {}", node->text, text_form(of)->words));
      continue;
    }
    list.push_back({node->place, std::move(name), node->text});
  }
  return list;
}

std::vector<IdRange> Section::ids(std::string_view key) const {
  std::vector<IdRange> ranges;
  if (find(key) == nullptr) return ranges;
  const size_t problems_before = findings_->problems.size();
  for (const YamlNode* node : scalars(key)) {
    std::string_view rest = node->text;
    while (true) {
      const size_t comma = rest.find(',');
      std::string_view part = rest.substr(0, comma);
      part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
      const auto range = parse_id_range(part);
      if (!range) {
        findings_->add(node->place, key_of(key), expected(field(key), *node));
        return {};
      }
      ranges.push_back(*range);
      if (ranges.size() > kIdRangesMax) {
        add(key, fmt::format("more than {} ranges of ids; join those that touch", kIdRangesMax));
        return {};
      }
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  if (ranges.empty() && findings_->problems.size() == problems_before) {
    add(key, fmt::format("an empty list; write {}", expected_value(field(key))));
  }
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const IdRange& a, const IdRange& b) { return a.first < b.first; });
  return ranges;
}

std::vector<Exception> Section::exceptions(std::string_view key) const {
  const YamlNode* value = find(key);
  if (value == nullptr) return {};
  if (value->kind != YamlNode::Kind::kMapping || value->keys.empty()) {
    add(key, expected(field(key), *value), Check::kWrongShape);
    return {};
  }
  const std::string path = fmt::format("{}[]", field(key).path);
  std::vector<Exception> exceptions;
  for (size_t i = 0; i < value->keys.size(); ++i) {
    const YamlNode& id_node = value->keys[i];
    const auto range = parse_id_range(id_node.text);
    if (!range || range->first != range->last) {
      findings_->add(id_node.place, key_of(key),
                     fmt::format("'{}' is not a broker id from 0 to 2147483647", id_node.text));
      continue;
    }
    const std::string name = fmt::format("{}.{}", key_of(key), range->first);
    const auto [first, is_new] = findings_->places.emplace(name, id_node.place);
    if (!is_new) {
      findings_->add(id_node.place, name,
                     fmt::format("given twice, first in line {}; keep one", first->second.line),
                     Check::kGivenTwice);
      continue;
    }
    const YamlNode& entry = value->items[i];
    Exception& exception = exceptions.emplace_back();
    exception.broker_id = range->first;
    if (entry.kind == YamlNode::Kind::kMapping) {
      exception.block.emplace(entry, path, name, *findings_);
      continue;
    }
    const Field& port_field = *find_field(path + ".port");
    const auto port =
        entry.kind == YamlNode::Kind::kScalar ? parse_number(entry.text) : std::optional<int64_t>();
    if (!port || *port < port_field.least || *port > port_field.most) {
      findings_->add(entry.place, name, expected(port_field, entry), fault_of(entry));
      continue;
    }
    exception.port = static_cast<uint16_t>(*port);
  }
  return exceptions;
}

int64_t Section::quantity(std::string_view key) const {
  const Field& of = field(key);
  const YamlNode* value = find(key);
  if (value == nullptr) return parse_quantity(of, of.fallback).value_or(0);
  if (value->kind != YamlNode::Kind::kScalar) {
    add(key, expected(of, *value), fault_of(*value));
    return of.least;
  }
  return quantity_of(key, value->text);
}

int64_t Section::quantity_of(std::string_view key, std::string_view text) const {
  const Field& of = field(key);
  const auto number = parse_quantity(of, text);
  if (number && *number >= of.least && *number <= of.most) return *number;
  add(key, fmt::format("'{}' is not {}", text, expected_value(of)));
  return of.least;
}

Result<int16_t> parse_api_key(std::string_view text) {
  const auto number = parse_number(text);
  if (number && *number >= 0 && *number <= kForbiddenApiKeyMax)
    return static_cast<int16_t>(*number);
  std::vector<std::string_view> names;
  for (int16_t key = 0; key <= kForbiddenApiKeyMax && !number; ++key) {
    const std::string_view name = kafka::api_name(key);
    if (name == "unknown") continue;
    if (same_letters(name, text)) return key;
    names.push_back(name);
  }
  const auto near = nearest(text, names);
  return fail(Fault::kOperator, "bad_api_key",
              fmt::format("'{}' is neither an api key from 0 to {} nor the name of one; {}", text,
                          kForbiddenApiKeyMax,
                          near ? fmt::format("did you mean {}?", *near)
                               : "write for example DeleteTopics or 20"));
}

}  // namespace portway::plan
