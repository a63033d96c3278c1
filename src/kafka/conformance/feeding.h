#pragma once

#include <string>
#include <string_view>

#include "kafka/broker_addresses.h"
#include "kafka/conformance/value.h"

namespace portway::kafka::conformance {

struct Fed {
  std::string bytes;  // what the client gets
  std::string error;  // the error's code; empty when the frame was taken to its end
};

// The whole frame at once.
Fed feed_whole(int16_t api_key, int16_t version, std::string_view frame,
               BrokerAddresses& addresses);

// In pieces of random sizes, at least two; opaque bytes are sometimes moved around the rewriter.
Fed feed_cut(int16_t api_key, int16_t version, std::string_view frame, BrokerAddresses& addresses,
             Random& random);

}  // namespace portway::kafka::conformance
