#include "render/partition_keys.h"

#include <gtest/gtest.h>

#include <set>

namespace portway::render {
namespace {

// What Apache Kafka's own test of the function expects (UtilsTest.testMurmur2).
TEST(PartitionKeys, HashIsKafkas) {
  EXPECT_EQ(static_cast<int32_t>(kafka_murmur2("21")), -973932308);
  EXPECT_EQ(static_cast<int32_t>(kafka_murmur2("foobar")), -790332482);
  EXPECT_EQ(static_cast<int32_t>(kafka_murmur2("a-little-bit-long-string")), -985981536);
  EXPECT_EQ(static_cast<int32_t>(kafka_murmur2("a-little-bit-longer-string")), -1486304829);
  EXPECT_EQ(static_cast<int32_t>(kafka_murmur2("abc")), 479470107);
}

TEST(PartitionKeys, OneForEachPartition) {
  for (const size_t partitions : {1u, 3u, 64u, 100u}) {
    const auto keys = partition_keys(partitions);
    ASSERT_EQ(keys.size(), partitions);
    for (size_t i = 0; i < partitions; ++i) {
      EXPECT_EQ((kafka_murmur2(keys[i]) & 0x7fffffff) % partitions, i) << keys[i];
    }
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), partitions);
  }
}

}  // namespace
}  // namespace portway::render
