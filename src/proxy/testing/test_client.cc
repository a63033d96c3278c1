#include "proxy/testing/test_client.h"

#include <vector>

#include "kafka/reader.h"

namespace portway::proxy {

std::optional<std::string> TestClient::read_frame() {
  const std::string size = socket.receive(4);
  if (size.size() < 4) return std::nullopt;
  const auto bytes = static_cast<size_t>(kafka::Reader(size).read_int32());
  std::string frame = socket.receive(bytes);
  if (frame.size() < bytes) return std::nullopt;
  return frame;
}

std::optional<std::string> TestClient::ask(int16_t api_key, int16_t version, ByteView body) {
  const int32_t id = next_correlation_id++;
  if (!send(request(api_key, version, id, body))) return std::nullopt;
  const auto frame = read_frame();
  if (!frame || kafka::Reader(*frame).read_int32() != id) return std::nullopt;
  return frame->substr(4);
}

int32_t TestClient::send_who() {
  send(request(kWho, 0, next_correlation_id));
  return next_correlation_id++;
}

int32_t TestClient::read_who(int32_t correlation_id) {
  const auto frame = read_frame();
  if (!frame) return -1;
  kafka::Reader reader(*frame);
  if (reader.read_int32() != correlation_id) return -1;
  return reader.read_int16();
}

void TestClient::send_fetch(int16_t version, uint32_t record_bytes) {
  send(request(kafka::kFetch, version, next_correlation_id++, fetch_body(record_bytes)));
}

bool TestClient::read_fetch(int16_t version, uint32_t record_bytes, std::string* tail) {
  const std::string expected =
      fetch_answer(version, next_correlation_id - 1, record_bytes, {}).head.substr(4);
  const std::string size_field = socket.receive(4);
  const std::string head = socket.receive(expected.size());
  if (size_field.size() < 4 || head != expected) return false;
  Pattern pattern;
  std::vector<char> piece(256 << 10);
  while (pattern.good() && pattern.checked() < record_bytes) {
    const size_t left = record_bytes - pattern.checked();
    const size_t got = socket.receive_some(piece.data(), std::min(left, piece.size()));
    if (got == 0) return false;
    pattern.check(ByteView(piece.data(), got));
  }
  const auto size = static_cast<size_t>(kafka::Reader(size_field).read_int32());
  const size_t tail_bytes = size - expected.size() - record_bytes;
  const std::string rest = socket.receive(tail_bytes);
  if (tail != nullptr) *tail = rest;
  return pattern.good() && rest.size() == tail_bytes && names_no_inside_host(rest);
}

bool TestClient::send_produce(int16_t version, uint32_t record_bytes, int16_t acks) {
  if (!send(produce_head(version, next_correlation_id++, acks, record_bytes))) return false;
  for (size_t sent = 0; sent < record_bytes;) {
    const ByteView piece = Pattern::at(sent, record_bytes - sent);
    if (!send(piece)) return false;
    sent += piece.size();
  }
  return true;
}

bool TestClient::read_produce(int16_t version) {
  const auto frame = read_frame();
  const std::string expected = produce_answer(version, next_correlation_id - 1, true, {}).substr(4);
  // Behind what is compared stand the addresses, where there are any.
  const size_t compared = version < kRewrittenProduce ? expected.size() : 4 + 1 + 1 + 4;
  return frame && frame->substr(0, compared) == expected.substr(0, compared) &&
         names_no_inside_host(*frame);
}

bool names_no_inside_host(ByteView answer) { return answer.find("127.0.1.") == ByteView::npos; }

}  // namespace portway::proxy
