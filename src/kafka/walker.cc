#include "kafka/walker.h"

#include <algorithm>

#include "kafka/reader.h"

namespace portway::kafka {

Walker::Walker(std::span<const Field> fields, Form form, uint32_t frame_bytes)
    : form_(form), left_(frame_bytes) {
  top() = {fields};
}

void Walker::consume(ByteView& bytes, size_t count) {
  bytes.remove_prefix(count);
  left_ -= static_cast<uint32_t>(count);
}

void Walker::skip(uint32_t bytes) {
  skip_ -= bytes;
  left_ -= bytes;
}

size_t Walker::walk(ByteView bytes) {
  const size_t given = bytes.size();
  while (!failed_ && !done_) {
    if (skip_ > 0) {
      const size_t count = std::min<size_t>(skip_, bytes.size());
      consume(bytes, count);
      skip_ -= static_cast<uint32_t>(count);
      if (skip_ > 0) break;
    } else if (number_ != Number::kNone) {
      if (!read_number(bytes)) break;
    } else if (tags_left_ > 0) {
      begin_number(Number::kTag, 0);
    } else {
      next_field();
    }
  }
  return given - bytes.size();
}

void Walker::next_field() {
  Level& level = top();
  if (level.next == level.fields.size()) {
    if (--level.items_left > 0) {
      level.next = 0;
    } else if (depth_ > 0) {
      --depth_;
    } else {
      done_ = left_ > 0;
      failed_ = !done_;
    }
    return;
  }
  const Field& field = level.fields[level.next++];
  if (!field.in(form_.version)) return;
  switch (field.type) {
    case FieldType::kFixed:
      return begin_skip(field.width);
    case FieldType::kString:
      return begin_number(Number::kLength, form_.flexible ? 0 : 2);
    case FieldType::kBytes:
      return begin_number(Number::kLength, form_.flexible ? 0 : 4);
    case FieldType::kArray:
      array_fields_ = field.fields;
      return begin_number(Number::kCount, form_.flexible ? 0 : 4);
    case FieldType::kTags:
      return begin_number(Number::kTagCount, 0);
    case FieldType::kAddress:
      array_fields_ = field.fields;
      return begin_items(1);
  }
}

void Walker::begin_number(Number number, uint8_t fixed_bytes) {
  number_ = number;
  number_fixed_bytes_ = fixed_bytes;
  number_bytes_read_ = 0;
  number_value_ = 0;
}

// False when the bytes ended before the number did.
bool Walker::read_number(ByteView& bytes) {
  while (!bytes.empty()) {
    const auto byte = static_cast<uint8_t>(bytes.front());
    consume(bytes, 1);
    ++number_bytes_read_;
    bool complete = false;
    if (number_fixed_bytes_ > 0) {
      number_value_ = (number_value_ << 8) | byte;
      complete = number_bytes_read_ == number_fixed_bytes_;
    } else {
      number_value_ |= static_cast<uint64_t>(byte & 0x7f) << (7 * (number_bytes_read_ - 1));
      complete = (byte & 0x80) == 0;
      if (number_value_ > UINT32_MAX || (!complete && number_bytes_read_ == kUvarintBytesMax)) {
        failed_ = true;
        return true;
      }
    }
    if (complete) {
      end_number();
      return true;
    }
  }
  return false;
}

void Walker::end_number() {
  const Number number = number_;
  number_ = Number::kNone;
  switch (number) {
    case Number::kNone:
      return;
    case Number::kTagCount:
      // Every tag takes at least two bytes, and something stands behind them.
      failed_ = number_value_ >= left_;
      tags_left_ = static_cast<uint32_t>(number_value_);
      return;
    case Number::kTag:
      return begin_number(Number::kTagSize, 0);
    case Number::kTagSize:
      --tags_left_;
      return begin_skip(number_value_);
    case Number::kLength:
    case Number::kCount:
      break;
  }
  // Null is -1 as a fixed number and 0 as an uvarint, whose values count from 1.
  uint64_t size = number_value_;
  if (number_fixed_bytes_ == 0) {
    if (size == 0) return;
    --size;
  } else if (size == (uint64_t{1} << (8 * number_fixed_bytes_)) - 1) {
    return;
  }
  return number == Number::kLength ? begin_skip(size) : begin_items(size);
}

void Walker::begin_skip(uint64_t bytes) {
  // A byte stands behind the fields, so that none of them ends with the frame.
  if (bytes >= left_) {
    failed_ = true;
    return;
  }
  skip_ = static_cast<uint32_t>(bytes);
}

void Walker::begin_items(uint64_t count) {
  if (count == 0) return;
  // Every item takes at least one byte.
  if (count >= left_) {
    failed_ = true;
    return;
  }
  ++depth_;
  top() = {array_fields_, 0, static_cast<uint32_t>(count)};
}

}  // namespace portway::kafka
