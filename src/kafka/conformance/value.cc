#include "kafka/conformance/value.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace portway::kafka::conformance {
namespace {

size_t number_bytes(const std::string& type) {
  static const std::map<std::string, size_t> kBytes = {
      {"bool", 1},  {"int8", 1},   {"int16", 2}, {"uint16", 2},
      {"int32", 4}, {"uint32", 4}, {"int64", 8}, {"float64", 8},
  };
  const auto found = kBytes.find(type);
  return found == kBytes.end() ? 0 : found->second;
}

std::string uvarint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7f) | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}

// Encoding

void encode_struct(const StructDefinition& definition, const Value& value, int16_t version,
                   bool flexible, std::string& out);

std::string length(const FieldDefinition& field, int64_t size, bool flexible) {
  if (flexible) return uvarint(static_cast<uint64_t>(size + 1));
  return big_endian(size, !field.array && field.type == "string" ? 2 : 4);
}

void encode_element(const FieldDefinition& field, const Value& value, int16_t version,
                    bool flexible, std::string& out) {
  FieldDefinition element = field;
  element.array = false;
  if (field.structure) {
    encode_struct(*field.structure, value, version, flexible, out);
  } else if (const size_t bytes = number_bytes(field.type)) {
    out += big_endian(value.number, bytes);
  } else if (field.type == "uuid") {
    out += value.bytes;
  } else {
    out += length(element, value.null ? -1 : static_cast<int64_t>(value.bytes.size()), flexible);
    out += value.bytes;
  }
}

void encode_field(const FieldDefinition& field, const Value& value, int16_t version, bool flexible,
                  std::string& out) {
  if (!field.array) {
    if (field.structure && field.nullable.has(version)) {
      out += value.null ? '\xff' : '\x01';
      if (value.null) return;
    }
    return encode_element(field, value, version, flexible, out);
  }
  out += length(field, value.null ? -1 : static_cast<int64_t>(value.items.size()), flexible);
  for (const Value& item : value.items) encode_element(field, item, version, flexible, out);
}

void encode_struct(const StructDefinition& definition, const Value& value, int16_t version,
                   bool flexible, std::string& out) {
  auto tags = value.unknown_tags;
  for (size_t i = 0; i < definition.fields.size(); ++i) {
    const FieldDefinition& field = definition.fields[i];
    if (!field.versions.has(version)) continue;
    if (field.tagged.has(version)) {
      if (!value.fields[i].present) continue;
      std::string content;
      encode_field(field, value.fields[i], version, flexible, content);
      tags.emplace_back(field.tag, std::move(content));
    } else {
      encode_field(field, value.fields[i], version, flexible, out);
    }
  }
  if (!flexible) return;
  std::sort(tags.begin(), tags.end());
  out += encode_tags(tags);
}

// Decoding

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return bytes_.empty(); }

  std::string_view take(size_t size) {
    if (size > bytes_.size()) throw std::runtime_error("the message ends too early");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  int64_t number(size_t size) {
    uint64_t value = 0;
    const std::string_view taken = take(size);
    for (const char byte : taken) value = (value << 8) | static_cast<uint8_t>(byte);
    const unsigned unused = 64 - 8 * static_cast<unsigned>(size);
    return static_cast<int64_t>(value << unused) >> unused;
  }

  uint64_t uvarint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto byte = static_cast<uint8_t>(take(1).front());
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    throw std::runtime_error("an uvarint has more than five bytes");
  }

  int64_t length(const FieldDefinition& field, bool flexible) {
    if (flexible) return static_cast<int64_t>(uvarint()) - 1;
    return number(!field.array && field.type == "string" ? 2 : 4);
  }

 private:
  std::string_view bytes_;
};

Value decode_struct(const StructDefinition& definition, int16_t version, bool flexible,
                    Cursor& cursor);

