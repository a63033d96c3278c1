#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/output.h"
#include "base/result.h"
#include "kafka/broker_addresses.h"

namespace portway::kafka {

// What has to happen to the response of a request.
enum class ResponseTreatment : uint8_t {
  kPass,     // no address in it: its bytes go through untouched
  kRewrite,  // a ResponseRewriter takes it
  kRefuse,   // may carry addresses that Portway cannot rewrite (a version newer than it knows), or
             // belongs to brokers among themselves: the request is not forwarded
};

// The table that says so for every (api key, version). Unknown api keys pass.
ResponseTreatment response_treatment(int16_t api_key, int16_t api_version);

// Rewrites one response: every broker's host and port becomes what BrokerAddresses says, and
// nothing else changes, except that
//   - a broker without a place in the plan is left out of arrays of brokers; where a single one is
//     named (FindCoordinator) the answer becomes COORDINATOR_NOT_AVAILABLE without an address;
//   - addresses of controllers are taken out (DescribeCluster endpoint type 2, DescribeQuorum);
//   - ApiVersions keeps its entries, and the highest versions of rewritten APIs are clamped;
//   - a response that is streamed because it did not fit one read, and whose addresses stand at its
//     end (Produce, Fetch, ShareFetch, ShareAcknowledge), grows by kStreamReserveBytes, filled by
//     one unknown tagged field (KIP-482).
//
// A frame that is fed whole by the first feed() is rewritten exactly, without padding. Otherwise
// the front (Metadata) or the tail (Fetch, ...) that carries addresses is held back until it is
// complete, bounded by kHeldBytesMax; small kinds are held whole, bounded likewise.
//
// One thread. One object per response.
class ResponseRewriter {
 public:
  // `frame_bytes`: the value of the frame's size field. `api_version` is the request's.
  // Requires response_treatment(api_key, api_version) == kRewrite.
  ResponseRewriter(int16_t api_key, int16_t api_version, uint32_t frame_bytes,
                   BrokerAddresses& addresses);
  ~ResponseRewriter();
  ResponseRewriter(const ResponseRewriter&) = delete;
  ResponseRewriter& operator=(const ResponseRewriter&) = delete;

  // Takes the next bytes of the frame (those after its size field; any cut; never past its end) and
  // appends what the client is to get, size field included. Untouched bytes are passed, not copied.
  // Errors are the broker's fault ("malformed_response") or a limit ("response_too_large"): nothing
  // more may be fed, and the connection must be closed.
  Result<void> feed(ByteView bytes, Output& out);

  // How many bytes from here on feed() would pass on unchanged whatever they are: they may be moved
  // by other means, and are then told by skip(n), n <= opaque_bytes().
  uint32_t opaque_bytes() const;
  void skip(uint32_t bytes);

  // All of the frame was taken.
  bool done() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

// What a streamed response may grow by, in bytes. Entries of NodeEndpoints that would not fit are
// left out: they are hints (KIP-951), the client then asks for Metadata.
inline constexpr uint32_t kStreamReserveBytes = 1024;

// The most that is held back of one response, in bytes.
inline constexpr uint32_t kHeldBytesMax = 16u << 20;

}  // namespace portway::kafka
