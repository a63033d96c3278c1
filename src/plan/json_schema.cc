#include "plan/json_schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "plan/spec_fields.h"

namespace portway::plan {
namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const Field& field);

std::vector<std::string_view> words_of(std::string_view choices) {
  std::vector<std::string_view> words;
  while (!choices.empty()) {
    const size_t bar = std::min(choices.find('|'), choices.size());
    words.push_back(choices.substr(0, bar));
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return words;
}

Json block_of(std::string_view path) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const std::string_view key : keys_below(path)) {
    const std::string child = path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
    const Field& field = *find_field(child);
    properties[std::string(key)] = schema_of(field);
    if (field.required) required.push_back(key);
  }
  Json block = {{"type", "object"}, {"additionalProperties", false}};
  if (!required.empty()) block["required"] = std::move(required);
  block["properties"] = std::move(properties);
  return block;
}

// A text of the field: in YAML it may look like a number (a version) and still be meant as text.
Json text_of(const Field& field) {
  Json text = {{"type", {"string", "number"}}};
  if (field.type == FieldType::kText) {
    text["minLength"] = field.least;
    text["maxLength"] = field.most;
  }
  if (const TextForm* form = text_form(field)) text["pattern"] = fmt::format("^({})$", form->regex);
  return text;
}

Json number_of(const Field& field) {
  Json number = {{"type", "integer"}, {"minimum", field.least}, {"maximum", field.most}};
  if (field.choices.empty()) return number;
  return {{"anyOf", {number, {{"enum", words_of(field.choices)}}}}};
}

Json one_or_list(Json item, const Field& field) {
  Json list = {{"type", "array"}, {"items", item}};
  if (field.least > 0) list["minItems"] = field.least;
  if (field.most > 0) list["maxItems"] = field.most;
  return {{"anyOf", {std::move(item), std::move(list)}}};
}

Json ids_of() {
  Json one = {{"type", {"string", "integer"}},
              {"pattern", "^[0-9]+(-[0-9]+)?(, *[0-9]+(-[0-9]+)?)*$"}};
  return {{"anyOf", {one, {{"type", "array"}, {"minItems", 1}, {"items", one}}}}};
}

Json brokers_of(const Field& field) {
  Json port = {{"type", "integer"}, {"minimum", 1}, {"maximum", 65535}};
  Json entry = {{"anyOf", {port, block_of(fmt::format("{}[]", field.path))}}};
  return {{"type", "object"},
          {"additionalProperties", false},
          {"patternProperties", {{"^[0-9]+$", std::move(entry)}}}};
}

Json form_of(const Field& field) {
  switch (field.type) {
    case FieldType::kText:
      return text_of(field);
    case FieldType::kChoice:
      return {{"enum", words_of(field.choices)}};
    case FieldType::kFlag:
      return {{"type", "boolean"}};
    case FieldType::kNumber:
    case FieldType::kPort:
      return number_of(field);
    case FieldType::kDuration:
      return {{"type", {"string", "integer"}}, {"pattern", "^([0-9]+(ms|s|m|h)|0)$"}};
    case FieldType::kSize:
      return {{"type", {"string", "integer"}}, {"pattern", "^[0-9]+(KiB|MiB|GiB)?$"}};
    case FieldType::kAddress:
      return {{"type", {"string", "boolean"}}};  // YAML takes a bare off for false
    case FieldType::kRange:
      return {{"type", "string"}, {"pattern", "^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+/[0-9]+$"}};
    case FieldType::kTexts:
      return one_or_list(text_of(field), field);
    case FieldType::kIds:
      return ids_of();
    case FieldType::kBrokers:
      return brokers_of(field);
    case FieldType::kMapping:
      return block_of(field.path);
    case FieldType::kMappings: {
      Json list = {{"type", "array"}, {"minItems", 1}};
      list["items"] = block_of(fmt::format("{}[]", field.path));
      return list;
    }
    case FieldType::kOneOrMoreMappings:
      return one_or_list(block_of(fmt::format("{}[]", field.path)), field);
  }
  return {};
}

Json schema_of(const Field& field) {
  Json schema = form_of(field);
  std::string meaning(field.meaning);
  if (!field.fallback.empty()) meaning += fmt::format(" Default: {}.", field.fallback);
  if (!field.example.empty()) meaning += fmt::format(" Example: {}.", field.example);
  schema["description"] = std::move(meaning);
  return schema;
}

}  // namespace

std::string spec_json_schema() {
  Json schema = {
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", "portway.yaml"},
      {"description", "A Kafka cluster behind one private address: see `portway init`."}};
  schema.update(block_of(""));
  return schema.dump(2) + "\n";
}

}  // namespace portway::plan
