#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace portway::kafka::conformance {

// Kafka's own message definitions (common/message/*.json of kafka-clients), as far as the wire form
// depends on them. Test code: a malformed definition throws.

struct Versions {
  int16_t first = 0;
  int16_t last = -1;  // below first: none
  bool has(int16_t version) const { return first <= version && version <= last; }
};

struct FieldDefinition;

struct StructDefinition {
  std::string name;
  std::vector<FieldDefinition> fields;
};

struct FieldDefinition {
  std::string name;
  std::string type;  // without the [] of an array
  bool array = false;
  Versions versions;
  Versions nullable;
  Versions tagged;
  uint32_t tag = 0;
  std::shared_ptr<const StructDefinition> structure;  // null for primitive types
};

struct MessageDefinition {
  std::string name;  // without Request or Response
  int16_t api_key = -1;
  Versions valid;
  Versions flexible;
  StructDefinition body;
};

struct Definitions {
  std::string release;  // "4.3.0"
  std::map<int16_t, MessageDefinition> requests;
  std::map<int16_t, MessageDefinition> responses;
};

// Every request and response below `directory`/<release>/common/message, release by release.
std::vector<Definitions> read_definitions(const std::filesystem::path& directory);

// The definitions that PORTWAY_KAFKA_MESSAGES names, read once; empty when it is not set.
const std::vector<Definitions>& definitions();

// Skips the test when there are no definitions.
#define PORTWAY_NEED_DEFINITIONS()                                                       \
  if (definitions().empty()) {                                                           \
    GTEST_SKIP() << "PORTWAY_KAFKA_MESSAGES is not set: it names a directory with the "  \
                    "unpacked message definitions, <release>/common/message/*.json, of " \
                    "kafka-clients";                                                     \
  }                                                                                      \
  static_assert(true)

}  // namespace portway::kafka::conformance
