#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "kafka/api_keys.h"
#include "kafka/conformance/definition.h"
#include "kafka/conformance/feeding.h"
#include "kafka/conformance/reference.h"
#include "kafka/conformance/seed.h"
#include "kafka/conformance/value.h"
#include "kafka/editor.h"
#include "kafka/reader.h"
#include "kafka/response_rewriter.h"

namespace portway::kafka::conformance {
namespace {

constexpr int kMessagesPerVersion = 150;

struct Case {
  const Definitions* definitions;
  const MessageDefinition* message;
  int16_t version;
};

// ApiVersions keeps the old header, so that a client can read it before it knows a version.
bool flexible_header(const Case& one) {
  return one.message->api_key != kApiVersions && one.message->flexible.has(one.version);
}

// Every version of every response that is rewritten, release by release.
std::vector<Case> rewritten_cases() {
  std::vector<Case> cases;
  for (const Definitions& release : definitions()) {
    for (const auto& [key, message] : release.responses) {
      for (int16_t version = message.valid.first; version <= message.valid.last; ++version) {
        if (response_treatment(key, version) == ResponseTreatment::kRewrite) {
          cases.push_back({&release, &message, version});
        }
      }
    }
  }
  return cases;
}

std::string frame_of(const std::string& header, const Case& one, const Value& body) {
  return header +
         encode(one.message->body, body, one.version, one.message->flexible.has(one.version));
}

std::string with_size(const std::string& frame) {
  return big_endian(static_cast<int64_t>(frame.size()), 4) + frame;
}

bool streams_with_reserve(int16_t api_key) {
  return api_key == kProduce || api_key == kFetch || api_key == kShareFetch ||
         api_key == kShareAcknowledge;
}

// Takes the padding out of a streamed frame (size field included) and returns the decoded message.
Value without_padding(const Case& one, const std::string& header, std::string_view sized_frame) {
  const std::string_view body = sized_frame.substr(4 + header.size());
  Value value = decode(one.message->body, body, one.version, true);
  if (value.unknown_tags.empty() || value.unknown_tags.back().first < kPadTag) {
    throw std::runtime_error("there is no padding");
  }
  value.unknown_tags.pop_back();
  return value;
}

class Conformance : public testing::Test {
 protected:
  void check(const Case& one, uint64_t case_seed) {
    Random random(case_seed);
    const bool flexible = one.message->flexible.has(one.version);
    Taste taste;
    taste.items_max = 1 + random() % 6;
    taste.tagged_fields_unknown = random() % 3 != 0;
    std::string header = big_endian(static_cast<int64_t>(random()), 4);
    if (flexible_header(one)) header += encode_tags(random_tags(0, random));

    Value body = random_struct(one.message->body, one.version, flexible, taste, random);
    const size_t host_bytes = random() % 4 == 0 ? 125 + random() % 6 : 1 + random() % 60;
    PlanForTest expected_plan(taste.node_id_max - 5, host_bytes);
    PlanForTest plan(taste.node_id_max - 5, host_bytes);
    if (one.message->api_key == kApiVersions) plant_api_versions(one, body, random);

    const std::string frame = frame_of(header, one, body);
    Value expected_body = body;
    rewrite_by_definition(one.message->api_key, one.message->body, expected_body, expected_plan);
    const std::string expected = with_size(frame_of(header, one, expected_body));

    const Fed whole = feed_whole(one.message->api_key, one.version, frame, plan);
    ASSERT_EQ(whole.error, "");
    ASSERT_TRUE(whole.bytes == expected) << "whole frame of " << frame.size() << " bytes";
    EXPECT_EQ(plan.seen, expected_plan.seen);
    EXPECT_EQ(plan.left, expected_plan.left);
    check_cut(one, header, frame, expected, expected_body, plan, random);
  }

 private:
  // An error of 35 means the form of version 0; keys that are clamped are wanted often.
  static void plant_api_versions(const Case& one, Value& body, Random& random) {
    const StructDefinition& definition = one.message->body;
    Value& error = field_of(body, definition, "ErrorCode");
    if (one.version > 0 && error.number == 35) error.number = 0;
    for (Value& api : field_of(body, definition, "ApiKeys").items) {
      const StructDefinition& entry = *find_field(definition, "ApiKeys")->structure;
      field_of(api, entry, "ApiKey").number = static_cast<int64_t>(random() % 94);
      field_of(api, entry, "MaxVersion").number = static_cast<int64_t>(random() % 24);
    }
  }

