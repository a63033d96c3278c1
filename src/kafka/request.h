#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace portway::kafka {

// The first eight bytes of a request frame: what every header form begins with.
struct RequestHead {
  int16_t api_key = 0;
  int16_t api_version = 0;
  int32_t correlation_id = 0;
};

inline constexpr size_t kSizeFieldBytes = 4;
inline constexpr size_t kRequestHeadBytes = 8;

// `frame` begins after the size field and has at least kRequestHeadBytes.
RequestHead parse_request_head(ByteView frame);

// The size field in front of a frame: four bytes, big-endian, signed.
int32_t parse_frame_size(ByteView size_field);

// Looks for `acks` in a Produce request (versions 0-13), which tells whether a response comes
// (0: none). `prefix`: what there is of the frame so far, from after its size field; `frame_bytes`:
// the value of the size field. nullopt: more bytes are needed. Never looks past the frame: a length
// inside it that points further is an error (client, "malformed_request"). Header and transactional
// id together are bounded by kProduceHeadBytesMax.
Result<std::optional<int16_t>> find_produce_acks(ByteView prefix, uint32_t frame_bytes,
                                                 int16_t api_version);

inline constexpr size_t kProduceHeadBytesMax = 128u << 10;

// A whole response frame, size field included, that answers a forbidden request with the protocol's
// own error (CLUSTER_AUTHORIZATION_FAILED, or the item's *_AUTHORIZATION_FAILED where errors are
// per item, each item of the request named again). nullopt where the protocol has no error reply
// for this api, version or (malformed) content: the connection is then closed.
// `frame`: the whole request from after its size field; one beyond kRefusedRequestBytesMax gets no
// reply either.
std::optional<std::string> refusal_response(ByteView frame);

inline constexpr size_t kRefusedRequestBytesMax = 64u << 10;

// Whether these first bytes of a frame can be a Kafka request rather than a raw SASL token, which
// has a size field but no header (SaslHandshake v0, KIP-43). True for everything that a broker
// would answer as a request, so that no answer goes by unread: a client that sends a token of this
// look loses its connection. Reads the api key and version only; `prefix` from after the size
// field.
bool looks_like_request(ByteView prefix, uint32_t frame_bytes);

// Whether this raw SASL token is one of GSSAPI, by its first bytes: the framing of RFC 2743, or of
// RFC 4121 without it. Tokens of PLAIN, SCRAM and OAUTHBEARER begin otherwise.
bool looks_like_gssapi_token(ByteView token);

// Names what speaks on a connection whose first bytes are not Kafka ("a TLS handshake", "an HTTP
// request"), or nullopt when they are no known protocol. `bytes` from the very start, at least 4.
std::optional<std::string> name_foreign_protocol(ByteView bytes);

}  // namespace portway::kafka
