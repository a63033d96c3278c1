// PW301-PW399: server.properties, alone, among one another and against the plan.
#include "plan/check/catalog.h"

namespace portway::plan {
namespace {

using enum Check;
using enum Severity;

constexpr CheckInfo kCatalog[] = {
    {kPropertiesUnreadable, kError, "A server.properties that Java cannot read",
     "Kafka does not start with it.", "Correct the line that is named."},
    {kPropertyRefused, kError, "A value that Kafka refuses, or reads as something else",
     "The broker does not start, or listens and advertises elsewhere than it looks.",
     "Write the value as the message shows it."},
    {kPlaceholder, kError, "A placeholder was left in",
     "Kafka takes some of them (format accepts {broker-node1-ip} among the voters) and fails "
     "later, or advertises them.",
     "Write the real value."},
    {kNotAdvertised, kError, "A listener is not advertised",
     "The broker starts as if nothing were wrong, and a client that bootstraps from this listener "
     "hangs: it is told no address it could use.",
     "Add the listener to advertised.listeners."},
    {kNotListened, kError, "A listener is advertised and not listened on",
     "Kafka refuses to start: advertised names must be among those of listeners.",
     "Add it to listeners, or take it out of advertised.listeners."},
    {kNoProtocol, kError, "A listener has no security protocol",
     "Kafka refuses to start: every listener that is not called after a protocol must be in the "
     "map.",
     "Add NAME:PLAINTEXT, or what it speaks, to listener.security.protocol.map."},
    {kControllerAdvertised, kError, "The controllers' listener is advertised",
     "Kafka before 3.9 refuses to start, and so does every version on a node that is a broker "
     "only; clients must never see this listener.",
     "Take it out of advertised.listeners."},
    {kControllerOnBroker, kError, "A broker that is no controller listens for controllers",
     "Kafka refuses to start: on a broker-only node the controllers' listener is not among "
     "listeners.",
     "Take it out of listeners; controller.listener.names stays."},
    {kNoControllerNames, kError,
     "controller.listener.names does not name the controllers' listener",
     "Kafka refuses to start: a controller must listen on one of these names, and a broker-only "
     "node needs them to know which listener leads to the controllers.",
     "Write controller.listener.names=CONTROLLER, and on controllers CONTROLLER into listeners."},
    {kListenerPortTwice, kError, "Two listeners on one port",
     "Kafka refuses to start, unless one of the two is IPv4 and the other IPv6.",
     "Give each listener its own port: EXTERNAL2 cannot have EXTERNAL's 39092."},
    {kListenerTwice, kError, "A listener is listed twice",
     "Kafka refuses to start; the case of the letters makes no difference.", "Keep one of them."},
    {kRelativeLogDirs, kWarning, "log.dirs is relative",
     "It is taken from wherever Kafka happens to be started: format and start, or two starts, use "
     "different folders.",
     "Write an absolute path."},
    {kLogDirsInTmp, kWarning, "Data in /tmp",
     "It is gone when the machine starts again. Without log.dirs Kafka uses /tmp/kafka-logs.",
     "Write log.dirs=/var/lib/kafka/data."},
    {kNotAVoter, kError, "A controller is not among the voters",
     "Kafka refuses to start: controller.quorum.voters must have the node's own id.",
     "Add ID@HOST:PORT of this node to controller.quorum.voters, in every file."},
    {kNoNodeId, kError, "node.id is missing",
     "Kafka refuses to start with process.roles and without node.id.",
     "Write node.id, a number that no other node has."},
    {kInterBrokerListener, kError, "Brokers are to talk over a listener that is not advertised",
     "Kafka refuses to start: inter.broker.listener.name must be in advertised.listeners.",
     "Write the name of the internal listener."},
    {kWildcardAdvertised, kError, "0.0.0.0 is advertised",
     "Kafka refuses to start. Without advertised.listeners it advertises listeners as they are.",
     "Advertise an address or a name that clients can reach."},
    {kAdvertisedNotOfTidbCloud, kError, "A name that is nearly one of TiDB Cloud's is advertised",
     "Kafka takes it without a word, and the changefeed cannot look it up.",
     "Copy the console's pattern, with the broker's label in front."},
    {kPropertyTwice, kWarning, "A property is given twice",
     "Java keeps the last one and forgets the others without a word.", "Keep one of them."},
    {kZooKeeper, kNote, "The node runs with ZooKeeper",
     "Without process.roles Kafka needs ZooKeeper, which Kafka 4 no longer supports. What only "
     "holds for KRaft was not checked.",
     "Nothing, if that is so; otherwise write process.roles."},
    {kMisspeltProperty, kWarning,
     "A property that Kafka does not know, nearly like one that it does",
     "Kafka ignores what it does not know, and uses the default of what was meant.",
     "Write the property that is suggested."},
    {kLabelOfOther, kWarning, "The label of another broker",
     "b2 on node 3 misleads whoever reads a log, and mostly comes with a copied port, too.",
     "Write b and the node's own id."},
    {kMessageBytesMax, kNote, "message.max.bytes limits what a changefeed can send",
     "TiCDC cuts its max-message-bytes, 10 MiB unless changed, to this value less 128 bytes.",
     "Raise message.max.bytes if rows can be larger."},
    {kMinInsyncReplicas, kNote,
     "min.insync.replicas asks for more replicas than a changefeed makes by default",
     "TiCDC refuses to start when its replication factor is below min.insync.replicas.",
     "Give the changefeed a replication factor of at least that number."},
    {kNodeIdDiffers, kError, "The file is another node's",
     "It was given for one node and says that it is another: what is compared, or rolled out, "
     "would be the wrong one.",
     "Give the file under the id that it has, or correct node.id."},
    {kNodeIdTwice, kError, "Two files have one node.id",
     "The second broker cannot join the cluster.", "Give every node its own node.id."},
    {kAdvertisedTwice, kError, "Two brokers advertise one port of the endpoint",
     "The port leads to one of them. Kafka does not compare brokers: both start, and half of the "
     "requests fail.",
     "Give every broker its own advertised port."},
    {kVotersDiffer, kError, "Files disagree on the controllers",
     "Nodes with different voters can elect two leaders, or none.",
     "Write the same controller.quorum.voters into every file."},
    {kListenersDiffer, kWarning, "A listener speaks otherwise on another node",
     "A client that could talk to one broker cannot talk to the next.",
     "Write the same protocol for the listener into every file."},
    {kNodeNotInPlan, kError, "A broker that the plan does not know",
     "Clients hear of every broker of the cluster, and no port leads to this one.",
     "Add it to cluster.nodes, and see that ports.ids has its id."},
    {kNodeWithoutFile, kWarning, "A node of the plan has no file here", "It was not checked.",
     "Give its file as well."},
    {kAdvertisedPortDiffers, kError, "A broker advertises another port than the plan gives it",
     "The endpoint's port leads to another broker, or to none. Clients see NOT_LEADER_OR_FOLLOWER "
     "or hang.",
     "Advertise the port of the plan."},
    {kAdvertisedNameDiffers, kError, "A broker advertises another name than the plan gives it",
     "Clients are told a name that leads somewhere else, or nowhere.",
     "Advertise the name of the plan."},
    {kExternalMissing, kError, "An external listener of the plan is not there",
     "The endpoint forwards to a port that nobody listens on, or clients are told no address for "
     "it.",
     "Add it to listeners, advertised.listeners and listener.security.protocol.map."},
    {kListenPortDiffers, kError,
     "The broker listens for an external listener on another port than the plan forwards to",
     "What arrives there is another listener, which answers with its own addresses, or nothing.",
     "Write the plan's listen_port into listeners, or correct it in the plan."},
    {kSecurityDiffers, kError, "A listener speaks otherwise than the plan says",
     "The changefeed is set up by the plan and cannot talk to the broker.",
     "Make the two the same."},
    {kInsideListenerDiffers, kWarning, "The internal listener is not where the plan says",
     "portway serve, the bastion and the firewall rules use the plan's name, port and protocol.",
     "Correct cluster.listeners in the plan, or the file."},
    {kAddressDiffers, kWarning, "The broker advertises another inside address than the plan has",
     "One of the two is out of date: the port mapping, the proxy or the firewall goes by the plan.",
     "Correct the node's address in the plan, or the file."},
    {kRolesDiffer, kWarning, "The node has other roles than the plan says",
     "The plan maps ports to brokers and counts controllers by it.",
     "Correct roles in the plan, or process.roles."},
    {kBrokerIdleLonger, kWarning, "The proxy closes silent connections before the broker would",
     "Clients rely on the broker's connections.max.idle.ms; one that writes into a closed "
     "connection fails.",
     "Write serve.idle_timeout above connections.max.idle.ms."},
    {kExternalNotInPlan, kWarning,
     "A listener with a name of TiDB Cloud that the plan does not have",
     "No port, firewall rule or consumer is planned for it.",
     "Add it to external_listeners, or take it out of the file."},
};

}  // namespace

std::span<const CheckInfo> properties_catalog() { return kCatalog; }

}  // namespace portway::plan
