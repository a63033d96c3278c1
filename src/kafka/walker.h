#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "kafka/schema.h"

namespace portway::kafka {

// Finds its way through the fields of a message while its bytes come in pieces of any size, and
// keeps none of them: the state is a few numbers, whatever the frame holds. The slow twin of a
// recursive descent over bytes that are all there.
class Walker {
 public:
  // `frame_bytes`: what the frame has left, these fields included. The fields end before the frame
  // does: at least one byte stands behind them.
  Walker(std::span<const Field> fields, Form form, uint32_t frame_bytes);

  // Walks on and returns how many of these bytes belong to the fields: all of them, unless done().
  // After failed() nothing may be walked any more.
  size_t walk(ByteView bytes);

  // The fields are complete.
  bool done() const { return done_; }

  // A length points past the frame, or cannot be.
  bool failed() const { return failed_; }

  // How many bytes from here on will be walked whatever they are.
  uint32_t opaque_bytes() const { return skip_; }
  void skip(uint32_t bytes);

 private:
  // What the number means that is being read.
  enum class Number : uint8_t { kNone, kLength, kCount, kTagCount, kTag, kTagSize };

  struct Level {
    std::span<const Field> fields;
    size_t next = 0;
    uint32_t items_left = 1;
  };

  Level& top() { return levels_[static_cast<size_t>(depth_)]; }
  void next_field();
  void begin_number(Number number, uint8_t fixed_bytes);
  bool read_number(ByteView& bytes);
  void end_number();
  void begin_skip(uint64_t bytes);
  void begin_items(uint64_t count);
  void consume(ByteView& bytes, size_t count);

  std::array<Level, kSchemaDepthMax> levels_;
  int depth_ = 0;
  Form form_;
  uint32_t left_;  // bytes of the frame that were not walked yet
  uint32_t skip_ = 0;
  uint32_t tags_left_ = 0;
  std::span<const Field> array_fields_;

  Number number_ = Number::kNone;
  uint8_t number_fixed_bytes_ = 0;  // 0: an uvarint
  uint8_t number_bytes_read_ = 0;
  uint64_t number_value_ = 0;

  bool done_ = false;
  bool failed_ = false;
};

}  // namespace portway::kafka
