#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kafka/conformance/definition.h"

namespace portway::kafka::conformance {

// One value of a message as its definition describes it. Test code, written for plainness: what a
// field means is looked up by its definition, which stands beside it.
struct Value {
  bool present = true;  // tagged fields only: whether it is sent
  bool null = false;
  int64_t number = 0;         // integers, bool, the bits of a float64
  std::string bytes;          // string, bytes, records, uuid
  std::vector<Value> items;   // of an array
  std::vector<Value> fields;  // of a struct, one for each of its definition's fields
  std::vector<std::pair<uint32_t, std::string>> unknown_tags;  // of a struct, by tag
};

// The field of that name; throws when there is none.
Value& field_of(Value& value, const StructDefinition& definition, std::string_view name);
const FieldDefinition* find_field(const StructDefinition& definition, std::string_view name);

using Random = std::mt19937_64;

// How generated messages lean.
struct Taste {
  int32_t node_id_max = 20;
  size_t items_max = 6;
  bool tagged_fields_unknown = true;
};

Value random_struct(const StructDefinition& definition, int16_t version, bool flexible,
                    const Taste& taste, Random& random);

std::string encode(const StructDefinition& definition, const Value& value, int16_t version,
                   bool flexible);

// Throws when the bytes do not match the definition, or something is left over.
Value decode(const StructDefinition& definition, std::string_view bytes, int16_t version,
             bool flexible);

// The tagged fields of a header, and of a struct without known ones.
std::string encode_tags(const std::vector<std::pair<uint32_t, std::string>>& tags);
std::vector<std::pair<uint32_t, std::string>> random_tags(uint32_t first, Random& random);

std::string big_endian(int64_t value, size_t bytes);

}  // namespace portway::kafka::conformance
