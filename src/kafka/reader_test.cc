#include "kafka/reader.h"

#include <gtest/gtest.h>

#include "kafka/wire_for_test.h"
#include "kafka/writer.h"

namespace portway::kafka {
namespace {

TEST(Reader, FixedIntegersAreBigEndianAndSigned) {
  const std::string bytes = wire("7f ff 0102 fffe 01020304 ffffffff");
  Reader reader(bytes);
  EXPECT_EQ(reader.read_int8(), 127);
  EXPECT_EQ(reader.read_int8(), -1);
  EXPECT_EQ(reader.read_int16(), 0x0102);
  EXPECT_EQ(reader.read_int16(), -2);
  EXPECT_EQ(reader.read_int32(), 0x01020304);
  EXPECT_EQ(reader.read_int32(), -1);
  EXPECT_EQ(reader.left(), 0u);
  EXPECT_FALSE(reader.failed());
}

TEST(Reader, UvarintsHaveAtMostFiveBytesAnd32Bits) {
  struct {
    const char* bytes;
    bool fails;
    uint32_t value;
  } const cases[] = {
      {"00", false, 0},        {"7f", false, 127},           {"8001", false, 128},
      {"ff7f", false, 16383},  {"80808001", false, 1 << 21}, {"ffffffff0f", false, UINT32_MAX},
      {"8000", false, 0},  // longer than needed, and yet a number
      {"ffffffff1f", true, 0}, {"808080808001", true, 0},    {"80", true, 0},
      {"", true, 0},
  };
  for (const auto& one : cases) {
    const std::string bytes = wire(one.bytes);
    Reader reader(bytes);
    EXPECT_EQ(reader.read_uvarint(), one.value) << one.bytes;
    EXPECT_EQ(reader.failed(), one.fails) << one.bytes;
  }
}

TEST(Reader, StringsInBothForms) {
  const std::string bytes = wire("0003 'abc' ffff 0000 04 'abc' 00 01");
  Reader reader(bytes);
  bool null = true;
  EXPECT_EQ(reader.read_string(false, &null), "abc");
  EXPECT_FALSE(null);
  EXPECT_EQ(reader.read_string(false, &null), "");
  EXPECT_TRUE(null);
  EXPECT_EQ(reader.read_string(false, &null), "");
  EXPECT_FALSE(null);
  EXPECT_EQ(reader.read_string(true, &null), "abc");
  EXPECT_EQ(reader.read_string(true, &null), "");
  EXPECT_TRUE(null);
  EXPECT_EQ(reader.read_string(true, &null), "");
  EXPECT_FALSE(null);
  EXPECT_FALSE(reader.failed());
  EXPECT_EQ(reader.left(), 0u);
}

TEST(Reader, FailureStays) {
  const std::string bytes = wire("0009 'abc' 00000001");
  Reader reader(bytes);
  EXPECT_EQ(reader.read_string(false), "");
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.read_int8(), 0);
  EXPECT_EQ(reader.take(1), "");
  EXPECT_EQ(reader.left(), 0u);
  EXPECT_TRUE(reader.failed());
}

TEST(Reader, NegativeLengthsFail) {
  for (const char* text : {"fffe", "8000"}) {
    const std::string bytes = wire(text);
    Reader reader(bytes);
    reader.read_string(false);
    EXPECT_TRUE(reader.failed()) << text;
  }
}

TEST(Reader, CountsAreHeldAgainstTheBytesThatAreLeft) {
  struct {
    const char* bytes;
    bool compact;
    bool fails;
    uint32_t count;
  } const cases[] = {
      {"00000002 0000", false, false, 2}, {"00000003 0000", false, true, 0},
      {"7fffffff", false, true, 0},       {"ffffffff", false, false, 0},
      {"fffffffe", false, true, 0},       {"03 0000", true, false, 2},
      {"04 0000", true, true, 0},         {"00", true, false, 0},
      {"ffffffff0f", true, true, 0},
  };
  for (const auto& one : cases) {
    const std::string bytes = wire(one.bytes);
    Reader reader(bytes);
    EXPECT_EQ(reader.read_count(one.compact), one.count) << one.bytes;
    EXPECT_EQ(reader.failed(), one.fails) << one.bytes;
  }
}

TEST(Writer, WritesWhatReaderReads) {
  for (const uint32_t value : {0u, 1u, 127u, 128u, 16383u, 16384u, 0x7fffffffu, UINT32_MAX}) {
    std::string bytes;
    write_uvarint(bytes, value);
    EXPECT_EQ(bytes.size(), uvarint_bytes(value));
    Reader reader(bytes);
    EXPECT_EQ(reader.read_uvarint(), value);
    EXPECT_EQ(reader.left(), 0u);
  }
  std::string bytes;
  write_int8(bytes, -1);
  write_int16(bytes, -2);
  write_int32(bytes, 0x01020304);
  write_string(bytes, "ab", false);
  write_string(bytes, "ab", true);
  write_null_string(bytes, false);
  write_null_string(bytes, true);
  write_count(bytes, 2, false);
  write_count(bytes, 2, true);
  EXPECT_EQ(bytes, wire("ff fffe 01020304 0002'ab' 03'ab' ffff 00 00000002 03"));
}

}  // namespace
}  // namespace portway::kafka
