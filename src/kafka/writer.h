#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace portway::kafka {

// Appends values of the Kafka protocol (big-endian; KIP-482 for the compact forms) to a string.
// Strings and counts are the caller's to keep within what their length field can hold.

template <typename Integer>
void write_big_endian(std::string& out, Integer value) {
  for (int shift = static_cast<int>(sizeof(Integer) * 8) - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((static_cast<uint64_t>(value) >> shift) & 0xff));
  }
}

inline void write_int8(std::string& out, int8_t value) { write_big_endian(out, value); }
inline void write_int16(std::string& out, int16_t value) { write_big_endian(out, value); }
inline void write_int32(std::string& out, int32_t value) { write_big_endian(out, value); }

// How many bytes write_uvarint takes.
constexpr uint32_t uvarint_bytes(uint32_t value) {
  uint32_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

inline void write_uvarint(std::string& out, uint32_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7f) | 0x80));
  out.push_back(static_cast<char>(value));
}

inline void write_string(std::string& out, ByteView value, bool compact) {
  if (compact) {
    write_uvarint(out, static_cast<uint32_t>(value.size() + 1));
  } else {
    write_int16(out, static_cast<int16_t>(value.size()));
  }
  out.append(value);
}

inline void write_null_string(std::string& out, bool compact) {
  if (compact) {
    write_uvarint(out, 0);
  } else {
    write_int16(out, -1);
  }
}

inline void write_count(std::string& out, uint32_t count, bool compact) {
  if (compact) {
    write_uvarint(out, count + 1);
  } else {
    write_int32(out, static_cast<int32_t>(count));
  }
}

}  // namespace portway::kafka
