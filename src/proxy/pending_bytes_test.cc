#include "proxy/pending_bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace portway::proxy {
namespace {

std::string all_of(const PendingBytes& pending) {
  std::array<ByteView, 64> pieces;
  std::string text;
  const size_t count = pending.front(pieces);
  for (size_t i = 0; i < count; ++i) text += pieces[i];
  return text;
}

TEST(PendingBytes, KeepWhatIsAppendedInOrderWithoutTheSkippedBytes) {
  ChunkPool pool;
  PendingBytes pending(pool);
  EXPECT_TRUE(pending.empty());
  const std::array<ByteView, 3> pieces = {"abc", "def", "ghi"};
  pending.append(pieces, 4);
  pending.append(pieces, 0);
  EXPECT_EQ(all_of(pending), "efghiabcdefghi");
  EXPECT_EQ(pending.bytes(), 14u);
  pending.consume(3);
  EXPECT_EQ(all_of(pending), "hiabcdefghi");
  EXPECT_EQ(pending.bytes(), 11u);
}

TEST(PendingBytes, SpreadOverChunksAndGiveThemBack) {
  ChunkPool pool;
  PendingBytes pending(pool);
  std::string text;
  for (size_t i = 0; i < 3 * Chunk::kBytes; ++i) text.push_back(static_cast<char>('a' + i % 23));
  const std::array<ByteView, 1> pieces = {text};
  pending.append(pieces, 1);
  EXPECT_EQ(pool.in_use(), 3u);
  EXPECT_EQ(all_of(pending), text.substr(1));
  pending.consume(Chunk::kBytes + 5);
  EXPECT_EQ(pool.in_use(), 2u);
  EXPECT_EQ(all_of(pending), text.substr(Chunk::kBytes + 6));
  pending.append(pieces, text.size() - 2);
  EXPECT_EQ(all_of(pending), text.substr(Chunk::kBytes + 6) + text.substr(text.size() - 2));
  pending.clear();
  EXPECT_TRUE(pending.empty());
  EXPECT_EQ(pending.bytes(), 0u);
  EXPECT_EQ(pool.in_use(), 0u);
}

TEST(PendingBytes, TellNoMorePiecesThanAskedFor) {
  ChunkPool pool;
  PendingBytes pending(pool);
  const std::string text(4 * Chunk::kBytes, 'x');
  const std::array<ByteView, 1> pieces = {text};
  pending.append(pieces, 0);
  std::array<ByteView, 2> two;
  EXPECT_EQ(pending.front(two), 2u);
}

TEST(PendingBytes, GiveTheirChunksBackWhenTheyEnd) {
  ChunkPool pool;
  {
    PendingBytes pending(pool);
    const std::array<ByteView, 1> pieces = {"left over"};
    pending.append(pieces, 0);
    EXPECT_EQ(pool.in_use(), 1u);
  }
  EXPECT_EQ(pool.in_use(), 0u);
}

}  // namespace
}  // namespace portway::proxy
