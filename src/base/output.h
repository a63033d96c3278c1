#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace portway {

// Bytes to send, in order, as a gather list: pieces of the caller's input buffer, which are not
// copied, and bytes written here. Pieces that touch become one, so that a run of untouched frames
// leaves as a single piece.
//
// One Output is reused for call after call: clear() keeps its memory, up to kKeptBytesMax. What
// pieces() returns is valid until the next pass(), write() or clear(), and as long as the input
// buffers live. One thread.
class Output {
 public:
  static constexpr size_t kKeptBytesMax = 256 << 10;

  // Appends bytes that live elsewhere, without copying.
  void pass(ByteView bytes);

  // Appends a copy of `bytes`.
  void write(ByteView bytes);

  void clear();

  // Forgets all but the first `size` bytes.
  void truncate(size_t size);

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }

  std::span<const ByteView> pieces();

  // Of memory for bytes written here.
  size_t kept_bytes() const { return written_.capacity(); }

  // All bytes in one string; for tests and for small control messages.
  std::string str();

 private:
  // A piece of `written_` has data() == nullptr and its place in `offset`: the string may move
  // while it grows.
  struct Piece {
    ByteView view;
    size_t offset;
    size_t size;
  };

  std::vector<Piece> list_;
  std::vector<ByteView> views_;
  std::string written_;
  size_t size_ = 0;
};

}  // namespace portway
