#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/host_port.h"
#include "base/result.h"

namespace portway::kafka {

// What Portway itself asks of a broker to learn the cluster's topology. Frames here are whole, with
// their size field on the way out, without it on the way in.

// ApiVersions v0, which every broker since 0.10 answers even before authentication.
std::string api_versions_request(int32_t correlation_id, ByteView client_id);

struct VersionRange {
  int16_t min = 0;
  int16_t max = 0;
};
// The range of Metadata versions out of an ApiVersions v0 answer.
Result<VersionRange> metadata_versions(ByteView frame);

// The highest Metadata version that both sides know, or -1.
int16_t choose_metadata_version(VersionRange broker);

// A Metadata request that asks for no topics (for all of them at v0, which cannot ask for none).
std::string metadata_request(int16_t api_version, int32_t correlation_id, ByteView client_id);

struct BrokerEntry {
  int32_t broker_id = 0;
  HostPort address;
};
// The brokers of a Metadata answer. Topics are not looked at.
Result<std::vector<BrokerEntry>> metadata_brokers(ByteView frame, int16_t api_version);

}  // namespace portway::kafka
