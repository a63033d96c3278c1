#include "kafka/request.h"

#include <fmt/format.h>

#include "kafka/api_keys.h"
#include "kafka/reader.h"

namespace portway::kafka {
namespace {

constexpr int16_t kLastProduceVersion = 13;
constexpr int16_t kFirstTransactionalProduceVersion = 3;

// What a request's head may say without looking like something else: Kafka's keys are below 100 and
// its versions below 20; the first bytes of a SASL token are printable, or ASN.1 (GSSAPI).
constexpr int16_t kPlausibleApiKeyMax = 999;
constexpr int16_t kPlausibleApiVersionMax = 31;

// Reads a prefix of a frame: tells a prefix that ends too early from a length that points past the
// frame.
class PrefixReader {
 public:
  PrefixReader(ByteView prefix, uint32_t frame_bytes)
      : reader_(prefix.substr(0, frame_bytes)),
        prefix_bytes_(reader_.left()),
        frame_(frame_bytes) {}

  bool more_needed() const { return more_needed_; }
  bool malformed() const { return malformed_; }

  void skip(uint64_t bytes) {
    if (!has(bytes)) return;
    reader_.take(static_cast<size_t>(bytes));
  }

  int16_t read_int16() { return has(2) ? reader_.read_int16() : int16_t{0}; }

  void skip_string(bool compact) {
    const int64_t length = compact ? int64_t{read_uvarint()} - 1 : int64_t{read_int16()};
    if (length < -1) malformed_ = true;
    if (length > 0) skip(static_cast<uint64_t>(length));
  }

  void skip_tags() {
    const uint32_t count = read_uvarint();
    for (uint32_t i = 0; i < count && !stopped(); ++i) {
      read_uvarint();
      skip(read_uvarint());
    }
  }

 private:
  bool stopped() const { return more_needed_ || malformed_; }

  // Whether so many bytes are there. If not, it is the prefix or the frame that is too short.
  bool has(uint64_t bytes) {
    if (stopped()) return false;
    const uint64_t end = reader_.position() + bytes;
    if (end > frame_ || end > kProduceHeadBytesMax) {
      malformed_ = true;
    } else if (end > prefix_bytes_) {
      more_needed_ = true;
    }
    return !stopped();
  }

  uint32_t read_uvarint() {
    uint64_t value = 0;
    for (unsigned i = 0; i < kUvarintBytesMax && has(1); ++i) {
      const auto byte = static_cast<uint8_t>(reader_.read_int8());
      value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
      if ((byte & 0x80) == 0 && value <= UINT32_MAX) return static_cast<uint32_t>(value);
    }
    if (!stopped()) malformed_ = true;
    return 0;
  }

  Reader reader_;
  size_t prefix_bytes_;
  uint32_t frame_;
  bool more_needed_ = false;
  bool malformed_ = false;
};

}  // namespace

RequestHead parse_request_head(ByteView frame) {
  Reader reader(frame);
  RequestHead head;
  head.api_key = reader.read_int16();
  head.api_version = reader.read_int16();
  head.correlation_id = reader.read_int32();
  return head;
}

int32_t parse_frame_size(ByteView size_field) { return Reader(size_field).read_int32(); }

Result<std::optional<int16_t>> find_produce_acks(ByteView prefix, uint32_t frame_bytes,
                                                 int16_t api_version) {
  const auto malformed = [&](std::string_view what) {
    return fail(Fault::kClient, "malformed_request",
                fmt::format("Produce v{} request of {} bytes: {}", api_version, frame_bytes, what));
  };
  if (api_version < 0 || api_version > kLastProduceVersion) {
    return malformed(fmt::format("expected a version from 0 to {}", kLastProduceVersion));
  }
  const bool flexible = api_version >= first_flexible_version(kProduce);
  PrefixReader reader(prefix, frame_bytes);
  reader.skip(kRequestHeadBytes);
  reader.skip_string(false);  // client id, never compact
  if (flexible) reader.skip_tags();
  if (api_version >= kFirstTransactionalProduceVersion) reader.skip_string(flexible);
  const int16_t acks = reader.read_int16();
  if (reader.malformed()) {
    return malformed(
        fmt::format("acks is expected within the frame and its first {} bytes, and a "
                    "length points beyond",
                    kProduceHeadBytesMax));
  }
  if (reader.more_needed()) return std::nullopt;
  return acks;
}

bool looks_like_request(ByteView prefix, uint32_t frame_bytes) {
  if (frame_bytes < kRequestHeadBytes) return false;
  Reader reader(prefix.substr(0, frame_bytes));
  const int16_t api_key = reader.read_int16();
  const int16_t api_version = reader.read_int16();
  if (reader.failed()) return false;
  if (api_key == kApiVersions) return true;  // brokers answer it at any version (KIP-511)
  return api_key >= 0 && api_key <= kPlausibleApiKeyMax && api_version >= 0 &&
         api_version <= kPlausibleApiVersionMax;
}

bool looks_like_gssapi_token(ByteView token) {
  return token.starts_with('\x60') || token.starts_with(ByteView("\x05\x04", 2));
}

std::optional<std::string> name_foreign_protocol(ByteView bytes) {
  struct Protocol {
    ByteView prefix;
    ByteView name;
  };
  static constexpr Protocol kProtocols[] = {
      {{"\x16\x03", 2}, "a TLS handshake"},
      {"GET ", "an HTTP request"},
      {"HEAD", "an HTTP request"},
      {"POST", "an HTTP request"},
      {"PUT ", "an HTTP request"},
      {"DELE", "an HTTP request"},
      {"OPTI", "an HTTP request"},
      {"PATC", "an HTTP request"},
      {"TRAC", "an HTTP request"},
      {"CONN", "an HTTP request"},
      {"PRI ", "an HTTP/2 connection"},
      {"HTTP", "an HTTP response"},
      {"SSH-", "an SSH connection"},
      {"PROX", "a PROXY protocol v1 header"},
      {"\r\n\r\n", "a PROXY protocol v2 header"},
  };
  for (const Protocol& protocol : kProtocols) {
    if (bytes.starts_with(protocol.prefix)) return std::string(protocol.name);
  }
  return std::nullopt;
}

}  // namespace portway::kafka
