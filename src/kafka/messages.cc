#include "kafka/messages.h"

#include <algorithm>

#include "kafka/api_keys.h"

namespace portway::kafka {
namespace {

using namespace schema;

constexpr Field last_tags(int16_t since, std::span<const Field> tag_0 = {}) {
  return {FieldType::kTags, FieldRole::kLastTags, 0, since, kLatest, tag_0};
}

// The response header (KIP-482: v1 has tagged fields).
constexpr Field kCorrelationId = fixed(4);

constexpr Field kThrottleTime = fixed(4);
constexpr Field kNodeId = as(FieldRole::kNodeId, fixed(4));
constexpr Field kHost = as(FieldRole::kHost, string());
constexpr Field kPort = as(FieldRole::kPort, fixed(4));
constexpr Field kRack = string();

// NodeEndpoint (KIP-951), alike in Produce, Fetch, ShareFetch and ShareAcknowledge.
constexpr Field kNodeEndpoint[] = {kNodeId, kHost, kPort, kRack, tags(0)};
constexpr Field kNodeEndpoints[] = {as(FieldRole::kBrokers, array(kNodeEndpoint))};

// Produce

constexpr Field kRecordError[] = {fixed(4), string(), tags(9)};
constexpr Field kProducePartition[] = {
    fixed(4 + 2 + 8),     // index, error code, base offset
    fixed(8 + 8),         // log append time, log start offset
    array(kRecordError),  // since version 8
    string(),
    tags(9),  // error message
};
constexpr Field kProduceTopic[] = {string(0, 12), fixed(16, 13), array(kProducePartition), tags(9)};
constexpr Field kProduceBody[] = {kCorrelationId, tags(9), array(kProduceTopic), kThrottleTime};
constexpr Field kProduceTail[] = {last_tags(9, kNodeEndpoints)};

// Fetch

constexpr Field kAbortedTransaction[] = {fixed(8 + 8), tags(12)};
constexpr Field kFetchPartition[] = {
    fixed(4 + 2 + 8 + 8 + 8),    // index, error code, high watermark, stable and start offset
    array(kAbortedTransaction),  //
    fixed(4),                    // preferred read replica
    bytes(),
    tags(12),  // records
};
constexpr Field kFetchTopic[] = {fixed(16, 13), array(kFetchPartition), tags(12)};
constexpr Field kFetchBody[] = {
    kCorrelationId, tags(12), kThrottleTime, fixed(2 + 4), array(kFetchTopic),
};
constexpr Field kFetchTail[] = {last_tags(12, kNodeEndpoints)};

// ShareFetch (KIP-932)

constexpr Field kAcquiredRecords[] = {fixed(8 + 8 + 2), tags(0)};
constexpr Field kShareFetchPartition[] = {
    fixed(4 + 2),
    string(),  // index, error code and message
    fixed(2),
    string(),  // acknowledge error code and message
    fixed(4 + 4),
    tags(0),  // the struct CurrentLeader
    bytes(),  // records
    array(kAcquiredRecords),
    tags(0),  //
};
constexpr Field kShareFetchTopic[] = {fixed(16), array(kShareFetchPartition), tags(0)};
constexpr Field kShareFetchBody[] = {
    kCorrelationId, tags(0),     kThrottleTime,           fixed(2),
    string(),       fixed(4, 1), array(kShareFetchTopic),
};

// ShareAcknowledge

constexpr Field kShareAcknowledgePartition[] = {
    fixed(4 + 2), string(), fixed(4 + 4), tags(0), tags(0),
};
constexpr Field kShareAcknowledgeTopic[] = {
    fixed(16),
    array(kShareAcknowledgePartition),
    tags(0),
};
constexpr Field kShareAcknowledgeBody[] = {
    kCorrelationId,
    tags(0),
    kThrottleTime,
    fixed(2),
    string(),
    fixed(4, 2),
    array(kShareAcknowledgeTopic),
};

constexpr Field kShareTail[] = {as(FieldRole::kBrokers, array(kNodeEndpoint)), last_tags(0)};

// Metadata, up to the end of its brokers

constexpr Field kMetadataBroker[] = {kNodeId, kHost, kPort, string(1), tags(9)};
constexpr Field kMetadataFront[] = {
    kCorrelationId,
    tags(9),
    fixed(4, 3),
    as(FieldRole::kBrokers, array(kMetadataBroker)),
};

// FindCoordinator: one coordinator until version 3, then an array of them (KIP-699)

constexpr Field kOneCoordinator[] = {
    as(FieldRole::kErrorCode, fixed(2)),
    as(FieldRole::kErrorMessage, string(1)),
    kNodeId,
    kHost,
    kPort,
};
constexpr Field kCoordinator[] = {
    string(),  // key
    kNodeId,
    kHost,
    kPort,
    as(FieldRole::kErrorCode, fixed(2)),
    as(FieldRole::kErrorMessage, string()),
    tags(4),
};
constexpr Field kFindCoordinatorFields[] = {
    kCorrelationId,
    tags(3),
    fixed(4, 1),
    {FieldType::kAddress, FieldRole::kCoordinators, 0, 0, 3, kOneCoordinator},
    as(FieldRole::kCoordinators, array(kCoordinator, 4)),
    tags(3),
};

// DescribeCluster (KIP-700, KIP-919, KIP-1073)

constexpr Field kDescribeClusterBroker[] = {kNodeId, kHost, kPort, kRack, fixed(1, 2), tags(0)};
constexpr Field kDescribeClusterFields[] = {
    kCorrelationId,
    tags(0),
    kThrottleTime,
    fixed(2),
    string(),
    as(FieldRole::kEndpointType, fixed(1, 1)),
    string(),  // cluster id
    fixed(4),  // controller id
    as(FieldRole::kBrokers, array(kDescribeClusterBroker)),
    fixed(4),  // authorized operations
    tags(0),
};

// DescribeQuorum (KIP-853): only version 2 tells listeners

constexpr Field kReplicaState[] = {fixed(4 + 16 + 8 + 8 + 8), tags(0)};
constexpr Field kQuorumPartition[] = {
    fixed(4 + 2),         string(),  // index, error code and message
    fixed(4 + 4 + 8),                // leader id and epoch, high watermark
    array(kReplicaState),            // current voters
    array(kReplicaState), tags(0)    // observers
};
constexpr Field kQuorumTopic[] = {string(), array(kQuorumPartition), tags(0)};
constexpr Field kListener[] = {string(), string(), fixed(2), tags(0)};
constexpr Field kQuorumNode[] = {
    fixed(4),
    as(FieldRole::kEmptied, array(kListener)),
    tags(0),
};
constexpr Field kDescribeQuorumFields[] = {
    kCorrelationId, tags(0), fixed(2), string(), array(kQuorumTopic), array(kQuorumNode), tags(0),
};

// ApiVersions, up to the end of its apis. Its header never has tagged fields (KIP-511).

constexpr Field kApi[] = {
    as(FieldRole::kApi, fixed(2)),
    fixed(2),
    as(FieldRole::kMaxVersion, fixed(2)),
    tags(3),
};
constexpr Field kApiVersionsFields[] = {
    kCorrelationId,
    fixed(2),
    array(kApi),
};

constexpr Message kMessages[] = {
    {kProduce, 10, 13, 9, Streaming::kTail, kProduceBody, kProduceTail, Behind::kNothing},
    {kFetch, 16, 18, 12, Streaming::kTail, kFetchBody, kFetchTail, Behind::kNothing},
    {kMetadata, 0, 13, 9, Streaming::kFront, {}, kMetadataFront, Behind::kSomething},
    {kFindCoordinator, 0, 6, 3, Streaming::kWhole, {}, kFindCoordinatorFields, Behind::kNothing},
    {kApiVersions, 0, 4, 3, Streaming::kWhole, {}, kApiVersionsFields, Behind::kAnything},
    {kDescribeQuorum, 2, 2, 0, Streaming::kWhole, {}, kDescribeQuorumFields, Behind::kNothing},
    {kDescribeCluster, 0, 2, 0, Streaming::kWhole, {}, kDescribeClusterFields, Behind::kNothing},
    {kShareFetch, 0, 2, 0, Streaming::kTail, kShareFetchBody, kShareTail, Behind::kNothing},
    {kShareAcknowledge, 0, 2, 0, Streaming::kTail, kShareAcknowledgeBody, kShareTail,
     Behind::kNothing},
};

// What the walker and the editor rely on.

constexpr int depth(std::span<const Field> fields) {
  int deepest = 0;
  for (const Field& field : fields) deepest = std::max(deepest, depth(field.fields));
  return deepest + 1;
}

// Every item of an array takes at least a byte, at every version that has the array.
constexpr bool items_take_bytes(const Field& array) {
  for (const Field& field : array.fields) {
    if (field.since <= array.since && field.until >= array.until) return true;
  }
  return false;
}

// Fields that tell of a broker stand in structs that name one.
constexpr bool sound(std::span<const Field> fields, bool name_a_broker) {
  for (const Field& field : fields) {
    const bool tells = field.role >= FieldRole::kNodeId && field.role <= FieldRole::kErrorMessage;
    if (tells && !name_a_broker) return false;
    if (field.type == FieldType::kArray && !items_take_bytes(field)) return false;
    const bool names = field.role == FieldRole::kBrokers || field.role == FieldRole::kCoordinators;
    if (!sound(field.fields, names)) return false;
  }
  return true;
}

constexpr bool all_sound() {
  for (const Message& message : kMessages) {
    for (const auto fields : {message.walked, message.edited}) {
      if (depth(fields) > kSchemaDepthMax || !sound(fields, false)) return false;
    }
  }
  return true;
}
static_assert(all_sound());

}  // namespace

const Message* find_message(int16_t api_key) {
  for (const Message& message : kMessages) {
    if (message.api_key == api_key) return &message;
  }
  return nullptr;
}

}  // namespace portway::kafka
