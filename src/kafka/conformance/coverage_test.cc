// What the definitions know and Portway's tables must know too.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "kafka/api_keys.h"
#include "kafka/conformance/definition.h"
#include "kafka/response_rewriter.h"

namespace portway::kafka::conformance {
namespace {

TEST(Apis, TableMatchesTheDefinitions) {
  PORTWAY_NEED_DEFINITIONS();
  for (const Definitions& release : definitions()) {
    for (const auto& [key, request] : release.requests) {
      SCOPED_TRACE(release.release + " " + request.name);
      const bool renamed = request.name == "ListClientMetricsResources";  // until 4.0
      if (!renamed) {
        EXPECT_EQ(api_name(key), request.name);
      }
      EXPECT_NE(api_slot(key), kApiSlots - 1);
      // Dropped versions take their flexible versions with them.
      if (request.valid.last < request.valid.first) continue;
      const int16_t flexible =
          request.flexible.last < request.flexible.first ? INT16_MAX : request.flexible.first;
      const int16_t known = first_flexible_version(key);
      EXPECT_EQ(std::min<int>(known, request.valid.last + 1),
                std::min<int>(flexible, request.valid.last + 1));
    }
  }
}

TEST(Apis, EveryVersionOfRewrittenApisIsKnown) {
  PORTWAY_NEED_DEFINITIONS();
  for (const Definitions& release : definitions()) {
    for (const auto& [key, response] : release.responses) {
      EXPECT_GE(clamp_version(key), response.valid.last) << release.release << response.name;
    }
  }
}

// No response but those that are rewritten or refused holds what looks like an address.

struct Exception {
  const char* path;
  const char* reason;
};

constexpr Exception kNoBrokerAddress[] = {
    {"ConsumerGroupDescribe.Groups.Members.ClientHost", "a client's address"},
    {"DescribeGroups.Groups.Members.ClientHost", "a client's address"},
    {"ShareGroupDescribe.Groups.Members.ClientHost", "a client's address"},
    {"StreamsGroupDescribe.Groups.Members.ClientHost", "a client's address"},
    {"StreamsGroupDescribe.Groups.Members.UserEndpoint", "what a Streams application names itself"},
    {"StreamsGroupDescribe.Groups.Members.UserEndpoint.Host", "as above"},
    {"StreamsGroupDescribe.Groups.Members.UserEndpoint.Port", "as above"},
    {"StreamsGroupHeartbeat.EndpointInformationEpoch", "a number"},
    {"StreamsGroupHeartbeat.PartitionsByUserEndpoint", "what Streams applications name themselves"},
    {"StreamsGroupHeartbeat.PartitionsByUserEndpoint.UserEndpoint", "as above"},
    {"StreamsGroupHeartbeat.PartitionsByUserEndpoint.UserEndpoint.Host", "as above"},
    {"StreamsGroupHeartbeat.PartitionsByUserEndpoint.UserEndpoint.Port", "as above"},
    {"DescribeAcls.Resources.Acls.Host", "the client host of an ACL"},
    {"DeleteAcls.FilterResults.MatchingAcls.Host", "the client host of an ACL"},
};

bool sounds_like_an_address(std::string name) {
  for (char& letter : name) letter = static_cast<char>(std::tolower(letter));
  return name.ends_with("host") || name.ends_with("hosts") || name.ends_with("hostname") ||
         name == "port" || name.ends_with("ports") || name.find("endpoint") != std::string::npos ||
         name.find("listener") != std::string::npos || name.find("address") != std::string::npos;
}

class AddressSearch {
 public:
  explicit AddressSearch(const MessageDefinition& message) : message_(message) {}

  void look(const StructDefinition& definition, const std::string& path, Versions within) {
    for (const FieldDefinition& field : definition.fields) {
      const std::string here = path + "." + field.name;
      Versions versions = {std::max(within.first, field.versions.first),
                           std::min(within.last, field.versions.last)};
      if (field.structure) look(*field.structure, here, versions);
      // Bytes that wrap another response hold what that one holds.
      const bool wrapped = field.type == "bytes" && field.name == "ResponseData";
      if (wrapped || sounds_like_an_address(field.name)) judge(here, versions);
    }
  }

 private:
  void judge(const std::string& path, Versions versions) {
    for (const Exception& exception : kNoBrokerAddress) {
      if (path == exception.path) return;
    }
    for (int16_t version = versions.first; version <= versions.last; ++version) {
      EXPECT_NE(response_treatment(message_.api_key, version), ResponseTreatment::kPass)
          << path << " in version " << version
          << " looks like a broker's address, and Portway lets it pass";
    }
  }

  const MessageDefinition& message_;
};

TEST(Addresses, NoOtherResponseHoldsOne) {
  PORTWAY_NEED_DEFINITIONS();
  for (const Definitions& release : definitions()) {
    SCOPED_TRACE(release.release);
    for (const auto& [key, response] : release.responses) {
      AddressSearch(response).look(response.body, response.name, response.valid);
    }
  }
}

}  // namespace
}  // namespace portway::kafka::conformance