Value decode_element(const FieldDefinition& field, int16_t version, bool flexible, Cursor& cursor) {
  if (field.structure) return decode_struct(*field.structure, version, flexible, cursor);
  Value value;
  if (const size_t bytes = number_bytes(field.type)) {
    value.number = cursor.number(bytes);
  } else if (field.type == "uuid") {
    value.bytes = cursor.take(16);
  } else {
    FieldDefinition element = field;
    element.array = false;
    const int64_t size = cursor.length(element, flexible);
    value.null = size == -1;
    if (size < -1) throw std::runtime_error("a negative length");
    if (value.null && !field.array && !field.nullable.has(version)) {
      throw std::runtime_error(field.name + " is null and must not be");
    }
    if (size > 0) value.bytes = cursor.take(static_cast<size_t>(size));
  }
  return value;
}

Value decode_field(const FieldDefinition& field, int16_t version, bool flexible, Cursor& cursor) {
  Value value;
  if (!field.array) {
    if (field.structure && field.nullable.has(version) && cursor.number(1) < 0) {
      value.null = true;
      return value;
    }
    return decode_element(field, version, flexible, cursor);
  }
  const int64_t count = cursor.length(field, flexible);
  value.null = count == -1;
  if (value.null && !field.nullable.has(version)) {
    throw std::runtime_error(field.name + " is null and must not be");
  }
  for (int64_t i = 0; i < count; ++i) {
    value.items.push_back(decode_element(field, version, flexible, cursor));
  }
  return value;
}

Value decode_struct(const StructDefinition& definition, int16_t version, bool flexible,
                    Cursor& cursor) {
  Value value;
  value.fields.resize(definition.fields.size());
  std::map<uint64_t, size_t> tagged;
  for (size_t i = 0; i < definition.fields.size(); ++i) {
    const FieldDefinition& field = definition.fields[i];
    value.fields[i].present = false;
    if (!field.versions.has(version)) continue;
    if (field.tagged.has(version)) {
      tagged[field.tag] = i;
    } else {
      value.fields[i] = decode_field(field, version, flexible, cursor);
    }
  }
  if (!flexible) return value;
  int64_t before = -1;
  for (uint64_t left = cursor.uvarint(); left > 0; --left) {
    const uint64_t tag = cursor.uvarint();
    if (static_cast<int64_t>(tag) <= before) throw std::runtime_error("tags out of order");
    before = static_cast<int64_t>(tag);
    const std::string_view content = cursor.take(cursor.uvarint());
    if (const auto known = tagged.find(tag); known != tagged.end()) {
      Cursor inner(content);
      value.fields[known->second] =
          decode_field(definition.fields[known->second], version, flexible, inner);
      if (!inner.at_end()) throw std::runtime_error("a tagged field is longer than its content");
    } else {
      value.unknown_tags.emplace_back(static_cast<uint32_t>(tag), content);
    }
  }
  return value;
}

// Generation

size_t up_to(size_t highest, Random& random) {
  return std::uniform_int_distribution<size_t>(0, highest)(random);
}
bool one_in(size_t many, Random& random) { return up_to(many - 1, random) == 0; }

std::string random_bytes(size_t size, Random& random) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// Lengths that matter: nothing, around the edges of an uvarint, and some.
size_t random_length(Random& random) {
  if (one_in(4, random)) return 0;
  if (one_in(12, random)) return 124 + up_to(8, random);
  if (one_in(60, random)) return 16380 + up_to(8, random);
  return up_to(24, random);
}

bool names_node(const FieldDefinition& field) {
  return field.name == "NodeId" || field.name == "BrokerId";
}

Value random_element(const FieldDefinition& field, int16_t version, bool flexible,
                     const Taste& taste, Random& random) {
  if (field.structure) return random_struct(*field.structure, version, flexible, taste, random);
  Value value;
  if (names_node(field)) {
    value.number =
        static_cast<int64_t>(up_to(static_cast<size_t>(taste.node_id_max) + 1, random)) - 1;
  } else if (field.name == "EndpointType") {
    value.number = one_in(4, random) ? 2 : 1;
  } else if (field.type == "bool") {
    value.number = one_in(2, random) ? 1 : 0;
  } else if (const size_t bytes = number_bytes(field.type)) {
    value.number = one_in(2, random) ? 0 : static_cast<int64_t>(random());
    const unsigned unused = 64 - 8 * static_cast<unsigned>(bytes);
    value.number = static_cast<int64_t>(static_cast<uint64_t>(value.number) << unused) >> unused;
  } else if (field.type == "uuid") {
    value.bytes = random_bytes(16, random);
  } else if (!field.array && field.nullable.has(version) && one_in(4, random)) {
    value.null = true;
  } else {
    value.bytes = random_bytes(random_length(random), random);
  }
  return value;
}

