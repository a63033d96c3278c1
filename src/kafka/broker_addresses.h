#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/host_port.h"

namespace portway::kafka {

// What a rewriter asks about a broker it meets in a response, and whom it tells what it saw.
// Called on the thread that feeds the rewriter; must not block.
class BrokerAddresses {
 public:
  virtual ~BrokerAddresses() = default;

  // The address that clients are to be told for this broker, or nullptr when the port plan has no
  // place for it. The pointer is valid until the rewriter's call returns.
  virtual const HostPort* advertised(int32_t broker_id) const = 0;

  // The same by the address that stands in the response, whatever broker it is; asked first. For
  // plans that know brokers by their addresses. nullptr: ask by id.
  virtual const HostPort* advertised_instead_of(ByteView /*host*/, int32_t /*port*/) const {
    return nullptr;
  }

  // A broker's address as its cluster advertises it, before it is rewritten.
  virtual void saw(int32_t broker_id, ByteView host, int32_t port) = 0;

  // A broker was left out of a response because advertised() knows no place for it.
  virtual void left_out(int32_t broker_id) = 0;

  // An api's highest version was lowered in an ApiVersions answer.
  virtual void clamped(int16_t api_key) = 0;
};

}  // namespace portway::kafka
