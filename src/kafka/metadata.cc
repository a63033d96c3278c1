#include "kafka/metadata.h"

#include <fmt/format.h>

#include <algorithm>

#include "kafka/api_keys.h"
#include "kafka/reader.h"
#include "kafka/request.h"
#include "kafka/writer.h"

namespace portway::kafka {
namespace {

tl::unexpected<Error> malformed(std::string_view what, size_t frame_bytes) {
  return fail(Fault::kBroker, "malformed_response",
              fmt::format("{} answer of {} bytes: its length does not match its content; is this a "
                          "Kafka broker?",
                          what, frame_bytes));
}

// Request header v1, or v2 with no tagged fields (KIP-482), behind a size field still to be filled.
std::string begin_request(RequestHead head, ByteView client_id) {
  std::string frame(kSizeFieldBytes, '\0');
  write_int16(frame, head.api_key);
  write_int16(frame, head.api_version);
  write_int32(frame, head.correlation_id);
  write_string(frame, client_id.substr(0, INT16_MAX), false);
  if (head.api_version >= first_flexible_version(head.api_key)) write_uvarint(frame, 0);
  return frame;
}

std::string finish(std::string frame) {
  std::string size;
  write_int32(size, static_cast<int32_t>(frame.size() - kSizeFieldBytes));
  return frame.replace(0, kSizeFieldBytes, size);
}

void skip_tags(Reader& reader) {
  const uint32_t count = reader.read_uvarint();
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    reader.read_uvarint();
    reader.take(reader.read_uvarint());
  }
}

}  // namespace

std::string api_versions_request(int32_t correlation_id, ByteView client_id) {
  return finish(begin_request({kApiVersions, 0, correlation_id}, client_id));
}

Result<VersionRange> metadata_versions(ByteView frame) {
  Reader reader(frame);
  reader.read_int32();  // correlation id
  const int16_t error = reader.read_int16();
  const uint32_t count = reader.read_count(false);
  std::optional<VersionRange> range;
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    const int16_t api_key = reader.read_int16();
    const VersionRange versions = {reader.read_int16(), reader.read_int16()};
    if (api_key == kMetadata) range = versions;
  }
  if (reader.failed()) return malformed("ApiVersions", frame.size());
  if (error != 0) {
    return fail(Fault::kBroker, "api_versions_error",
                fmt::format("the broker answered ApiVersions v0 with error {}, expected 0", error));
  }
  if (!range) {
    return fail(Fault::kBroker, "metadata_not_offered",
                fmt::format("the broker offers {} APIs and Metadata is not among them: it is no "
                            "Kafka broker, or this is a listener for controllers",
                            count));
  }
  return *range;
}

int16_t choose_metadata_version(VersionRange broker) {
  const int16_t highest = std::min(broker.max, clamp_version(kMetadata));
  return highest >= std::max<int16_t>(broker.min, 0) ? highest : int16_t{-1};
}

std::string metadata_request(int16_t api_version, int32_t correlation_id, ByteView client_id) {
  std::string frame = begin_request({kMetadata, api_version, correlation_id}, client_id);
  const bool flexible = api_version >= first_flexible_version(kMetadata);
  write_count(frame, 0, flexible);
  if (api_version >= 4) write_int8(frame, 0);                       // no automatic topic creation
  if (api_version >= 8 && api_version <= 10) write_int8(frame, 0);  // no cluster operations
  if (api_version >= 8) write_int8(frame, 0);                       // no topic operations
  if (flexible) write_uvarint(frame, 0);
  return finish(std::move(frame));
}

Result<std::vector<BrokerEntry>> metadata_brokers(ByteView frame, int16_t api_version) {
  const bool flexible = api_version >= first_flexible_version(kMetadata);
  Reader reader(frame);
  reader.read_int32();  // correlation id
  if (flexible) skip_tags(reader);
  if (api_version >= 3) reader.read_int32();  // throttle time
  const uint32_t count = reader.read_count(flexible);
  std::vector<BrokerEntry> brokers;
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    const int32_t broker_id = reader.read_int32();
    const ByteView host = reader.read_string(flexible);
    const int32_t port = reader.read_int32();
    if (api_version >= 1) reader.read_string(flexible);  // rack
    if (flexible) skip_tags(reader);
    if (reader.failed()) break;
    if (host.empty() || port < 1 || port > UINT16_MAX) {
      return fail(Fault::kBroker, "malformed_response",
                  fmt::format("the Metadata answer gives broker {} the address '{}:{}', expected a "
                              "host and a port from 1 to 65535",
                              broker_id, host, port));
    }
    brokers.push_back({broker_id, {std::string(host), static_cast<uint16_t>(port)}});
  }
  if (reader.failed()) return malformed("Metadata", frame.size());
  return brokers;
}

}  // namespace portway::kafka
