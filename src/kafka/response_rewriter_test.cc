#include "kafka/response_rewriter.h"

#include <gtest/gtest.h>

#include "kafka/api_keys.h"
#include "kafka/editor.h"
#include "kafka/reader.h"
#include "kafka/wire_for_test.h"
#include "kafka/writer.h"

namespace portway::kafka {
namespace {

TEST(Treatment, SaysWhatEveryVersionNeeds) {
  using enum ResponseTreatment;
  struct {
    int16_t api_key;
    int16_t version;
    ResponseTreatment treatment;
  } const cases[] = {
      {kMetadata, 0, kRewrite},
      {kMetadata, 13, kRewrite},
      {kMetadata, 14, kRefuse},
      {kMetadata, -1, kRefuse},
      {kProduce, 9, kPass},
      {kProduce, 10, kRewrite},
      {kProduce, 13, kRewrite},
      {kProduce, 14, kRefuse},
      {kFetch, 15, kPass},
      {kFetch, 16, kRewrite},
      {kFetch, 18, kRewrite},
      {kFetch, 19, kRefuse},
      {kFindCoordinator, 6, kRewrite},
      {kFindCoordinator, 7, kRefuse},
      {kDescribeCluster, 2, kRewrite},
      {kDescribeCluster, 3, kRefuse},
      {kDescribeQuorum, 1, kPass},
      {kDescribeQuorum, 2, kRewrite},
      {kDescribeQuorum, 3, kRefuse},
      {kShareFetch, 0, kRewrite},
      {kShareFetch, 3, kRefuse},
      {kShareAcknowledge, 2, kRewrite},
      {kApiVersions, 4, kRewrite},
      {kApiVersions, 99, kRewrite},
      {19, 7, kPass},    // CreateTopics
      {52, 0, kRefuse},  // Vote
      {58, 0, kRefuse},  // Envelope
      {59, 1, kRefuse},  // FetchSnapshot
      {1000, 0, kPass},  // nobody knows
      {-1, 0, kPass},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(response_treatment(one.api_key, one.version), one.treatment)
        << one.api_key << " v" << one.version;
  }
}

TEST(Metadata, Version0) {
  OneHost addresses;
  const std::string frame = wire(
      "00000007 00000002"
      "00000001 0006 'inside' 00002384"
      "00000002 0000 00000000 (an empty host stays as it is)"
      "00000001 0000 0005 'topic' 00000000");
  const std::string expected = wire(
      "00000030 00000007 00000002"
      "00000001 0003 'pub' 000003e9"
      "00000002 0000 00000000"
      "00000001 0000 0005 'topic' 00000000");
  for (const size_t piece_bytes : {SIZE_MAX, size_t{30}, size_t{1}}) {
    addresses.told.clear();
    EXPECT_EQ(rewrite(kMetadata, 0, frame, addresses, piece_bytes), expected);
    EXPECT_EQ(addresses.told, "saw 1 inside:9092\n");
  }
}

TEST(Metadata, FlexibleWithTagsAndABrokerWithoutAPlace) {
  OneHost addresses;
  const std::string front = wire("00000007 01 05 02 'hi' 00000000");
  const std::string rest = wire("08 'cluster' 00000001 01 00");
  const std::string frame = front +
                            wire(
                                "03"
                                "00000001 05 'in-1' 00002384 00 01 09 01 'x'"
                                "0000000b 05 'in-2' 00002384 02 'r' 00") +
                            rest;
  const std::string expected = front + wire("02 00000001 04 'pub' 000003e9 00 01 09 01 'x'") + rest;
  for (const size_t piece_bytes : {SIZE_MAX, size_t{30}, size_t{1}}) {
    addresses.told.clear();
    EXPECT_EQ(rewrite(kMetadata, 9, frame, addresses, piece_bytes).substr(4), expected);
    EXPECT_EQ(addresses.told, "saw 1 in-1:9092\nsaw 11 in-2:9092\nleft out 11\n");
  }
}

TEST(Metadata, TopicsAreOpaqueOnceTheFrontIsThrough) {
  OneHost addresses;
  const std::string frame = wire("00000007 00000000") + std::string(1000, '\xff');
  ResponseRewriter rewriter(kMetadata, 0, static_cast<uint32_t>(frame.size()), addresses);
  Output out;
  ASSERT_TRUE(rewriter.feed(frame.substr(0, 6), out));
  EXPECT_EQ(rewriter.opaque_bytes(), 0u);
  EXPECT_TRUE(out.empty());
  ASSERT_TRUE(rewriter.feed(frame.substr(6, 12), out));
  EXPECT_EQ(rewriter.opaque_bytes(), 990u);
  rewriter.skip(989);
  EXPECT_FALSE(rewriter.done());
  EXPECT_EQ(rewriter.opaque_bytes(), 1u);
  rewriter.skip(1);
  EXPECT_TRUE(rewriter.done());
}

TEST(FindCoordinator, Version0) {
  OneHost addresses;
  const std::string good = wire("00000007 0000 00000003 0002 'in' 00002384");
  EXPECT_EQ(rewrite(kFindCoordinator, 0, good, addresses),
            wire("00000013 00000007 0000 00000003 0003 'pub' 000003eb"));
  const std::string error = wire("00000007 000f ffffffff 0000 ffffffff");
  EXPECT_EQ(rewrite(kFindCoordinator, 0, error, addresses), wire("00000010") + error);
  EXPECT_EQ(addresses.told, "saw 3 in:9092\n");
  const std::string stranger = wire("00000007 0000 0000000c 0002 'in' 00002384");
  EXPECT_EQ(rewrite(kFindCoordinator, 0, stranger, addresses), wire("00000010") + error);
}

TEST(FindCoordinator, BatchKeepsEachEntryItsOwnAnswer) {
  OneHost addresses;
  const std::string frame = wire(
      "00000007 00 00000000 04"
      "02 'a' 00000003 03 'in' 00002384 0000 00 00"
      "02 'b' ffffffff 01 ffffffff 000f 00 00"
      "02 'c' 0000000c 03 'in' 00002384 0000 00 00"
      "00");
  const std::string expected = wire(
      "00000007 00 00000000 04"
      "02 'a' 00000003 04 'pub' 000003eb 0000 00 00"
      "02 'b' ffffffff 01 ffffffff 000f 00 00"
      "02 'c' ffffffff 01 ffffffff 000f 2e 'broker 12 has no place in Portway' 27 's port plan' 00"
      "00");
  for (const size_t piece_bytes : {SIZE_MAX, size_t{1}}) {
    EXPECT_EQ(rewrite(kFindCoordinator, 4, frame, addresses, piece_bytes).substr(4), expected);
  }
}

TEST(DescribeCluster, BrokersAreRewrittenAndControllersLeftOut) {
  OneHost addresses;
  const auto frame = [](const char* endpoint_type) {
    return wire("00000007 00 00000000 0000 00") + wire(endpoint_type) +
           wire("02 'c' 00000001 02 00000001 03 'in' 00002384 00 00 80000000 00");
  };
  EXPECT_EQ(rewrite(kDescribeCluster, 1, frame("01"), addresses).substr(4),
            wire("00000007 00 00000000 0000 00 01 02 'c' 00000001 02 00000001 04 'pub' 000003e9 00 "
                 "00 80000000 00"));
  EXPECT_EQ(rewrite(kDescribeCluster, 0, frame(""), addresses).substr(4),
            wire("00000007 00 00000000 0000 00 02 'c' 00000001 02 00000001 04 'pub' 000003e9 00 00 "
                 "80000000 00"));
  addresses.told.clear();
  EXPECT_EQ(rewrite(kDescribeCluster, 1, frame("02"), addresses).substr(4),
            wire("00000007 00 00000000 0000 00 02 02 'c' 00000001 01 80000000 00"));
  EXPECT_EQ(addresses.told, "");
}

TEST(DescribeQuorum, ListenersAreTakenOut) {
  OneHost addresses;
  const std::string frame = wire(
      "00000007 00 0000 00 01"
      "03 00000001 02 04 'CTL' 03 'in' 2384 00 00"
      "00000002 01 00"
      "00");
  EXPECT_EQ(rewrite(kDescribeQuorum, 2, frame, addresses).substr(4),
            wire("00000007 00 0000 00 01 03 00000001 01 00 00000002 01 00 00"));
  EXPECT_EQ(addresses.told, "");
}

TEST(ApiVersions, HighestVersionsAreClampedInPlace) {
  OneHost addresses;
  const std::string frame =
      wire("00000007 0000 00000004 0000 0003 0063  0001 0004 0012  0003 0000 0063  0013 0000 0063");
  const std::string expected = wire(
      "00000022 00000007 0000 00000004 0000 0003 000d  0001 0004 0012  0003 0000 000d  0013 0000 "
      "0063");
  EXPECT_EQ(rewrite(kApiVersions, 0, frame, addresses), expected);
  EXPECT_EQ(rewrite(kApiVersions, 0, frame, addresses, 1), expected);
}

TEST(ApiVersions, FlexibleWithOldHeader) {
  OneHost addresses;
  const std::string frame =
      wire("00000007 0000 02 0003 0000 000e 00 00000000 01 01 08 0000000000000005");
  EXPECT_EQ(rewrite(kApiVersions, 3, frame, addresses).substr(4),
            wire("00000007 0000 02 0003 0000 000d 00 00000000 01 01 08 0000000000000005"));
}

TEST(ApiVersions, UnsupportedVersionIsAnsweredInTheFormOfVersion0) {
  OneHost addresses;
  const std::string frame = wire("00000007 0023 00000001 0012 0000 0009");
  for (const int16_t version : {int16_t{0}, int16_t{4}, int16_t{9}}) {
    EXPECT_EQ(rewrite(kApiVersions, version, frame, addresses),
              wire("00000010 00000007 0023 00000001 0012 0000 0004"));
  }
}

// Fetch version 16: two partitions, and what the test wants for the end.
std::string fetch(std::string_view tail, size_t records_bytes = 300) {
  std::string frame = wire("00000007 00 00000000 0000 00000000 02") + std::string(16, 'T') +
                      wire("03 00000000 0000") + std::string(24, '\0') + wire("01 ffffffff");
  write_uvarint(frame, static_cast<uint32_t>(records_bytes + 1));
  frame += std::string(records_bytes, 'R') + wire("00 00000001 0006") + std::string(24, '\0') +
           wire("00 ffffffff 00 01 01 08 00000001 00000005 00");
  return frame + std::string(tail);
}

TEST(Fetch, WholeFramesAreExact) {
  OneHost addresses;
  const std::string plain = fetch(wire("00"));
  EXPECT_EQ(rewrite(kFetch, 16, plain, addresses).substr(4), plain);
  EXPECT_EQ(
      rewrite(kFetch, 16, fetch(wire("01 00 0e 02 00000001 03 'in' 00002384 00 00")), addresses)
          .substr(4),
      fetch(wire("01 00 0f 02 00000001 04 'pub' 000003e9 00 00")));
  EXPECT_EQ(addresses.told, "saw 1 in:9092\n");
}

TEST(Fetch, UnchangedBytesArePassedInOnePiece) {
  OneHost addresses;
  const std::string plain = fetch(wire("00"));
  ResponseRewriter rewriter(kFetch, 18, static_cast<uint32_t>(plain.size()), addresses);
  Output out;
  ASSERT_TRUE(rewriter.feed(plain, out));
  ASSERT_EQ(out.pieces().size(), 2u);
  EXPECT_EQ(out.pieces()[1].data(), plain.data());
}

TEST(Fetch, StreamedFramesGrowByTheReserve) {
  OneHost addresses;
  const std::string frame = fetch(wire("01 00 0e 02 00000001 03 'in' 00002384 00 00"));
  const std::string streamed = rewrite(kFetch, 17, frame, addresses, frame.size() - 1);
  ASSERT_EQ(streamed.size(), 4 + frame.size() + kStreamReserveBytes);
  const std::string expected = fetch(wire("02 00 0f 02 00000001 04 'pub' 000003e9 00 00"));
  EXPECT_EQ(streamed.substr(4, expected.size()), expected);
  // One byte more for the address; the padding has a tag and a size of two bytes each.
  EXPECT_EQ(streamed.substr(4 + expected.size(), 4), wire("e05d fb07"));
  EXPECT_EQ(streamed.substr(4 + expected.size() + 4), std::string(1019, '\0'));
  for (const size_t piece_bytes : {size_t{1}, size_t{2}, size_t{7}, size_t{100}}) {
    EXPECT_TRUE(rewrite(kFetch, 17, frame, addresses, piece_bytes) == streamed);
  }
}

TEST(Fetch, RecordsAreOpaque) {
  OneHost addresses;
  const std::string frame = fetch(wire("00"), 100'000);
  ResponseRewriter rewriter(kFetch, 16, static_cast<uint32_t>(frame.size()), addresses);
  Output out;
  ASSERT_TRUE(rewriter.feed(ByteView(frame).substr(0, 200), out));
  EXPECT_EQ(out.size(), 204u);
  const uint32_t opaque = rewriter.opaque_bytes();
  EXPECT_GT(opaque, 99'000u);
  rewriter.skip(opaque - 5);
  EXPECT_EQ(rewriter.opaque_bytes(), 5u);
  out.clear();
  ASSERT_TRUE(rewriter.feed(ByteView(frame).substr(200 + opaque - 5), out));
  EXPECT_TRUE(rewriter.done());
  EXPECT_EQ(200 + opaque - 5 + out.size(), frame.size() + kStreamReserveBytes);
}

// Reads the tail of a streamed frame; true when it is one endpoint and one padding field.
bool reads_as_padded(ByteView tail, size_t endpoints) {
  Reader reader(tail);
  if (reader.read_uvarint() != 2 || reader.read_uvarint() != 0) return false;
  const ByteView content = reader.take(reader.read_uvarint());
  Reader entries(content);
  if (entries.read_count(true) != endpoints) return false;
  if (reader.read_uvarint() < kPadTag) return false;
  reader.take(reader.read_uvarint());
  return !reader.failed() && reader.left() == 0;
}

TEST(Fetch, PaddingComesOutEvenAtEveryLength) {
  const std::string frame = fetch(wire("01 00 0e 02 00000001 03 'in' 00002384 00 00"), 20);
  const size_t tail_at = fetch("", 20).size();
  for (size_t host_bytes = 1; host_bytes < 1100; ++host_bytes) {
    OneHost addresses(std::string(host_bytes, 'h'));
    const std::string streamed = rewrite(kFetch, 16, frame, addresses, 10);
    ASSERT_EQ(streamed.size(), 4 + frame.size() + kStreamReserveBytes) << host_bytes;
    // Longer hosts do not fit: the entry is left out, and nobody is told that it has no place.
    const size_t endpoints = host_bytes <= 1005 ? 1 : 0;
    ASSERT_TRUE(reads_as_padded(ByteView(streamed).substr(4 + tail_at), endpoints)) << host_bytes;
    EXPECT_EQ(addresses.told, "saw 1 in:9092\n");
  }
}

TEST(Fetch, PaddingTakesATagBeyondThoseThatAreThere) {
  OneHost addresses;
  const std::string frame = fetch(wire("01 e0dd01 01 'x'"));  // tag 28,384
  const std::string streamed = rewrite(kFetch, 16, frame, addresses, 10);
  const size_t tail_at = 4 + fetch("").size();
  EXPECT_EQ(streamed.substr(tail_at, 8), wire("02 e0dd01 01 'x' e1dd"));
  ASSERT_EQ(streamed.size(), 4 + frame.size() + kStreamReserveBytes);
}

TEST(Fetch, EveryTagZeroIsRewritten) {
  OneHost addresses;
  const std::string frame = fetch(
      wire("02 00 0e 02 00000001 03 'in' 00002384 00 00 00 0e 02 00000002 03 'in' 00002384 00 00"));
  EXPECT_EQ(rewrite(kFetch, 16, frame, addresses).find("in"), std::string::npos);
}

TEST(Fetch, NoRoomBelow2GiB) {
  OneHost addresses;
  ResponseRewriter rewriter(kFetch, 16, INT32_MAX - 5, addresses);
  Output out;
  const auto result = rewriter.feed("x", out);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, "response_too_large");
  EXPECT_EQ(result.error().fault, Fault::kSelf);
  EXPECT_TRUE(out.empty());
}

TEST(Limits, WhatIsHeldBackIsBounded) {
  OneHost addresses;
  for (const int16_t key : {kFindCoordinator, kDescribeCluster}) {
    ResponseRewriter rewriter(key, 0, kHeldBytesMax + 1, addresses);
    Output out;
    const auto result = rewriter.feed("x", out);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, "response_too_large");
  }
}

TEST(Malformed, LengthsThatPointPastTheFrame) {
  OneHost addresses;
  const char* const frames[] = {
      "",
      "00",
      "00000007 7fffffff 00",
      "00000007 00000001 00000001 7fff 'inside' 00002384",
      "00000007 fffffffe",
  };
  for (const char* text : frames) {
    for (const size_t piece_bytes : {SIZE_MAX, size_t{1}}) {
      EXPECT_EQ(rewrite(kMetadata, 0, wire(text), addresses, piece_bytes), "malformed_response")
          << text;
    }
  }
  const std::string endpoint_too_long =
      fetch(wire("01 00 0f 02 00000001 03 'in' 00002384 00 00 00"));
  EXPECT_EQ(rewrite(kFetch, 16, endpoint_too_long, addresses), "malformed_response");
  EXPECT_EQ(rewrite(kFetch, 16, endpoint_too_long, addresses, 9), "malformed_response");
}

TEST(Malformed, BytesBehindTheContent) {
  OneHost addresses;
  const std::string frame = wire("00000007 0000 00000003 0002 'in' 00002384 00");
  EXPECT_EQ(rewrite(kFindCoordinator, 0, frame, addresses), "malformed_response");
  EXPECT_EQ(rewrite(kFindCoordinator, 0, frame, addresses, 3), "malformed_response");
}

}  // namespace
}  // namespace portway::kafka
