#pragma once

#include <cstdint>
#include <span>

namespace portway::kafka {

// Tables that describe the wire form of messages, as far as Portway has to find its way through
// them: where fields begin and end, and which ones tell a broker's address. Written after Kafka's
// message definitions; one table per message holds for all of its versions.

enum class FieldType : uint8_t {
  kFixed,    // `width` bytes
  kString,   // int16 length, or uvarint in flexible versions; -1 (0) is null
  kBytes,    // int32 length, or uvarint in flexible versions: bytes and records
  kArray,    // count, then `fields` that often
  kTags,     // tagged fields (KIP-482); `fields`, if any, are the content of tag 0
  kAddress,  // a struct without bytes of its own: `fields` name one broker (FindCoordinator v0-3)
};

// What a field means to the rewriter. Nothing else of a message is looked at.
enum class FieldRole : uint8_t {
  kNone,
  kNodeId,        // int32
  kHost,          // string; kPort follows it at once
  kPort,          // int32
  kErrorCode,     // int16, of the coordinator that the struct names
  kErrorMessage,  // string, likewise
  kEndpointType,  // int8: other than 1, the brokers that follow are controllers
  kBrokers,       // array: brokers without a place are left out
  kCoordinators,  // array or address: coordinators without a place become an error
  kEmptied,       // array: comes out empty
  kApi,           // int16
  kMaxVersion,    // int16, of the kApi before it: clamped
  kLastTags,      // tags: the frame's last ones, where padding has its place
};

struct Field {
  FieldType type = FieldType::kFixed;
  FieldRole role = FieldRole::kNone;
  uint8_t width = 0;
  int16_t since = 0;
  int16_t until = INT16_MAX;
  std::span<const Field> fields = {};
  uint8_t slot = 0;  // refusals: the number under which the field's bytes are kept, 0 for none

  constexpr bool in(int16_t version) const { return since <= version && version <= until; }
};

// What stands in a frame behind the fields that are edited.
enum class Behind : uint8_t {
  kNothing,    // they are the last ones
  kSomething,  // more fields, which are not looked at
  kAnything,   // more fields in some versions, which are not looked at
};

// How a message's wire form is read: the version that was asked for, and whether it is flexible
// (compact strings, bytes and arrays).
struct Form {
  int16_t version = 0;
  bool flexible = false;
};

// The words that tables are written in. Versions are the field's first and last one.
namespace schema {

inline constexpr int16_t kLatest = INT16_MAX;

constexpr Field fixed(uint8_t width, int16_t since = 0, int16_t until = kLatest) {
  return {FieldType::kFixed, FieldRole::kNone, width, since, until};
}
constexpr Field string(int16_t since = 0, int16_t until = kLatest) {
  return {FieldType::kString, FieldRole::kNone, 0, since, until};
}
constexpr Field bytes() { return {FieldType::kBytes}; }
constexpr Field array(std::span<const Field> items, int16_t since = 0, int16_t until = kLatest) {
  return {FieldType::kArray, FieldRole::kNone, 0, since, until, items};
}
// The tagged fields at the end of a struct: there from the first flexible version on.
constexpr Field tags(int16_t since) {
  return {FieldType::kTags, FieldRole::kNone, 0, since, kLatest};
}
constexpr Field as(FieldRole role, Field field) {
  field.role = role;
  return field;
}
constexpr Field kept(uint8_t slot, Field field) {
  field.slot = slot;
  return field;
}

}  // namespace schema

// The most structs that a table nests, itself included.
inline constexpr int kSchemaDepthMax = 6;

}  // namespace portway::kafka
