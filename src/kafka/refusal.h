#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kafka/schema.h"

namespace portway::kafka {

// How the refusal of a request is written: its response with an error everywhere the protocol has
// room for one, item by item where errors are per item.

// Authorization errors of the protocol (org.apache.kafka.common.protocol.Errors).
inline constexpr int16_t kTopicAuthorizationFailed = 29;
inline constexpr int16_t kGroupAuthorizationFailed = 30;
inline constexpr int16_t kClusterAuthorizationFailed = 31;
inline constexpr int16_t kTransactionalIdAuthorizationFailed = 53;
inline constexpr int16_t kDelegationTokenAuthorizationFailed = 65;

enum class ReplyPartType : uint8_t {
  kZeros,        // `number` bytes
  kMinusOne,     // an integer of `number` bytes
  kError,        // the error code
  kMessage,      // a string that says who refuses
  kNullString,   //
  kEmptyString,  //
  kEmptyArray,   // or empty bytes, which look the same
  kCopy,         // the bytes of slot `number`
  kForEach,      // an array: `parts` for each item of the array in slot `number`
};

struct ReplyPart {
  ReplyPartType type;
  uint8_t number = 0;
  int16_t since = 0;
  int16_t until = INT16_MAX;
  std::span<const Field> items = {};      // kForEach: what an item of the request looks like
  std::span<const ReplyPart> parts = {};  // kForEach: tagged fields follow by themselves
  uint8_t second = 0;                     // kForEach: another slot, whose items are appended
  std::span<const Field> second_items = {};
};

// Request and response of one api. Both become flexible at the same version.
struct Refusal {
  int16_t api_key;
  int16_t first_version;
  int16_t last_version;
  int16_t error;
  std::span<const Field> request;       // as far as something is copied from it
  std::span<const ReplyPart> response;  // tagged fields follow by themselves
};

// nullptr: the protocol has no error for this api, or Portway does not know how to write it.
const Refusal* find_refusal(int16_t api_key);

// Slots are numbered from 1.
inline constexpr size_t kRefusalSlots = 3;

}  // namespace portway::kafka
