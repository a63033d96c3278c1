#include "kafka/conformance/definition.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace portway::kafka::conformance {
namespace {

using nlohmann::json;
using Structs = std::map<std::string, std::shared_ptr<const StructDefinition>>;

// "0-3", "2+", "4", "none".
Versions parse_versions(const json& holder, const char* key, const char* otherwise) {
  const std::string text = holder.value(key, otherwise);
  if (text.empty() || text == "none") return {};
  const size_t dash = text.find('-');
  const auto first = static_cast<int16_t>(std::stoi(text));
  if (text.back() == '+') return {first, INT16_MAX};
  if (dash == std::string::npos) return {first, first};
  return {first, static_cast<int16_t>(std::stoi(text.substr(dash + 1)))};
}

std::shared_ptr<const StructDefinition> parse_struct(const std::string& name, const json& fields,
                                                     const Structs& common);

FieldDefinition parse_field(const json& source, const Structs& common) {
  FieldDefinition field;
  field.name = source.at("name");
  field.type = source.at("type");
  if (field.type.starts_with("[]")) {
    field.array = true;
    field.type.erase(0, 2);
  }
  field.versions = parse_versions(source, "versions", "none");
  field.nullable = parse_versions(source, "nullableVersions", "none");
  field.tagged = parse_versions(source, "taggedVersions", "none");
  if (source.contains("tag")) {
    const json& tag = source.at("tag");  // some definitions quote it
    field.tag = tag.is_string() ? static_cast<uint32_t>(std::stoul(tag.get<std::string>()))
                                : tag.get<uint32_t>();
  }
  if (source.contains("fields")) {
    field.structure = parse_struct(field.type, source.at("fields"), common);
  } else if (const auto found = common.find(field.type); found != common.end()) {
    field.structure = found->second;
  }
  return field;
}

std::shared_ptr<const StructDefinition> parse_struct(const std::string& name, const json& fields,
                                                     const Structs& common) {
  auto structure = std::make_shared<StructDefinition>();
  structure->name = name;
  for (const json& field : fields) structure->fields.push_back(parse_field(field, common));
  return structure;
}

MessageDefinition parse_message(const json& source, const std::string& suffix) {
  MessageDefinition message;
  message.name = source.at("name");
  message.name.resize(message.name.size() - suffix.size());
  message.api_key = source.at("apiKey");
  message.valid = parse_versions(source, "validVersions", "none");
  message.flexible = parse_versions(source, "flexibleVersions", "none");
  // Shared structs may use each other, in any order: no deeper than this.
  Structs common;
  for (int depth = 0; depth < 3; ++depth) {
    for (const json& shared : source.value("commonStructs", json::array())) {
      common[shared.at("name")] = parse_struct(shared.at("name"), shared.at("fields"), common);
    }
  }
  // An api that a release dropped has no fields any more.
  message.body = *parse_struct(message.name, source.value("fields", json::array()), common);
  return message;
}

Definitions read_release(const std::filesystem::path& directory) {
  Definitions definitions;
  definitions.release = directory.filename();
  for (const auto& entry : std::filesystem::directory_iterator(directory / "common" / "message")) {
    const std::string stem = entry.path().stem();
    const bool request = stem.ends_with("Request");
    if (entry.path().extension() != ".json" || (!request && !stem.ends_with("Response"))) continue;
    std::ifstream file(entry.path());
    const json source = json::parse(file, nullptr, true, true);
    MessageDefinition message = parse_message(source, request ? "Request" : "Response");
    auto& messages = request ? definitions.requests : definitions.responses;
    messages[message.api_key] = std::move(message);
  }
  if (definitions.responses.empty()) {
    throw std::runtime_error("no message definitions in " + directory.string());
  }
  return definitions;
}

}  // namespace

std::vector<Definitions> read_definitions(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> releases;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (std::filesystem::is_directory(entry.path() / "common" / "message")) {
      releases.push_back(entry.path());
    }
  }
  std::sort(releases.begin(), releases.end());
  std::vector<Definitions> all;
  for (const auto& release : releases) all.push_back(read_release(release));
  if (all.empty()) {
    throw std::runtime_error("PORTWAY_KAFKA_MESSAGES: expected <release>/common/message below " +
                             directory.string());
  }
  return all;
}

const std::vector<Definitions>& definitions() {
  static const std::vector<Definitions> all = [] {
    const char* directory = std::getenv("PORTWAY_KAFKA_MESSAGES");
    return directory == nullptr || *directory == '\0' ? std::vector<Definitions>()
                                                      : read_definitions(directory);
  }();
  return all;
}

}  // namespace portway::kafka::conformance
