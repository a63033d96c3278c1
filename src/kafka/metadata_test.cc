#include "kafka/metadata.h"

#include <gtest/gtest.h>

#include "kafka/api_keys.h"
#include "kafka/wire_for_test.h"

namespace portway::kafka {
namespace {

TEST(MetadataQuestion, Bytes) {
  EXPECT_EQ(api_versions_request(7, "me"), wire("0000000c 0012 0000 00000007 0002 'me'"));
  EXPECT_EQ(metadata_request(0, 7, "me"), wire("00000010 0003 0000 00000007 0002 'me' 00000000"));
  EXPECT_EQ(metadata_request(4, 7, "me"),
            wire("00000011 0003 0004 00000007 0002 'me' 00000000 00"));
  EXPECT_EQ(metadata_request(9, 7, "me"),
            wire("00000012 0003 0009 00000007 0002 'me' 00 01 00 00 00 00"));
  EXPECT_EQ(metadata_request(13, 7, "me"),
            wire("00000011 0003 000d 00000007 0002 'me' 00 01 00 00 00"));
}

TEST(MetadataVersions, OutOfApiVersions) {
  const auto range =
      metadata_versions(wire("00000007 0000 00000002 0000 0003 000d 0003 0002 000c"));
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->min, 2);
  EXPECT_EQ(range->max, 12);
  EXPECT_EQ(metadata_versions(wire("00000007 0000 00000001 0000 0003 000d")).error().code,
            "metadata_not_offered");
  EXPECT_EQ(metadata_versions(wire("00000007 0023 00000000")).error().code, "api_versions_error");
  EXPECT_EQ(metadata_versions(wire("00000007 0000 00000009 0000")).error().code,
            "malformed_response");
}

TEST(MetadataVersions, TheHighestThatBothKnow) {
  EXPECT_EQ(choose_metadata_version({0, 1}), 1);
  EXPECT_EQ(choose_metadata_version({0, 99}), 13);
  EXPECT_EQ(choose_metadata_version({13, 20}), 13);
  EXPECT_EQ(choose_metadata_version({14, 20}), -1);
  EXPECT_EQ(choose_metadata_version({0, -1}), -1);
}

TEST(MetadataBrokers, OutOfAnswers) {
  const auto brokers = metadata_brokers(
      wire("00000007 00000002 00000001 0004 'host' 00002384 00000002 0001 'h' 00002385 00000000"),
      0);
  ASSERT_TRUE(brokers.has_value());
  ASSERT_EQ(brokers->size(), 2u);
  EXPECT_EQ(brokers->at(0).broker_id, 1);
  EXPECT_EQ(brokers->at(0).address, (HostPort{"host", 9092}));
  EXPECT_EQ(brokers->at(1).address, (HostPort{"h", 9093}));
}

TEST(MetadataBrokers, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"00000007 00000001 00000001 0000 00002384", "00000007 00000001 00000001 0001 'h' 00000000",
        "00000007 00000001 00000001 0001 'h' 00010000", "00000007 00000001 00000001 0001 'h'",
        "00000007 7fffffff", "00"}) {
    const auto brokers = metadata_brokers(wire(text), 0);
    ASSERT_FALSE(brokers.has_value()) << text;
    EXPECT_EQ(brokers.error().code, "malformed_response");
  }
}

TEST(Apis, NamesSlotsAndClamps) {
  EXPECT_EQ(api_name(0), "Produce");
  EXPECT_EQ(api_name(92), "DeleteShareGroupOffsets");
  EXPECT_EQ(api_name(93), "unknown");
  EXPECT_EQ(api_name(-1), "unknown");
  EXPECT_EQ(api_slot(-1), kApiSlots - 1);
  EXPECT_EQ(api_slot(INT16_MAX), kApiSlots - 1);
  EXPECT_EQ(api_slot_name(kApiSlots - 1), "unknown");
  EXPECT_EQ(first_flexible_version(kSaslHandshake), INT16_MAX);
  EXPECT_EQ(first_flexible_version(kMetadata), 9);
  EXPECT_EQ(clamp_version(kFetch), 18);
  EXPECT_EQ(clamp_version(kSaslHandshake), INT16_MAX);
}

}  // namespace
}  // namespace portway::kafka
