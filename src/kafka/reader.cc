#include "kafka/reader.h"

namespace portway::kafka {

void Reader::fail() {
  failed_ = true;
  position_ = bytes_.size();
}

ByteView Reader::take(size_t bytes) {
  if (bytes > left()) {
    fail();
    return {};
  }
  const ByteView taken = bytes_.substr(position_, bytes);
  position_ += bytes;
  return taken;
}

uint64_t Reader::read_big_endian(size_t bytes) {
  uint64_t value = 0;
  for (const char byte : take(bytes)) value = (value << 8) | static_cast<uint8_t>(byte);
  return value;
}

uint32_t Reader::read_uvarint() {
  uint64_t value = 0;
  for (unsigned i = 0; i < kUvarintBytesMax && left() > 0; ++i) {
    const auto byte = static_cast<uint8_t>(bytes_[position_++]);
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0) {
      if (value > UINT32_MAX) break;
      return static_cast<uint32_t>(value);
    }
  }
  fail();
  return 0;
}

ByteView Reader::take_length(int64_t length, bool* null) {
  if (null != nullptr) *null = length == -1;
  if (length == -1) return {};
  if (length < 0) {
    fail();
    return {};
  }
  return take(static_cast<size_t>(length));
}

ByteView Reader::read_string(bool compact, bool* null) {
  return take_length(compact ? int64_t{read_uvarint()} - 1 : int64_t{read_int16()}, null);
}

ByteView Reader::read_bytes(bool compact) {
  return take_length(compact ? int64_t{read_uvarint()} - 1 : int64_t{read_int32()}, nullptr);
}

uint32_t Reader::read_count(bool compact, bool* null) {
  const int64_t count = compact ? int64_t{read_uvarint()} - 1 : int64_t{read_int32()};
  if (null != nullptr) *null = count == -1;
  if (count == -1) return 0;
  if (count < 0 || static_cast<uint64_t>(count) > left()) {
    fail();
    return 0;
  }
  return static_cast<uint32_t>(count);
}

}  // namespace portway::kafka
