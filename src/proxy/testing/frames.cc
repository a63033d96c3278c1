#include "proxy/testing/frames.h"

#include "kafka/writer.h"

namespace portway::proxy {
namespace {

using kafka::write_count;
using kafka::write_int16;
using kafka::write_int32;
using kafka::write_int8;
using kafka::write_null_string;
using kafka::write_string;
using kafka::write_uvarint;

// Lowest and highest versions that the fake broker claims.
struct Offered {
  int16_t key;
  int16_t min;
  int16_t max;
};
constexpr Offered kOffered[] = {
    {kafka::kProduce, 3, 10},         {kafka::kFetch, 4, 16},
    {kafka::kMetadata, 0, 12},        {kWho, 0, 0},
    {kafka::kSaslHandshake, 0, 1},    {kafka::kApiVersions, 0, 3},
    {kafka::kSaslAuthenticate, 0, 2},
};

void write_header(std::string& frame, int16_t api_key, int16_t version, int32_t correlation_id) {
  write_int16(frame, api_key);
  write_int16(frame, version);
  write_int32(frame, correlation_id);
  write_string(frame, "test", false);
  if (version >= kafka::first_flexible_version(api_key)) write_uvarint(frame, 0);
}

// Tagged field 0 of Produce v10 and Fetch v16: NodeEndpoints (KIP-951).
void write_node_endpoints(std::string& out, const std::vector<Member>& members) {
  std::string field;
  write_count(field, static_cast<uint32_t>(members.size()), true);
  for (const Member& member : members) {
    write_int32(field, member.id);
    write_string(field, member.host, true);
    write_int32(field, member.port);
    write_null_string(field, true);
    write_uvarint(field, 0);
  }
  write_uvarint(out, 1);
  write_uvarint(out, 0);
  write_uvarint(out, static_cast<uint32_t>(field.size()));
  out += field;
}

}  // namespace

std::string framed(ByteView content) {
  std::string frame;
  write_int32(frame, static_cast<int32_t>(content.size()));
  return frame.append(content);
}

std::string request(int16_t api_key, int16_t version, int32_t correlation_id, ByteView body) {
  std::string content;
  write_header(content, api_key, version, correlation_id);
  return framed(content.append(body));
}

std::string fetch_body(uint32_t record_bytes) {
  std::string body;
  write_int32(body, static_cast<int32_t>(record_bytes));
  return body;
}

std::string produce_head(int16_t version, int32_t correlation_id, int16_t acks,
                         uint32_t record_bytes) {
  std::string content;
  write_header(content, kafka::kProduce, version, correlation_id);
  write_null_string(content, version >= kafka::first_flexible_version(kafka::kProduce));
  write_int16(content, acks);
  std::string head;
  write_int32(head, static_cast<int32_t>(content.size() + record_bytes));
  return head + content;
}

FetchAnswer fetch_answer(int16_t version, int32_t correlation_id, uint32_t record_bytes,
                         const std::vector<Member>& members) {
  const bool flexible = version >= kRewrittenFetch;
  FetchAnswer answer;
  std::string content;
  write_int32(content, correlation_id);
  if (flexible) write_uvarint(content, 0);
  write_int32(content, 0);            // throttle time
  write_int16(content, 0);            // error
  write_int32(content, 0);            // session id
  write_count(content, 1, flexible);  // topics
  if (flexible) {
    content.append(16, '\x07');  // topic id
  } else {
    write_string(content, "topic", false);
  }
  write_count(content, 1, flexible);        // partitions
  content.append(4 + 2 + 8 + 8 + 8, '\0');  // index, error, offsets
  write_count(content, 0, flexible);        // aborted transactions
  write_int32(content, -1);                 // preferred read replica
  if (flexible) {
    write_uvarint(content, record_bytes + 1);
    write_uvarint(answer.tail, 0);
    write_uvarint(answer.tail, 0);
    write_node_endpoints(answer.tail, members);
  } else {
    write_int32(content, static_cast<int32_t>(record_bytes));
  }
  write_int32(answer.head,
              static_cast<int32_t>(content.size() + record_bytes + answer.tail.size()));
  answer.head += content;
  return answer;
}

std::string produce_answer(int16_t version, int32_t correlation_id, bool good,
                           const std::vector<Member>& members) {
  std::string content;
  write_int32(content, correlation_id);
  if (version < kRewrittenProduce) {
    write_int8(content, good ? 1 : 0);
    return framed(content);
  }
  write_uvarint(content, 0);
  write_count(content, 0, true);       // topics
  write_int32(content, good ? 1 : 0);  // throttle time
  write_node_endpoints(content, members);
  return framed(content);
}

std::string api_versions_answer(int16_t version, int32_t correlation_id) {
  const bool flexible = version >= 3;
  std::string content;
  write_int32(content, correlation_id);  // never a flexible header (KIP-511)
  write_int16(content, 0);
  write_count(content, std::size(kOffered), flexible);
  for (const Offered& api : kOffered) {
    write_int16(content, api.key);
    write_int16(content, api.min);
    write_int16(content, api.max);
    if (flexible) write_uvarint(content, 0);
  }
  if (version >= 1) write_int32(content, 0);  // throttle time
  if (flexible) write_uvarint(content, 0);
  return framed(content);
}

std::string metadata_answer(int16_t version, int32_t correlation_id,
                            const std::vector<Member>& members) {
  const bool flexible = version >= 9;
  std::string content;
  write_int32(content, correlation_id);
  if (flexible) write_uvarint(content, 0);
  if (version >= 3) write_int32(content, 0);  // throttle time
  write_count(content, static_cast<uint32_t>(members.size()), flexible);
  for (const Member& member : members) {
    write_int32(content, member.id);
    write_string(content, member.host, flexible);
    write_int32(content, member.port);
    if (version >= 1) write_null_string(content, flexible);  // rack
    if (flexible) write_uvarint(content, 0);
  }
  if (version >= 2) write_string(content, "cluster", flexible);
  if (version >= 1) write_int32(content, members.empty() ? -1 : members.front().id);
  write_count(content, 0, flexible);  // topics
  if (version >= 8 && version <= 10) write_int32(content, 0);
  if (flexible) write_uvarint(content, 0);
  return framed(content);
}

std::string who_answer(int32_t correlation_id, int32_t broker_id) {
  std::string content;
  write_int32(content, correlation_id);
  write_int16(content, static_cast<int16_t>(broker_id));
  return framed(content);
}

}  // namespace portway::proxy
