#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace portway::proxy {

// A fixed piece of memory for bytes that a socket would not take at once.
struct Chunk {
  static constexpr size_t kBytes = 16 << 10;
  std::array<char, kBytes> bytes;
  size_t begin = 0;
  size_t end = 0;
  std::unique_ptr<Chunk> next;
};

// Chunks of one worker that nobody uses, so that a busy moment does not go through the allocator
// for every read. Keeps at most kIdleChunksMax. One thread.
class ChunkPool {
 public:
  static constexpr size_t kIdleChunksMax = 256;  // 4 MiB

  std::unique_ptr<Chunk> take();
  void give_back(std::unique_ptr<Chunk> chunk);
  size_t in_use() const { return in_use_; }

 private:
  std::vector<std::unique_ptr<Chunk>> idle_;
  size_t in_use_ = 0;
};

// What is still to be sent to one socket, oldest first. Empty, it is four words. Bounded by the
// back-pressure rule: while it is not empty the other side is not read, so that it holds at most
// what one read and one rewrite bring. One thread; the pool outlives it.
class PendingBytes {
 public:
  explicit PendingBytes(ChunkPool& pool) : pool_(&pool) {}
  ~PendingBytes() { clear(); }
  PendingBytes(const PendingBytes&) = delete;
  PendingBytes& operator=(const PendingBytes&) = delete;

  bool empty() const { return head_ == nullptr; }
  size_t bytes() const { return bytes_; }

  // Appends a copy of all pieces but their first `skip` bytes.
  void append(std::span<const ByteView> pieces, size_t skip);

  // The oldest bytes, in up to into.size() pieces; how many there are.
  size_t front(std::span<ByteView> into) const;

  void consume(size_t bytes);
  void clear();

 private:
  void append(ByteView bytes);

  ChunkPool* pool_;
  std::unique_ptr<Chunk> head_;
  Chunk* tail_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace portway::proxy
