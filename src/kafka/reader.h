#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace portway::kafka {

// A cursor over bytes of the Kafka protocol (big-endian; KIP-482 for the compact forms). It never
// looks past its view: a read that would, or a length that cannot be, fails the reader for good,
// and every read from then on gives zero or nothing. Callers check failed() once at the end.
class Reader {
 public:
  // Begins at `position`, which positions are counted from: 0 is the view's first byte.
  explicit Reader(ByteView bytes, size_t position = 0) : bytes_(bytes), position_(position) {}

  bool failed() const { return failed_; }
  size_t position() const { return position_; }
  size_t left() const { return bytes_.size() - position_; }

  void fail();

  int8_t read_int8() { return static_cast<int8_t>(read_big_endian(1)); }
  int16_t read_int16() { return static_cast<int16_t>(read_big_endian(2)); }
  int32_t read_int32() { return static_cast<int32_t>(read_big_endian(4)); }

  // At most kUvarintBytesMax bytes and 32 bits.
  uint32_t read_uvarint();

  // The bytes of a string; null and empty both give an empty view, told apart by `null`.
  // The length is an int16, or an uvarint of length + 1 when `compact`.
  ByteView read_string(bool compact, bool* null = nullptr);

  // As read_string, with an int32 instead of the int16.
  ByteView read_bytes(bool compact);

  // The count of an array, 0 for null too. Every item takes at least one byte: a count beyond the
  // bytes that are left fails.
  uint32_t read_count(bool compact, bool* null = nullptr);

  ByteView take(size_t bytes);

  // The view from `begin`, an earlier position(), up to here.
  ByteView since(size_t begin) const { return bytes_.substr(begin, position_ - begin); }

 private:
  uint64_t read_big_endian(size_t bytes);
  // -1 is null, what is below or beyond the bytes that are left fails.
  ByteView take_length(int64_t length, bool* null);

  ByteView bytes_;
  size_t position_;
  bool failed_ = false;
};

inline constexpr unsigned kUvarintBytesMax = 5;

}  // namespace portway::kafka