Value random_field(const FieldDefinition& field, int16_t version, bool flexible, const Taste& taste,
                   Random& random) {
  if (!field.array) {
    if (field.structure && field.nullable.has(version) && one_in(4, random)) {
      Value value;
      value.null = true;
      return value;
    }
    return random_element(field, version, flexible, taste, random);
  }
  Value value;
  if (field.nullable.has(version) && one_in(5, random)) {
    value.null = true;
    return value;
  }
  // Mostly few, sometimes so many that the count of a compact array takes two bytes.
  const bool small = field.structure == nullptr || field.structure->fields.size() <= 5;
  const size_t count =
      small && one_in(40, random) ? 120 + up_to(20, random) : up_to(taste.items_max, random);
  for (size_t i = 0; i < count; ++i) {
    value.items.push_back(random_element(field, version, flexible, taste, random));
  }
  return value;
}

}  // namespace

std::string big_endian(int64_t value, size_t bytes) {
  std::string out;
  for (size_t i = bytes; i-- > 0;) {
    out.push_back(static_cast<char>(static_cast<uint64_t>(value) >> (8 * i)));
  }
  return out;
}

std::string encode_tags(const std::vector<std::pair<uint32_t, std::string>>& tags) {
  std::string out = uvarint(tags.size());
  for (const auto& [tag, content] : tags) {
    out += uvarint(tag) + uvarint(content.size()) + content;
  }
  return out;
}

std::vector<std::pair<uint32_t, std::string>> random_tags(uint32_t first, Random& random) {
  std::vector<std::pair<uint32_t, std::string>> tags;
  if (!one_in(3, random)) return tags;
  uint32_t tag = first;
  const size_t count = one_in(40, random) ? 125 + up_to(5, random) : 1 + up_to(2, random);
  for (size_t i = 0; i < count; ++i) {
    tag += static_cast<uint32_t>(1 + up_to(one_in(10, random) ? 300'000 : 3, random));
    tags.emplace_back(tag, random_bytes(random_length(random), random));
  }
  return tags;
}

const FieldDefinition* find_field(const StructDefinition& definition, std::string_view name) {
  for (const FieldDefinition& field : definition.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

Value& field_of(Value& value, const StructDefinition& definition, std::string_view name) {
  const FieldDefinition* field = find_field(definition, name);
  if (field == nullptr) {
    throw std::runtime_error(definition.name + " has no field " + std::string(name));
  }
  return value.fields.at(static_cast<size_t>(field - definition.fields.data()));
}

Value random_struct(const StructDefinition& definition, int16_t version, bool flexible,
                    const Taste& taste, Random& random) {
  Value value;
  value.fields.resize(definition.fields.size());
  uint32_t known_tags = 0;
  for (size_t i = 0; i < definition.fields.size(); ++i) {
    const FieldDefinition& field = definition.fields[i];
    value.fields[i].present = false;
    if (!field.versions.has(version)) continue;
    if (field.tagged.has(version)) {
      known_tags = std::max(known_tags, field.tag + 1);
      if (one_in(3, random)) continue;
    }
    value.fields[i] = random_field(field, version, flexible, taste, random);
  }
  if (flexible && taste.tagged_fields_unknown) value.unknown_tags = random_tags(known_tags, random);
  return value;
}

std::string encode(const StructDefinition& definition, const Value& value, int16_t version,
                   bool flexible) {
  std::string out;
  encode_struct(definition, value, version, flexible, out);
  return out;
}

Value decode(const StructDefinition& definition, std::string_view bytes, int16_t version,
             bool flexible) {
  Cursor cursor(bytes);
  Value value = decode_struct(definition, version, flexible, cursor);
  if (!cursor.at_end()) throw std::runtime_error("bytes are left over after the message");
  return value;
}

}  // namespace portway::kafka::conformance
