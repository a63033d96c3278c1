// PW201-PW299: the cloud around the cluster.
#include "plan/check/catalog.h"

namespace portway::plan {
namespace {

using enum Check;
using enum Severity;

constexpr CheckInfo kCatalog[] = {
    {kNatRangeSmall, kWarning, "The NAT subnet is smaller than what consumers may connect",
     "Every connected endpoint takes one address of it and four are lost. Endpoints beyond that go "
     "to NEEDS_ATTENTION and carry no traffic.",
     "Widen nat_range, or lower connection_limit."},
    {kNatRangeTooSmall, kError, "The NAT subnet has fewer addresses than there are consumers",
     "Not even one endpoint for each of them can connect.",
     "Widen nat_range: a /26 takes 60 endpoints."},
    {kRangeTooSmall, kError, "A subnet that Google Cloud does not make",
     "The smallest subnet is a /29, of eight addresses.", "Write a range of /29 or larger."},
    {kRangesOverlap, kError, "Two subnets overlap",
     "Subnets of one network cannot overlap; making the second one fails.", "Move one of them."},
    {kAutoModeRange, kWarning, "A range inside 10.128.0.0/9",
     "Networks in auto mode have their subnets there: the network cannot be peered with one of "
     "them later.",
     "Use a range outside, such as 10.100.0.0/26."},
    {kNodeOutsideSubnet, kError, "A node is not in the brokers' subnet",
     "Endpoints of a port mapping NEG must have their first network interface in the NEG's subnet, "
     "and a new node gets its address from there.",
     "Correct the address, or cloud.subnet.range."},
    {kReservedAddress, kError, "A node has an address that Google Cloud keeps",
     "The first two and the last two addresses of every subnet cannot be given to a VM.",
     "Take an address between them, from .2 on."},
    {kZoneOutsideRegion, kError, "A zone is not in cloud.region",
     "A subnet, a NEG and an instance group are in one region; a VM elsewhere cannot be part of "
     "them.",
     "Write zones of cloud.region."},
    {kZoneUnlisted, kWarning, "A node is in a zone that cloud.zones does not have",
     "Proxies are spread over cloud.zones only: traffic to this broker always leaves its zone.",
     "Add the zone to cloud.zones, or leave cloud.zones out."},
    {kZoneUnknown, kError, "A node without a zone in a port mapping",
     "An endpoint of the NEG is a VM, and a VM is named by project, zone and name.",
     "Add zone: to the node."},
    {kOneZone, kNote, "All nodes are in one zone", "When the zone fails, the cluster does.",
     "Spread nodes over three zones."},
    {kOneReplica, kWarning, "A single proxy",
     "While it is replaced or fails, every changefeed stops.",
     "Write replicas_min: 2 or more; any number of replicas gives the same answers."},
    {kReplicasReversed, kError, "replicas_min is above replicas_max",
     "No number of proxies satisfies both.", "Swap them, or raise replicas_max."},
    {kFewReplicas, kNote, "Fewer proxies than zones",
     "At least one zone has none, and its traffic crosses to another zone.",
     "Let replicas_min be the number of zones."},
    {kNegFull, kError, "More than 1,000 endpoints in a port mapping NEG",
     "Google Cloud takes no more in one NEG, and the limit cannot be raised; a NEG has one load "
     "balancer and one service attachment.",
     "Use the method proxy, or fewer external listeners."},
    {kNlbFull, kError, "More than 50 listeners on an AWS Network Load Balancer",
     "The limit cannot be raised: 49 brokers and a bootstrap listener fit.",
     "Use the method proxy with shared ports, or several endpoint services."},
    {kNlbFullSoon, kWarning, "The places for brokers go beyond 50 listeners of an AWS NLB",
     "The cluster fits now, but not with all the brokers that have a place: 49 brokers and a "
     "bootstrap listener are the most.",
     "Narrow ports.ids to 49 ids, so that growing beyond is a decision."},
    {kOneListenerPerLoadBalancer, kWarning, "Two external listeners behind one Azure load balancer",
     "A Private Link service takes one frontend: a second project needs a load balancer and a "
     "Private Link service of its own.",
     "Write a portway.yaml for each project; their ports may be the same."},
    {kNotRendered, kNote, "Nothing is rendered for this provider",
     "portway plan and portway check know its limits; portway render writes files for Google Cloud "
     "only.",
     "Set the resources up by hand from the port plan, or use provider: gcp."},
    {kFewPortsOnGke, kWarning, "Five ports or fewer on GKE",
     "GKE lists up to five ports on the forwarding rule and opens all of them from six on. Growing "
     "past five replaces the rule while the service attachment still points to it.",
     "Declare more than five ids from the start."},
    {kKubernetesUnused, kWarning, "A kubernetes block with no proxy to run",
     "Port mappings need no proxy; nothing is rendered from the block.",
     "Leave kubernetes out, or write method: proxy."},
    {kResourceNameTwice, kError, "Two resources have one name",
     "Google Cloud refuses the second one, or both rules change the same resource. A load balancer "
     "with a port mapping takes one rule and one attachment, and a NAT subnet serves one "
     "attachment.",
     "Give each its own name, as the defaults do."},
    {kSubnetWithoutNetwork, kError, "An existing subnet in a network that is still to be made",
     "A subnet belongs to a network: both are there, or only the network.",
     "Write network_existing: true."},
    {kClusterOutsideNewNetwork, kError, "A running cluster, and a network that is still to be made",
     "The brokers are in another network, and neither the NEG nor the proxies would reach them.",
     "Write network_existing: true, and subnet with existing: true."},
    {kNoBinary, kNote, "Nobody says where the portway executable comes from",
     "A new VM of the proxy starts with nothing to run, unless its image has portway.",
     "Write cloud.proxy.binary: gs://BUCKET/portway."},
    {kBinaryUnchecked, kNote, "The executable is not checked",
     "Whoever can write to that place decides what every new proxy runs.",
     "Write cloud.proxy.binary_sha256, as sha256sum prints it."},
    {kConnectionsPerEndpoint, kNote, "More connections than one endpoint can make to one VM",
     "Private Service Connect gives an endpoint 64,512 TCP connections to one VM.",
     "Run more proxies instead: each takes as many."},
    {kProjectOfTidbCloud, kWarning, "cloud.project looks like TiDB Cloud's project",
     "The service attachment lives in the project of the Kafka cluster; TiDB Cloud's project is a "
     "consumer.",
     "Write your own project, and TiDB Cloud's under consumers."},
};

}  // namespace

std::span<const CheckInfo> cloud_catalog() { return kCatalog; }

}  // namespace portway::plan
