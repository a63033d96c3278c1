// PW140-PW199: the Kafka cluster.
#include "plan/check/catalog.h"

namespace portway::plan {
namespace {

using enum Check;
using enum Severity;

constexpr CheckInfo kCatalog[] = {
    {kKraftTooOld, kError, "A new cluster with a Kafka that is too old for KRaft",
     "New clusters are set up without ZooKeeper, which Kafka supports from 3.3 on.",
     "Write kafka_version: 3.7.1 or later."},
    {kNoBroker, kError, "No node is a broker", "Nothing stands behind the endpoint.",
     "Give at least three nodes the role broker."},
    {kNoController, kError, "A new cluster without a controller",
     "Without controllers no quorum forms and no broker starts.",
     "Give one, three or five nodes the role controller."},
    {kControllersEven, kWarning, "An even number of controllers",
     "A quorum of four fails with two, as one of three fails with two: the last one adds cost and "
     "no safety.",
     "Write an odd number, three in most clusters."},
    {kControllersMany, kNote, "More than five controllers",
     "Every change of metadata waits for a majority of them.", "Three or five are enough."},
    {kCombinedNodes, kNote, "Nodes that are broker and controller at once",
     "A broker under load slows the controller in the same process; Kafka advises against it for "
     "clusters that matter.",
     "Give controllers nodes of their own: roles: [controller] and roles: [broker]."},
    {kFewBrokers, kWarning, "Fewer than three brokers",
     "With a replication factor below three and min.insync.replicas 2, one broker that is down "
     "stops all writing.",
     "Run at least three brokers, in three zones."},
    {kDataInTmp, kWarning, "Data in /tmp",
     "It is gone when the machine starts again; Kafka then refuses to start or begins empty.",
     "Write log_dirs: /var/lib/kafka/data."},
    {kPublishedClusterId, kWarning, "A cluster id out of a published example",
     "Two clusters with one id take each other's brokers and data directories for their own.",
     "Write the output of kafka-storage.sh random-uuid, or leave id out."},
};

}  // namespace

std::span<const CheckInfo> cluster_catalog() { return kCatalog; }

}  // namespace portway::plan
