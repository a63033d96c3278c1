#include "kafka/api_keys.h"

#include <iterator>

#include "kafka/messages.h"

namespace portway::kafka {
namespace {

constexpr int16_t kNever = INT16_MAX;

struct Api {
  std::string_view name;
  int16_t first_flexible_version;
};

// By api key, without a gap: the definitions of Kafka 4.3, and of 3.7 for those that 4.x dropped.
constexpr Api kApis[] = {
    {"Produce", 9},  // 0
    {"Fetch", 12},
    {"ListOffsets", 6},
    {"Metadata", 9},
    {"LeaderAndIsr", 4},
    {"StopReplica", 2},
    {"UpdateMetadata", 6},
    {"ControlledShutdown", 3},
    {"OffsetCommit", 8},
    {"OffsetFetch", 6},
    {"FindCoordinator", 3},  // 10
    {"JoinGroup", 6},
    {"Heartbeat", 4},
    {"LeaveGroup", 4},
    {"SyncGroup", 4},
    {"DescribeGroups", 5},
    {"ListGroups", 3},
    {"SaslHandshake", kNever},
    {"ApiVersions", 3},
    {"CreateTopics", 5},
    {"DeleteTopics", 4},  // 20
    {"DeleteRecords", 2},
    {"InitProducerId", 2},
    {"OffsetForLeaderEpoch", 4},
    {"AddPartitionsToTxn", 3},
    {"AddOffsetsToTxn", 3},
    {"EndTxn", 3},
    {"WriteTxnMarkers", 1},
    {"TxnOffsetCommit", 3},
    {"DescribeAcls", 2},
    {"CreateAcls", 2},  // 30
    {"DeleteAcls", 2},
    {"DescribeConfigs", 4},
    {"AlterConfigs", 2},
    {"AlterReplicaLogDirs", 2},
    {"DescribeLogDirs", 2},
    {"SaslAuthenticate", 2},
    {"CreatePartitions", 2},
    {"CreateDelegationToken", 2},
    {"RenewDelegationToken", 2},
    {"ExpireDelegationToken", 2},  // 40
    {"DescribeDelegationToken", 2},
    {"DeleteGroups", 2},
    {"ElectLeaders", 2},
    {"IncrementalAlterConfigs", 1},
    {"AlterPartitionReassignments", 0},
    {"ListPartitionReassignments", 0},
    {"OffsetDelete", kNever},
    {"DescribeClientQuotas", 1},
    {"AlterClientQuotas", 1},
    {"DescribeUserScramCredentials", 0},  // 50
    {"AlterUserScramCredentials", 0},
    {"Vote", 0},
    {"BeginQuorumEpoch", 1},
    {"EndQuorumEpoch", 1},
    {"DescribeQuorum", 0},
    {"AlterPartition", 0},
    {"UpdateFeatures", 0},
    {"Envelope", 0},
    {"FetchSnapshot", 0},
    {"DescribeCluster", 0},  // 60
    {"DescribeProducers", 0},
    {"BrokerRegistration", 0},
    {"BrokerHeartbeat", 0},
    {"UnregisterBroker", 0},
    {"DescribeTransactions", 0},
    {"ListTransactions", 0},
    {"AllocateProducerIds", 0},
    {"ConsumerGroupHeartbeat", 0},
    {"ConsumerGroupDescribe", 0},
    {"ControllerRegistration", 0},  // 70
    {"GetTelemetrySubscriptions", 0},
    {"PushTelemetry", 0},
    {"AssignReplicasToDirs", 0},
    {"ListConfigResources", 0},
    {"DescribeTopicPartitions", 0},
    {"ShareGroupHeartbeat", 0},
    {"ShareGroupDescribe", 0},
    {"ShareFetch", 0},
    {"ShareAcknowledge", 0},
    {"AddRaftVoter", 0},  // 80
    {"RemoveRaftVoter", 0},
    {"UpdateRaftVoter", 0},
    {"InitializeShareGroupState", 0},
    {"ReadShareGroupState", 0},
    {"WriteShareGroupState", 0},
    {"DeleteShareGroupState", 0},
    {"ReadShareGroupStateSummary", 0},
    {"StreamsGroupHeartbeat", 0},
    {"StreamsGroupDescribe", 0},
    {"DescribeShareGroupOffsets", 0},  // 90
    {"AlterShareGroupOffsets", 0},
    {"DeleteShareGroupOffsets", 0},
};

bool known(int16_t api_key) {
  return api_key >= 0 && static_cast<size_t>(api_key) < std::size(kApis);
}

}  // namespace

const size_t kApiSlots = std::size(kApis) + 1;

size_t api_slot(int16_t api_key) {
  return known(api_key) ? static_cast<size_t>(api_key) : std::size(kApis);
}

std::string_view api_slot_name(size_t slot) {
  return slot < std::size(kApis) ? kApis[slot].name : "unknown";
}

std::string_view api_name(int16_t api_key) { return api_slot_name(api_slot(api_key)); }

int16_t first_flexible_version(int16_t api_key) {
  return known(api_key) ? kApis[api_key].first_flexible_version : kNever;
}

int16_t clamp_version(int16_t api_key) {
  const Message* message = find_message(api_key);
  return message == nullptr ? INT16_MAX : message->last_version;
}

}  // namespace portway::kafka
