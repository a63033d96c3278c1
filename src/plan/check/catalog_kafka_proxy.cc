// PW401-PW499: a kafka-proxy command line, alone and against the plan.
#include "plan/check/catalog.h"

namespace portway::plan {
namespace {

using enum Check;
using enum Severity;

constexpr CheckInfo kCatalog[] = {
    {kFlagsRefused, kError, "Flags that cannot be read", "kafka-proxy would not start with them.",
     "Correct the flag as the message says."},
    {kFlagPlaceholder, kError, "A placeholder was left in",
     "kafka-proxy looks for a host of that name.", "Write the real address."},
    {kMappingWithoutName, kError, "A mapping does not say what clients are told",
     "kafka-proxy then advertises the address that it listens on: 0.0.0.0 leads every client to "
     "itself.",
     "Add a third part: ,NAME:PORT."},
    {kMappingWithAddress, kWarning, "A mapping advertises an address instead of a name",
     "Clients behind the endpoint cannot reach an address of this network.",
     "Advertise a name of the pattern, such as b1.abc.us-west1.gcp.3199745.tidbcloud.com:9092."},
    {kMappingNotOfTidbCloud, kError, "A name that is nearly one of TiDB Cloud's is advertised",
     "kafka-proxy takes it without a word, and the changefeed cannot look it up.",
     "Copy the console's pattern, with the broker's label in front."},
    {kPortsByDiscovery, kWarning, "Ports are given in the order in which brokers are seen",
     "After a restart the same broker may have another port; the endpoint then leads to the wrong "
     "broker.",
     "Add --deterministic-listeners and --dynamic-sequential-max-ports, or use portway serve."},
    {kReplicasDisagree, kError, "Several proxies that give ports by discovery",
     "Every replica numbers brokers in its own order, and the load balancer sends a port to any of "
     "them: clients reach the wrong broker.",
     "Use portway serve, where every replica has the same plan, or --deterministic-listeners."},
    {kRandomPorts, kWarning, "Brokers without a mapping get random ports",
     "No firewall rule and no list of ports can name them, and clients are told others after every "
     "restart.",
     "Add --dynamic-sequential-min-port, or --dynamic-listeners-disable."},
    {kDynamicRangeCollides, kError, "Dynamic ports run into mapped ones",
     "When the counter comes to a mapped port, the bind fails, and with it the answers to all "
     "clients.",
     "Begin --dynamic-sequential-min-port behind the last mapped port."},
    {kDynamicWithoutName, kError, "Dynamic listeners do not say what clients are told",
     "kafka-proxy then advertises the address that it listens on.",
     "Add --dynamic-advertised-listener=NAME."},
    {kListensOnOneAddress, kWarning, "A mapping listens on one address only",
     "A passthrough load balancer hands packets on with its own address as the destination; a "
     "socket bound to another one never gets them.",
     "Listen on 0.0.0.0."},
    {kSecretOnCommandLine, kWarning, "A secret on the command line",
     "Every user of the machine sees it in the list of processes, and shells keep it in their "
     "history.",
     "Use the environment variable, such as SASL_PASSWORD."},
    {kHealthOff, kWarning, "The health page is off",
     "A load balancer can then only ask whether a port is open.", "Leave --http-disable out."},
    {kInsideAddressesLeak, kNote,
     "Kafka 3.7 and later put addresses where kafka-proxy does not look",
     "Produce 10, Fetch 16 and DescribeCluster carry brokers' addresses; kafka-proxy passes them "
     "on as they are, and newer clients dial them.",
     "Use portway serve, which rewrites them."},
    {kProxyPortDiffers, kError, "A mapping has another port than the plan",
     "A client that is given the plan's ports reaches another broker, or none.",
     "Write the plan's port, or correct the plan."},
    {kProxyNameDiffers, kError, "A mapping advertises another name than the plan",
     "Clients are told a name that the plan does not have.",
     "Write the plan's name, or correct the plan."},
    {kProxyBrokerNotInPlan, kWarning, "A mapped broker is not in the plan",
     "What the plan says of ports and consumers does not hold for it.",
     "Add it to cluster.nodes, or correct its address."},
    {kBrokerNotMapped, kError, "A broker has no mapping, and dynamic listeners are off",
     "As soon as an answer names it, kafka-proxy closes the client's connection: every client of "
     "the cluster is down.",
     "Add a --bootstrap-server-mapping for it, or leave --dynamic-listeners-disable out."},
    {kNothingToCompare, kNote, "The plan has no external listener that goes through a proxy",
     "The command line was checked by itself.",
     "Nothing, if the proxy is to be replaced by a port mapping."},
    {kProxyDialsExternal, kError, "The proxy is to dial an external listener",
     "That listener advertises the endpoint's names, so that no answer holds an address that the "
     "mappings know.",
     "Write the port of the internal listener."},
    {kDynamicOutsidePlan, kWarning, "Dynamic ports that the plan does not know",
     "The firewall rule of the plan lets its own ports in: brokers on others cannot be reached "
     "through the endpoint.",
     "Begin --dynamic-sequential-min-port at the plan's first port that no mapping has, or widen "
     "ports.ids."},
};

}  // namespace

std::span<const CheckInfo> kafka_proxy_catalog() { return kCatalog; }

}  // namespace portway::plan
