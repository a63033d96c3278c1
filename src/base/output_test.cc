#include "base/output.h"

#include <gtest/gtest.h>

namespace portway {
namespace {

TEST(Output, TouchingPiecesBecomeOne) {
  const std::string input = "abcdef";
  Output out;
  out.pass(ByteView(input).substr(0, 2));
  out.pass(ByteView(input).substr(2, 2));
  EXPECT_EQ(out.pieces().size(), 1u);
  out.pass(ByteView(input).substr(5, 1));
  EXPECT_EQ(out.pieces().size(), 2u);
  EXPECT_EQ(out.str(), "abcdf");
}

TEST(Output, WrittenBytesSurviveGrowth) {
  const std::string input = "input";
  Output out;
  out.write("first");
  out.pass(input);
  for (int i = 0; i < 1000; ++i) out.write("more and more");
  EXPECT_EQ(out.pieces().size(), 3u);
  EXPECT_EQ(out.size(), 10u + 13000u);
  EXPECT_EQ(out.str().substr(0, 14), "firstinputmore");
}

TEST(Output, TruncateForgetsTheEnd) {
  const std::string input = "input";
  Output out;
  out.write("written");
  out.pass(input);
  out.write("more");
  out.truncate(9);
  EXPECT_EQ(out.str(), "writtenin");
  out.truncate(3);
  out.write("x");
  EXPECT_EQ(out.str(), "wrix");
  EXPECT_EQ(out.size(), 4u);
  out.truncate(0);
  EXPECT_TRUE(out.pieces().empty());
}

// A rare large frame does not stay for good.
TEST(Output, ClearGivesBackWhatIsAboveTheUsual) {
  const std::string large(8 << 20, 'x');
  Output out;
  out.write(large);
  EXPECT_GE(out.kept_bytes(), large.size());
  out.clear();
  EXPECT_LE(out.kept_bytes(), Output::kKeptBytesMax);
}

TEST(Output, ClearForgetsAll) {
  Output out;
  out.write("x");
  out.clear();
  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(out.pieces().empty());
}

}  // namespace
}  // namespace portway
