// Requests and refusals, generated and read by the definitions.
#include "kafka/request.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "kafka/api_keys.h"
#include "kafka/conformance/definition.h"
#include "kafka/conformance/seed.h"
#include "kafka/conformance/value.h"
#include "kafka/metadata.h"
#include "kafka/refusal.h"

namespace portway::kafka::conformance {
namespace {

constexpr int kMessagesPerVersion = 60;
constexpr int32_t kCorrelationId = 0x01020304;

std::string request_header(const MessageDefinition& request, int16_t version, Random& random) {
  std::string header =
      big_endian(request.api_key, 2) + big_endian(version, 2) + big_endian(kCorrelationId, 4);
  const size_t client_id_bytes = random() % 3 == 0 ? 0 : random() % 300;
  const bool null = client_id_bytes == 0 && random() % 2 == 0;
  header += big_endian(null ? -1 : static_cast<int64_t>(client_id_bytes), 2);
  header += std::string(client_id_bytes, 'c');
  if (request.flexible.has(version)) header += encode_tags(random_tags(0, random));
  return header;
}

TEST(ProduceAcks, FoundAtEveryVersionAndPrefix) {
  PORTWAY_NEED_DEFINITIONS();
  for (const Definitions& release : definitions()) {
    const MessageDefinition& produce = release.requests.at(kProduce);
    for (int16_t version = produce.valid.first; version <= produce.valid.last; ++version) {
      Random random(seed());
      for (int i = 0; i < kMessagesPerVersion; ++i) {
        SCOPED_TRACE(fmt::format("{} v{} PORTWAY_SEED={}", release.release, version, seed()));
        const bool flexible = produce.flexible.has(version);
        Value body = random_struct(produce.body, version, flexible, {}, random);
        const std::string header = request_header(produce, version, random);
        const std::string frame = header + encode(produce.body, body, version, flexible);
        const auto acks = static_cast<int16_t>(field_of(body, produce.body, "Acks").number);
        const auto frame_bytes = static_cast<uint32_t>(frame.size());
        bool found = false;
        for (size_t size = kRequestHeadBytes; size <= frame.size() && !found; ++size) {
          const auto result = find_produce_acks(frame.substr(0, size), frame_bytes, version);
          ASSERT_TRUE(result.has_value()) << result.error().message;
          found = result->has_value();
          if (found) {
            ASSERT_EQ(**result, acks);
          }
        }
        ASSERT_TRUE(found);
      }
    }
  }
}

TEST(MetadataRequest, ReadsAsNoTopicsAtEveryVersion) {
  PORTWAY_NEED_DEFINITIONS();
  for (const Definitions& release : definitions()) {
    const MessageDefinition& metadata = release.requests.at(kMetadata);
    for (int16_t version = metadata.valid.first; version <= metadata.valid.last; ++version) {
      SCOPED_TRACE(fmt::format("{} v{}", release.release, version));
      const bool flexible = metadata.flexible.has(version);
      const std::string frame = metadata_request(version, kCorrelationId, "me");
      EXPECT_EQ(parse_frame_size(frame), static_cast<int32_t>(frame.size() - 4));
      const size_t header = 4 + kRequestHeadBytes + 2 + 2 + (flexible ? 1 : 0);
      Value body = decode(metadata.body, frame.substr(header), version, flexible);
      EXPECT_TRUE(field_of(body, metadata.body, "Topics").items.empty());
      EXPECT_FALSE(field_of(body, metadata.body, "Topics").null);
      EXPECT_EQ(field_of(body, metadata.body, "AllowAutoTopicCreation").number, 0);
    }
  }
}

TEST(MetadataBrokers, AreReadAtEveryVersion) {
  PORTWAY_NEED_DEFINITIONS();
  for (const Definitions& release : definitions()) {
    const MessageDefinition& metadata = release.responses.at(kMetadata);
    const StructDefinition& entry = *find_field(metadata.body, "Brokers")->structure;
    for (int16_t version = metadata.valid.first; version <= metadata.valid.last; ++version) {
      Random random(seed());
      for (int i = 0; i < kMessagesPerVersion; ++i) {
        SCOPED_TRACE(fmt::format("{} v{} PORTWAY_SEED={}", release.release, version, seed()));
        const bool flexible = metadata.flexible.has(version);
        Value body = random_struct(metadata.body, version, flexible, {}, random);
        std::vector<std::string> expected;
        for (Value& broker : field_of(body, metadata.body, "Brokers").items) {
          field_of(broker, entry, "Host").bytes += "h";
          Value& port = field_of(broker, entry, "Port");
          port.number = 1 + static_cast<int64_t>(static_cast<uint64_t>(port.number) % 65535);
          expected.push_back(fmt::format("{} {} {}", field_of(broker, entry, "NodeId").number,
                                         field_of(broker, entry, "Host").bytes, port.number));
        }
        std::string frame = big_endian(kCorrelationId, 4);
        if (flexible) frame += encode_tags(random_tags(0, random));
        frame += encode(metadata.body, body, version, flexible);
        const auto brokers = metadata_brokers(frame, version);
        ASSERT_TRUE(brokers.has_value()) << brokers.error().message;
        std::vector<std::string> found;
        for (const BrokerEntry& broker : *brokers) {
          found.push_back(
              fmt::format("{} {} {}", broker.broker_id, broker.address.host, broker.address.port));
        }
        ASSERT_EQ(found, expected);
      }
    }
  }
}

// Refusals

struct Contents {
  std::vector<int64_t> errors;
  std::multiset<std::string> names;
};

// All error codes of a response, and the strings that name items: not the messages.
void collect(const StructDefinition& definition, const Value& value, int16_t version,
             Contents& contents) {
  for (size_t i = 0; i < definition.fields.size(); ++i) {
    const FieldDefinition& field = definition.fields[i];
    const Value& one = value.fields[i];
    if (!field.versions.has(version) || one.null || !one.present) continue;
    if (field.structure && field.array) {
      for (const Value& item : one.items) collect(*field.structure, item, version, contents);
    } else if (field.structure) {
      collect(*field.structure, one, version, contents);
    } else if (field.array && field.type == "string") {
      for (const Value& item : one.items) contents.names.insert(item.bytes);
    } else if (field.name == "ErrorCode") {
      contents.errors.push_back(one.number);
    } else if (field.type == "string" && field.name != "ErrorMessage" && !one.bytes.empty()) {
      contents.names.insert(one.bytes);
    }
  }
}

void check_refusal(const MessageDefinition& request, const MessageDefinition& response,
                   int16_t version, Random& random) {
  const bool flexible = request.flexible.has(version);
  const Value asked = random_struct(request.body, version, flexible, {}, random);
  const std::string frame =
      request_header(request, version, random) + encode(request.body, asked, version, flexible);
  const std::optional<std::string> reply = refusal_response(frame);
  ASSERT_EQ(reply.has_value(), frame.size() <= kRefusedRequestBytesMax) << frame.size();
  if (!reply) return;
  ASSERT_EQ(parse_frame_size(*reply), static_cast<int32_t>(reply->size() - 4));
  const std::string header = big_endian(kCorrelationId, 4) + std::string(flexible ? 1 : 0, '\0');
  ASSERT_EQ(reply->substr(4, header.size()), header);
  const Value answer =
      decode(response.body, std::string_view(*reply).substr(4 + header.size()), version, flexible);

  Contents refused;
  collect(response.body, answer, version, refused);
  Contents wanted;
  collect(request.body, asked, version, wanted);
  const int16_t error = find_refusal(request.api_key)->error;
  for (const int64_t code : refused.errors) EXPECT_EQ(code, error);
  EXPECT_TRUE(std::includes(wanted.names.begin(), wanted.names.end(), refused.names.begin(),
                            refused.names.end()))
      << "the reply names what the request does not";
  // Without an error of its own, the reply has one for every item of the request.
  const FieldDefinition* top = find_field(response.body, "ErrorCode");
  if (top != nullptr && top->versions.has(version)) {
    EXPECT_FALSE(refused.errors.empty());
    return;
  }
  size_t items = 0;
  for (size_t i = 0; i < request.body.fields.size(); ++i) {
    const FieldDefinition& field = request.body.fields[i];
    if (!field.array || !field.versions.has(version)) continue;
    const bool nested = request.api_key == 21 || request.api_key == 43;  // by partition
    for (const Value& item : asked.fields[i].items) {
      items += nested ? item.fields.at(1).items.size() : 1;
    }
  }
  EXPECT_EQ(refused.errors.size(), items);
}

TEST(Refusal, ReadsAsAnErrorForEveryItemAtEveryVersion) {
  PORTWAY_NEED_DEFINITIONS();
  size_t refused = 0;
  for (const Definitions& release : definitions()) {
    for (const auto& [key, request] : release.requests) {
      const Refusal* refusal = find_refusal(key);
      if (refusal == nullptr) continue;
      ++refused;
      const MessageDefinition& response = release.responses.at(key);
      for (int16_t version = request.valid.first; version <= request.valid.last; ++version) {
        if (version < refusal->first_version) continue;
        EXPECT_LE(version, refusal->last_version) << request.name << " has a newer version";
        Random random(seed());
        for (int i = 0; i < kMessagesPerVersion; ++i) {
          SCOPED_TRACE(fmt::format("{} {} v{} PORTWAY_SEED={}", release.release, request.name,
                                   version, seed()));
          check_refusal(request, response, version, random);
          if (testing::Test::HasFailure()) return;
        }
      }
    }
  }
  EXPECT_GT(refused, 60u);
}

}  // namespace
}  // namespace portway::kafka::conformance
