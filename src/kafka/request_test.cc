#include "kafka/request.h"

#include <gtest/gtest.h>

#include "kafka/wire_for_test.h"

namespace portway::kafka {
namespace {

TEST(Request, HeadAndSize) {
  const RequestHead head = parse_request_head(wire("0012 0003 01020304 ffff"));
  EXPECT_EQ(head.api_key, 18);
  EXPECT_EQ(head.api_version, 3);
  EXPECT_EQ(head.correlation_id, 0x01020304);
  EXPECT_EQ(parse_frame_size(wire("00000102")), 0x102);
  EXPECT_EQ(parse_frame_size(wire("ffffffff")), -1);
}

Result<std::optional<int16_t>> acks(const char* text, int16_t version) {
  const std::string frame = wire(text);
  return find_produce_acks(frame, static_cast<uint32_t>(frame.size()), version);
}

TEST(ProduceAcks, AtTheVersionsThatDiffer) {
  EXPECT_EQ(acks("0000 0000 00000007 0002 'me' ffff 00000000 00000000", 0).value(), -1);
  EXPECT_EQ(acks("0000 0003 00000007 ffff ffff 0000 00000000 00000000", 3).value(), 0);
  EXPECT_EQ(acks("0000 0007 00000007 0000 0003 'txn' 0001 00000000 00000000", 7).value(), 1);
  EXPECT_EQ(acks("0000 0009 00000007 0002 'me' 00 00 ffff 00000000 01 00", 9).value(), -1);
  EXPECT_EQ(acks("0000 000d 00000007 ffff 01 05 02 'hi' 04 'txn' 0000 00000000 01 00", 13).value(),
            0);
}

TEST(ProduceAcks, AsksForMoreUntilItIsThere) {
  const std::string frame = wire("0000 0009 00000007 0002 'me' 01 05 02 'hi' 04 'txn' 0000 000000");
  const auto bytes = static_cast<uint32_t>(frame.size());
  const size_t complete = frame.size() - 3;
  for (size_t size = 0; size <= frame.size(); ++size) {
    const auto result = find_produce_acks(frame.substr(0, size), bytes, 9);
    ASSERT_TRUE(result.has_value()) << size;
    EXPECT_EQ(result->has_value(), size >= complete) << size;
  }
}

TEST(ProduceAcks, NeverLooksPastTheFrame) {
  // The bytes would be there, but they belong to the next frame.
  const std::string bytes = wire("0000 0003 00000007 0008 'client' 'idandmore' 0000 0000");
  EXPECT_EQ(find_produce_acks(bytes, 14, 3).error().code, "malformed_request");
  const char* const frames[] = {
      "0000 0003 00000007 7fff 'x'",
      "0000 0003 00000007 fffe 0000",
      "0000 0003 00000007",
      "0000 0009 00000007 ffff ffffffff0f",
      "0000 0009 00000007 ffff 00 ffffffffff",
      "0000 0003 00000007 ffff ffff 00",
  };
  for (const char* text : frames) {
    const auto result = acks(text, wire(text)[3]);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code, "malformed_request");
    EXPECT_EQ(result.error().fault, Fault::kClient);
  }
}

TEST(ProduceAcks, TheWayThereIsBounded) {
  const std::string prefix = wire("0000 0009 00000007 ffff 01 05 808010");  // a tag of 256 KiB
  EXPECT_EQ(find_produce_acks(prefix, 10u << 20, 9).error().code, "malformed_request");
}

TEST(LooksLikeRequest, KafkaAndRawSaslTokens) {
  const auto looks = [](const char* text) {
    const std::string bytes = wire(text);
    return looks_like_request(bytes, static_cast<uint32_t>(bytes.size()));
  };
  EXPECT_TRUE(looks("0012 0003 00000007 0002 'me' 00"));
  EXPECT_TRUE(looks("0003 0000 00000007 ffff"));
  EXPECT_TRUE(looks("0063 000c 00000007 ffff"));  // an api to come
  EXPECT_FALSE(looks("00 'user' 00 'password'"));
  EXPECT_FALSE(looks("00 'A' 00 'password'"));
  EXPECT_FALSE(looks("'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL'"));
  EXPECT_FALSE(looks("60820201 06092a86 4886f712 010202"));
  EXPECT_FALSE(looks("050404ff 000c0000 00000000"));
  EXPECT_TRUE(looks("0003 0001 00000007 fffe 00000000"));  // brokers take it for a null client id
  EXPECT_TRUE(looks("0012 7fff 00000007 ffff"));
  EXPECT_FALSE(looks("0012 0003"));
  EXPECT_FALSE(looks(""));
}

TEST(LooksLikeGssapiToken, ByItsFirstBytes) {
  EXPECT_TRUE(looks_like_gssapi_token(wire("60820201 06092a86 4886f712 010202")));
  EXPECT_TRUE(looks_like_gssapi_token(wire("050404ff 000c0000 00000000")));
  EXPECT_FALSE(looks_like_gssapi_token(wire("00 'user' 00 'password'")));
  EXPECT_FALSE(looks_like_gssapi_token("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"));
  EXPECT_FALSE(looks_like_gssapi_token(wire("05")));
  EXPECT_FALSE(looks_like_gssapi_token(""));
}

TEST(ForeignProtocol, IsNamed) {
  EXPECT_EQ(name_foreign_protocol(wire("16030100")), "a TLS handshake");
  EXPECT_EQ(name_foreign_protocol("GET / HTTP/1.1"), "an HTTP request");
  EXPECT_EQ(name_foreign_protocol("SSH-2.0"), "an SSH connection");
  EXPECT_EQ(name_foreign_protocol(wire("0d0a0d0a 000d0a51")), "a PROXY protocol v2 header");
  EXPECT_EQ(name_foreign_protocol(wire("00000010")), std::nullopt);
  EXPECT_EQ(name_foreign_protocol(wire("ffffffff")), std::nullopt);
}

TEST(Refusal, NamesTheItemsAgain) {
  EXPECT_EQ(refusal_response(wire("0014 0001 00000007 0002 'me' 00000002 0001 'a' 0002 'bc' "
                                  "00007530")),
            wire("00000017 00000007 00000000 00000002 0001 'a' 001d 0002 'bc' 001d"));
}

TEST(Refusal, TopLevelError) {
  EXPECT_EQ(refusal_response(wire("0010 0003 00000007 ffff 00 00")),
            wire("0000000d 00000007 00 00000000 001f 01 00"));
}

TEST(Refusal, NoneWhereTheProtocolHasNone) {
  EXPECT_EQ(refusal_response(wire("0000 0007 00000007 ffff ffff 0001 00000000 00000000")),
            std::nullopt);                                                     // Produce
  EXPECT_EQ(refusal_response(wire("0010 0063 00000007 ffff")), std::nullopt);  // version 99
  EXPECT_EQ(refusal_response(wire("0014 0001 00000007 ffff 7fffffff")), std::nullopt);
  EXPECT_EQ(refusal_response(wire("0014")), std::nullopt);
}

}  // namespace
}  // namespace portway::kafka
