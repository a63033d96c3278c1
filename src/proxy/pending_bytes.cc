#include "proxy/pending_bytes.h"

#include <algorithm>
#include <cstring>

namespace portway::proxy {

std::unique_ptr<Chunk> ChunkPool::take() {
  ++in_use_;
  // Not make_unique: the bytes need no zeros.
  if (idle_.empty()) return std::unique_ptr<Chunk>(new Chunk);
  std::unique_ptr<Chunk> chunk = std::move(idle_.back());
  idle_.pop_back();
  chunk->begin = chunk->end = 0;
  return chunk;
}

void ChunkPool::give_back(std::unique_ptr<Chunk> chunk) {
  --in_use_;
  if (idle_.size() < kIdleChunksMax) idle_.push_back(std::move(chunk));
}

void PendingBytes::append(std::span<const ByteView> pieces, size_t skip) {
  for (const ByteView piece : pieces) {
    const size_t skipped = std::min(skip, piece.size());
    skip -= skipped;
    append(piece.substr(skipped));
  }
}

void PendingBytes::append(ByteView bytes) {
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    if (tail_ == nullptr || tail_->end == Chunk::kBytes) {
      std::unique_ptr<Chunk> chunk = pool_->take();
      Chunk* fresh = chunk.get();
      (tail_ == nullptr ? head_ : tail_->next) = std::move(chunk);
      tail_ = fresh;
    }
    const size_t part = std::min(bytes.size(), Chunk::kBytes - tail_->end);
    std::memcpy(tail_->bytes.data() + tail_->end, bytes.data(), part);
    tail_->end += part;
    bytes.remove_prefix(part);
  }
}

size_t PendingBytes::front(std::span<ByteView> into) const {
  size_t count = 0;
  for (const Chunk* chunk = head_.get(); chunk != nullptr && count < into.size();
       chunk = chunk->next.get()) {
    into[count++] = ByteView(chunk->bytes.data() + chunk->begin, chunk->end - chunk->begin);
  }
  return count;
}

void PendingBytes::consume(size_t bytes) {
  bytes_ -= bytes;
  while (bytes > 0) {
    const size_t part = std::min(bytes, head_->end - head_->begin);
    head_->begin += part;
    bytes -= part;
    if (head_->begin < head_->end) return;
    std::unique_ptr<Chunk> next = std::move(head_->next);
    pool_->give_back(std::move(head_));
    head_ = std::move(next);
    if (head_ == nullptr) tail_ = nullptr;
  }
}

void PendingBytes::clear() {
  while (head_ != nullptr) consume(head_->end - head_->begin);
}

}  // namespace portway::proxy