  static void check_cut(const Case& one, const std::string& header, const std::string& frame,
                        const std::string& expected, Value& expected_body, PlanForTest& plan,
                        Random& random) {
    std::string first;
    for (int cut = 0; cut < 3; ++cut) {
      const Fed fed = feed_cut(one.message->api_key, one.version, frame, plan, random);
      ASSERT_EQ(fed.error, "");
      if (cut == 0) first = fed.bytes;
      ASSERT_TRUE(fed.bytes == first) << "two ways of cutting give different bytes";
    }
    if (!streams_with_reserve(one.message->api_key)) {
      ASSERT_TRUE(first == expected) << "cut frame of " << frame.size() << " bytes";
      return;
    }
    ASSERT_EQ(first.size(), 4 + frame.size() + kStreamReserveBytes);
    ASSERT_EQ(first.substr(0, 4), big_endian(static_cast<int64_t>(first.size() - 4), 4));
    Value padless = without_padding(one, header, first);
    Value& endpoints = field_of(padless, one.message->body, "NodeEndpoints");
    Value& wanted = field_of(expected_body, one.message->body, "NodeEndpoints");
    if (endpoints.items.size() == wanted.items.size()) {
      ASSERT_TRUE(with_size(frame_of(header, one, padless)) == expected) << "without padding";
      return;
    }
    // Too many endpoints for the reserve: those that fit, in order.
    size_t address_bytes = 0;
    for (const Value& item : wanted.items) address_bytes += item.fields.at(1).bytes.size() + 2;
    ASSERT_GT(address_bytes, kStreamReserveBytes - 64);
    size_t next = 0;
    const StructDefinition& entry = *find_field(one.message->body, "NodeEndpoints")->structure;
    for (const Value& item : endpoints.items) {
      const std::string bytes = encode(entry, item, one.version, true);
      while (next < wanted.items.size() &&
             encode(entry, wanted.items[next], one.version, true) != bytes) {
        ++next;
      }
      ASSERT_LT(next++, wanted.items.size()) << "an endpoint that was not expected";
    }
    wanted.items.clear();
    endpoints.items.clear();
    ASSERT_TRUE(frame_of(header, one, padless) == frame_of(header, one, expected_body));
  }
};

TEST_F(Conformance, OnlyHostsAndPortsChange) {
  PORTWAY_NEED_DEFINITIONS();
  std::set<int16_t> keys;
  for (const Case& one : rewritten_cases()) {
    keys.insert(one.message->api_key);
    for (int i = 0; i < kMessagesPerVersion; ++i) {
      const uint64_t case_seed = seed() + static_cast<uint64_t>(i);
      SCOPED_TRACE(fmt::format("{} {} v{}, message {}, PORTWAY_SEED={}", one.definitions->release,
                               one.message->name, one.version, i, seed()));
      check(one, case_seed);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(keys,
            (std::set<int16_t>{kProduce, kFetch, kMetadata, kFindCoordinator, kApiVersions,
                               kDescribeQuorum, kDescribeCluster, kShareFetch, kShareAcknowledge}));
}

// Versions that no release's definition calls valid any more, described by its annotations.
TEST_F(Conformance, EarlyShareVersions) {
  PORTWAY_NEED_DEFINITIONS();
  const Definitions& newest = definitions().back();
  for (const int16_t key : {kShareFetch, kShareAcknowledge}) {
    for (int i = 0; i < kMessagesPerVersion; ++i) {
      SCOPED_TRACE(fmt::format("{}, message {}, PORTWAY_SEED={}", key, i, seed()));
      check({&newest, &newest.responses.at(key), 0}, seed() + static_cast<uint64_t>(i));
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(Conformance, ErrorsAreFoundAtEveryLength) {
  PORTWAY_NEED_DEFINITIONS();
  for (const Case& one : rewritten_cases()) {
    if (one.message->api_key == kMetadata || one.message->api_key == kApiVersions) continue;
    Random random(seed());
    SCOPED_TRACE(fmt::format("{} v{}, PORTWAY_SEED={}", one.message->name, one.version, seed()));
    const bool flexible = one.message->flexible.has(one.version);
    Taste taste;
    taste.items_max = 2;
    taste.tagged_fields_unknown = false;
    std::string header(4, '\1');
    if (flexible_header(one)) header += '\0';
    const std::string frame = frame_of(
        header, one, random_struct(one.message->body, one.version, flexible, taste, random));
    PlanForTest plan(20, 30);
    for (size_t size = 0; size < std::min<size_t>(frame.size(), 3000); ++size) {
      const std::string shorter = frame.substr(0, size);
      ASSERT_EQ(feed_whole(one.message->api_key, one.version, shorter, plan).error,
                "malformed_response")
          << size;
      if (size < 2) continue;
      ASSERT_EQ(feed_cut(one.message->api_key, one.version, shorter, plan, random).error,
                "malformed_response")
          << size;
    }
    const std::string longer = frame + '\0';
    EXPECT_EQ(feed_whole(one.message->api_key, one.version, longer, plan).error,
              "malformed_response");
  }
}

}  // namespace
}  // namespace portway::kafka::conformance
