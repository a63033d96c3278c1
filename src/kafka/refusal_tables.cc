#include "kafka/refusal.h"

namespace portway::kafka {
namespace {

using namespace schema;

constexpr ReplyPart part(ReplyPartType type, uint8_t number, int16_t since, int16_t until) {
  return {type, number, since, until};
}
constexpr ReplyPart zeros(uint8_t width, int16_t since = 0, int16_t until = kLatest) {
  return part(ReplyPartType::kZeros, width, since, until);
}
constexpr ReplyPart minus_one(uint8_t width, int16_t since = 0, int16_t until = kLatest) {
  return part(ReplyPartType::kMinusOne, width, since, until);
}
constexpr ReplyPart error(int16_t since = 0, int16_t until = kLatest) {
  return part(ReplyPartType::kError, 0, since, until);
}
constexpr ReplyPart message(int16_t since = 0, int16_t until = kLatest) {
  return part(ReplyPartType::kMessage, 0, since, until);
}
constexpr ReplyPart null_string(int16_t since = 0) {
  return part(ReplyPartType::kNullString, 0, since, kLatest);
}
constexpr ReplyPart empty_string(int16_t since = 0, int16_t until = kLatest) {
  return part(ReplyPartType::kEmptyString, 0, since, until);
}
constexpr ReplyPart empty_array(int16_t since = 0, int16_t until = kLatest) {
  return part(ReplyPartType::kEmptyArray, 0, since, until);
}
constexpr ReplyPart copy(uint8_t slot, int16_t since = 0, int16_t until = kLatest) {
  return part(ReplyPartType::kCopy, slot, since, until);
}
constexpr ReplyPart for_each(uint8_t slot, std::span<const Field> items,
                             std::span<const ReplyPart> parts, int16_t since = 0,
                             int16_t until = kLatest) {
  return {ReplyPartType::kForEach, slot, since, until, items, parts};
}

constexpr Field kNumber[] = {fixed(4)};
constexpr Field kName[] = {kept(1, string())};

// Topics

constexpr Field kAssignment[] = {fixed(4), array(kNumber), tags(5)};
constexpr Field kTopicConfig[] = {string(), string(), tags(5)};
constexpr Field kNewTopic[] = {
    kept(1, string()), fixed(4 + 2), array(kAssignment), array(kTopicConfig), tags(5),
};
constexpr Field kCreateTopics[] = {kept(1, array(kNewTopic))};
constexpr ReplyPart kNotCreatedTopic[] = {
    copy(1), zeros(16, 7), error(), message(1), minus_one(4, 5), minus_one(2, 5), empty_array(5),
};
constexpr ReplyPart kNotCreatedTopics[] = {zeros(4, 2), for_each(1, kNewTopic, kNotCreatedTopic)};

constexpr Field kDeletedTopic[] = {kept(1, string()), kept(2, fixed(16)), tags(6)};
constexpr Field kDeleteTopics[] = {
    kept(1, array(kDeletedTopic, 6)),
    kept(2, array(kName, 0, 5)),
};
constexpr ReplyPart kKeptTopic[] = {copy(1), copy(2, 6), error(), message(5)};
constexpr ReplyPart kKeptTopics[] = {
    zeros(4, 1),
    for_each(1, kDeletedTopic, kKeptTopic, 6),
    for_each(2, kName, kKeptTopic, 0, 5),
};

constexpr Field kBrokerIds[] = {array(kNumber), tags(2)};
constexpr Field kPartitionsTopic[] = {kept(1, string()), fixed(4), array(kBrokerIds), tags(2)};
constexpr Field kCreatePartitions[] = {kept(1, array(kPartitionsTopic))};
constexpr ReplyPart kNamedResult[] = {copy(1), error(), message()};
constexpr ReplyPart kNotCreatedPartitions[] = {
    zeros(4),
    for_each(1, kPartitionsTopic, kNamedResult),
};

constexpr Field kDeletedPartition[] = {kept(3, fixed(4)), fixed(8), tags(2)};
constexpr Field kDeletedRecords[] = {
    kept(1, string()),
    kept(2, array(kDeletedPartition)),
    tags(2),
};
constexpr Field kDeleteRecords[] = {kept(1, array(kDeletedRecords))};
constexpr ReplyPart kKeptPartition[] = {copy(3), minus_one(8), error()};
constexpr ReplyPart kKeptPartitions[] = {copy(1), for_each(2, kDeletedPartition, kKeptPartition)};
constexpr ReplyPart kKeptRecords[] = {zeros(4), for_each(1, kDeletedRecords, kKeptPartitions)};

// Errors are per partition in version 0, for all of it from version 1 on.
constexpr Field kPartitionNumber[] = {kept(3, fixed(4))};
constexpr Field kElection[] = {kept(1, string()), kept(2, array(kPartitionNumber)), tags(2)};
constexpr Field kElectLeaders[] = {fixed(1, 1), kept(1, array(kElection))};
constexpr ReplyPart kNotElectedPartition[] = {copy(3), error(), message()};
constexpr ReplyPart kNotElected[] = {
    copy(1),
    for_each(2, kPartitionNumber, kNotElectedPartition),
};
constexpr ReplyPart kNotElectedLeaders[] = {
    zeros(4),
    error(1),
    for_each(1, kElection, kNotElected, 0, 0),
    empty_array(1),
};

constexpr ReplyPart kReassignments[] = {
    zeros(4), zeros(1, 1), error(), message(), empty_array(),
};

// Access control

constexpr Field kAcl[] = {
    fixed(1), string(), fixed(1, 1), string(), string(), fixed(1 + 1), tags(2),
};
constexpr Field kAcls[] = {kept(1, array(kAcl))};
constexpr ReplyPart kAclResult[] = {error(), message()};
constexpr ReplyPart kNotCreatedAcls[] = {zeros(4), for_each(1, kAcl, kAclResult)};
constexpr ReplyPart kFilterResult[] = {error(), message(), empty_array()};
constexpr ReplyPart kKeptAcls[] = {zeros(4), for_each(1, kAcl, kFilterResult)};

constexpr Field kScramDeletion[] = {kept(1, string()), fixed(1), tags(0)};
constexpr Field kScramUpsertion[] = {
    kept(1, string()), fixed(1 + 4), bytes(), bytes(), tags(0),
};
constexpr Field kAlterScram[] = {
    kept(1, array(kScramDeletion)),
    kept(2, array(kScramUpsertion)),
};
constexpr ReplyPart kScramResults[] = {
    zeros(4),
    {ReplyPartType::kForEach, 1, 0, kLatest, kScramDeletion, kNamedResult, 2, kScramUpsertion},
};

constexpr ReplyPart kNewToken[] = {
    error(),      empty_string(), empty_string(), empty_string(3), empty_string(3), minus_one(8),
    minus_one(8), minus_one(8),   empty_string(), empty_array(),   zeros(4),
};
constexpr ReplyPart kTokenExpiry[] = {error(), minus_one(8), zeros(4)};
constexpr ReplyPart kTokens[] = {error(), empty_array(), zeros(4)};

// Configuration and quotas

constexpr Field kConfigValue[] = {string(), string(), tags(2)};
constexpr Field kConfigs[] = {
    kept(1, fixed(1)),
    kept(2, string()),
    array(kConfigValue),
    tags(2),
};
constexpr Field kConfigOperation[] = {string(), fixed(1), string(), tags(1)};
constexpr Field kConfigOperations[] = {
    kept(1, fixed(1)),
    kept(2, string()),
    array(kConfigOperation),
    tags(1),
};
constexpr Field kConfigKey[] = {string()};
constexpr Field kConfigKeys[] = {
    kept(1, fixed(1)),
    kept(2, string()),
    array(kConfigKey),
    tags(4),
};
constexpr Field kAlterConfigs[] = {kept(1, array(kConfigs))};
constexpr Field kIncrementalAlterConfigs[] = {kept(1, array(kConfigOperations))};
constexpr Field kDescribeConfigs[] = {kept(1, array(kConfigKeys))};
constexpr ReplyPart kResourceResult[] = {error(), message(), copy(1), copy(2)};
constexpr ReplyPart kResourceConfigs[] = {error(), message(), copy(1), copy(2), empty_array()};
constexpr ReplyPart kKeptConfigs[] = {zeros(4), for_each(1, kConfigs, kResourceResult)};
constexpr ReplyPart kUnchangedConfigs[] = {
    zeros(4),
    for_each(1, kConfigOperations, kResourceResult),
};
constexpr ReplyPart kHiddenConfigs[] = {zeros(4), for_each(1, kConfigKeys, kResourceConfigs)};

constexpr Field kQuotaEntity[] = {string(), string(), tags(1)};
constexpr Field kQuotaOperation[] = {string(), fixed(8 + 1), tags(1)};
constexpr Field kQuotaEntry[] = {
    kept(1, array(kQuotaEntity)),
    array(kQuotaOperation),
    tags(1),
};
constexpr Field kAlterQuotas[] = {kept(1, array(kQuotaEntry))};
constexpr ReplyPart kQuotaResult[] = {error(), message(), copy(1)};
constexpr ReplyPart kKeptQuotas[] = {zeros(4), for_each(1, kQuotaEntry, kQuotaResult)};

constexpr ReplyPart kFeatures[] = {zeros(4), error(), message(), empty_array(0, 1)};

// Groups and transactions

constexpr Field kDeleteGroups[] = {kept(1, array(kName))};
constexpr ReplyPart kKeptGroup[] = {copy(1), error()};
constexpr ReplyPart kKeptGroups[] = {zeros(4), for_each(1, kName, kKeptGroup)};
constexpr ReplyPart kGroups[] = {zeros(4, 1), error(), empty_array()};
constexpr ReplyPart kJoinGroup[] = {
    zeros(4, 2),    error(),     minus_one(4),   null_string(7), empty_string(0),
    empty_string(), zeros(1, 9), empty_string(), empty_array(),
};
constexpr ReplyPart kSyncGroup[] = {
    zeros(4, 1), error(), null_string(5), null_string(5), empty_array(),
};
constexpr ReplyPart kLeaveGroup[] = {zeros(4, 1), error(), empty_array(3)};
constexpr ReplyPart kHeartbeat[] = {zeros(4, 1), error()};

constexpr Field kCoordinatorKeys[] = {
    string(0, 3),
    fixed(1, 1),
    kept(1, array(kName, 4)),
};
constexpr ReplyPart kHiddenCoordinator[] = {
    copy(1), minus_one(4), empty_string(), minus_one(4), error(), message(),
};
constexpr ReplyPart kHiddenCoordinators[] = {
    zeros(4, 1),
    error(0, 3),
    message(1, 3),
    minus_one(4, 0, 3),
    empty_string(0, 3),
    minus_one(4, 0, 3),
    for_each(1, kName, kHiddenCoordinator, 4),
};

constexpr ReplyPart kProducerId[] = {
    zeros(4), error(), minus_one(8), minus_one(2), minus_one(8, 6), minus_one(2, 6),
};
constexpr ReplyPart kEndTxn[] = {zeros(4), error(), minus_one(8, 5), minus_one(2, 5)};
constexpr ReplyPart kTransactions[] = {zeros(4), error(), empty_array(), empty_array()};

// The cluster

constexpr ReplyPart kErrorAlone[] = {zeros(4), error()};
constexpr ReplyPart kErrorAndMessage[] = {zeros(4), error(), message()};
constexpr ReplyPart kErrorAndArray[] = {zeros(4), error(), empty_array()};
constexpr ReplyPart kErrorMessageAndArray[] = {zeros(4), error(), message(), empty_array()};
constexpr ReplyPart kQuorum[] = {error(), message(2), empty_array(), empty_array(2)};
// The endpoint type is the zero of no known type: nothing is described.
constexpr ReplyPart kCluster[] = {
    zeros(4),       error(),      message(),     zeros(1, 1),
    empty_string(), minus_one(4), empty_array(), zeros(4),
};

constexpr Refusal kRefusals[] = {
    {10, 0, 6, kGroupAuthorizationFailed, kCoordinatorKeys, kHiddenCoordinators},
    {11, 0, 9, kGroupAuthorizationFailed, {}, kJoinGroup},
    {12, 0, 4, kGroupAuthorizationFailed, {}, kHeartbeat},
    {13, 0, 5, kGroupAuthorizationFailed, {}, kLeaveGroup},
    {14, 0, 5, kGroupAuthorizationFailed, {}, kSyncGroup},
    {16, 0, 5, kClusterAuthorizationFailed, {}, kGroups},
    {19, 0, 7, kTopicAuthorizationFailed, kCreateTopics, kNotCreatedTopics},
    {20, 0, 6, kTopicAuthorizationFailed, kDeleteTopics, kKeptTopics},
    {21, 0, 2, kTopicAuthorizationFailed, kDeleteRecords, kKeptRecords},
    {22, 0, 6, kClusterAuthorizationFailed, {}, kProducerId},
    {25, 0, 4, kTransactionalIdAuthorizationFailed, {}, kErrorAlone},
    {26, 0, 5, kTransactionalIdAuthorizationFailed, {}, kEndTxn},
    {29, 0, 3, kClusterAuthorizationFailed, {}, kErrorMessageAndArray},
    {30, 0, 3, kClusterAuthorizationFailed, kAcls, kNotCreatedAcls},
    {31, 0, 3, kClusterAuthorizationFailed, kAcls, kKeptAcls},
    {32, 0, 4, kClusterAuthorizationFailed, kDescribeConfigs, kHiddenConfigs},
    {33, 0, 2, kClusterAuthorizationFailed, kAlterConfigs, kKeptConfigs},
    {35, 3, 5, kClusterAuthorizationFailed, {}, kErrorAndArray},
    {37, 0, 3, kTopicAuthorizationFailed, kCreatePartitions, kNotCreatedPartitions},
    {38, 0, 3, kDelegationTokenAuthorizationFailed, {}, kNewToken},
    {39, 0, 2, kDelegationTokenAuthorizationFailed, {}, kTokenExpiry},
    {40, 0, 2, kDelegationTokenAuthorizationFailed, {}, kTokenExpiry},
    {41, 0, 3, kDelegationTokenAuthorizationFailed, {}, kTokens},
    {42, 0, 2, kGroupAuthorizationFailed, kDeleteGroups, kKeptGroups},
    {43, 0, 2, kClusterAuthorizationFailed, kElectLeaders, kNotElectedLeaders},
    {44, 0, 1, kClusterAuthorizationFailed, kIncrementalAlterConfigs, kUnchangedConfigs},
    {45, 0, 1, kClusterAuthorizationFailed, {}, kReassignments},
    {46, 0, 0, kClusterAuthorizationFailed, {}, kErrorMessageAndArray},
    {48, 0, 1, kClusterAuthorizationFailed, {}, kErrorMessageAndArray},
    {49, 0, 1, kClusterAuthorizationFailed, kAlterQuotas, kKeptQuotas},
    {50, 0, 0, kClusterAuthorizationFailed, {}, kErrorMessageAndArray},
    {51, 0, 0, kClusterAuthorizationFailed, kAlterScram, kScramResults},
    {55, 0, 2, kClusterAuthorizationFailed, {}, kQuorum},
    {57, 0, 2, kClusterAuthorizationFailed, {}, kFeatures},
    {60, 0, 2, kClusterAuthorizationFailed, {}, kCluster},
    {64, 0, 0, kClusterAuthorizationFailed, {}, kErrorAndMessage},
    {66, 0, 2, kClusterAuthorizationFailed, {}, kTransactions},
    {74, 0, 1, kClusterAuthorizationFailed, {}, kErrorAndArray},
    {80, 0, 1, kClusterAuthorizationFailed, {}, kErrorAndMessage},
    {81, 0, 0, kClusterAuthorizationFailed, {}, kErrorAndMessage},
};

}  // namespace

const Refusal* find_refusal(int16_t api_key) {
  for (const Refusal& refusal : kRefusals) {
    if (refusal.api_key == api_key) return &refusal;
  }
  return nullptr;
}

}  // namespace portway::kafka
