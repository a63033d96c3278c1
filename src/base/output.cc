#include "base/output.h"

#include <algorithm>

namespace portway {

void Output::pass(ByteView bytes) {
  if (bytes.empty()) return;
  size_ += bytes.size();
  if (!list_.empty()) {
    Piece& last = list_.back();
    if (last.view.data() != nullptr && last.view.data() + last.size == bytes.data()) {
      last.size += bytes.size();
      return;
    }
  }
  list_.push_back({bytes, 0, bytes.size()});
}

void Output::write(ByteView bytes) {
  if (bytes.empty()) return;
  size_ += bytes.size();
  const size_t offset = written_.size();
  written_.append(bytes);
  if (!list_.empty()) {
    Piece& last = list_.back();
    if (last.view.data() == nullptr && last.offset + last.size == offset) {
      last.size += bytes.size();
      return;
    }
  }
  list_.push_back({ByteView(), offset, bytes.size()});
}

void Output::clear() {
  list_.clear();
  views_.clear();
  written_.clear();
  if (list_.capacity() * sizeof(Piece) > kKeptBytesMax) list_.shrink_to_fit();
  if (views_.capacity() * sizeof(ByteView) > kKeptBytesMax) views_.shrink_to_fit();
  if (written_.capacity() > kKeptBytesMax) written_.shrink_to_fit();
  size_ = 0;
}

void Output::truncate(size_t size) {
  while (size_ > size) {
    Piece& last = list_.back();
    const size_t surplus = std::min(last.size, size_ - size);
    last.size -= surplus;
    size_ -= surplus;
    if (last.view.data() == nullptr) written_.resize(last.offset + last.size);
    if (last.size == 0) list_.pop_back();
  }
}

std::span<const ByteView> Output::pieces() {
  views_.clear();
  for (const Piece& piece : list_) {
    const char* data =
        piece.view.data() != nullptr ? piece.view.data() : written_.data() + piece.offset;
    views_.emplace_back(data, piece.size);
  }
  return views_;
}

std::string Output::str() {
  std::string all;
  all.reserve(size_);
  for (const ByteView piece : pieces()) all.append(piece);
  return all;
}

}  // namespace portway
