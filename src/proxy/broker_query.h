#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "kafka/metadata.h"
#include "net/system.h"

namespace portway::proxy {

// Asks one broker for the brokers of its cluster: ApiVersions v0, then Metadata without topics, on
// a connection of its own. Blocks, for at most `timeout_us` in all: for a helper thread with a
// System of its own.
//
// Errors (broker): "unreachable" (no connection, or no answer in time), "needs_authentication" (it
// answered ApiVersions and then closed: brokers that demand SASL do), "malformed_response".
Result<std::vector<kafka::BrokerEntry>> query_brokers(net::System& system,
                                                      const net::SocketAddress& broker,
                                                      ByteView client_id, int64_t timeout_us);

}  // namespace portway::proxy
