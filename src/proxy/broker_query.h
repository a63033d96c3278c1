#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "kafka/metadata.h"
#include "net/system.h"

namespace portway::proxy {

// Asks one broker for the brokers of its cluster: ApiVersions v0, then Metadata without topics, on
// a connection of its own. Blocks, for at most `timeout_us` in all: for a helper thread with a
// System of its own. A System::wake() has it ask `stopped`, and give up when that says so.
//
// Errors (broker): "unreachable" (no connection, or no answer in time; stopped),
// "needs_authentication" (it answered ApiVersions and then closed: brokers that demand SASL do),
// "malformed_response".
Result<std::vector<kafka::BrokerEntry>> query_brokers(net::System& system,
                                                      const net::SocketAddress& broker,
                                                      ByteView client_id, int64_t timeout_us,
                                                      const std::function<bool()>& stopped);

}  // namespace portway::proxy
