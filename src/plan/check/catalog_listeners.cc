// PW101-PW139: external listeners and how portway serve runs for them.
#include "plan/check/catalog.h"

namespace portway::plan {
namespace {

using enum Check;
using enum Severity;

constexpr CheckInfo kCatalog[] = {
    {kNotOfTidbCloud, kError, "A name that is nearly one of TiDB Cloud's",
     "Only names of the generated pattern lead to the endpoint. Kafka takes tidbcloud.com.com and "
     "the like without a word; the changefeed cannot look it up.",
     "Copy the console's pattern, with b{id} in place of the broker's label."},
    {kCapitals, kError, "A name of TiDB Cloud has capitals",
     "The unique string and the labels are lower-case letters and digits. Kafka advertises "
     "capitals without a word.",
     "Write the whole name in lower case."},
    {kRegionDiffers, kError, "The name is of another region than the cloud",
     "The TiDB cluster, the endpoint and the service attachment must share a region: an endpoint "
     "cannot be made across regions.",
     "Take the pattern from a TiDB cluster in cloud.region, or correct cloud.region."},
    {kCloudDiffers, kError, "The name is of another cloud than cloud.provider",
     "TiDB Cloud resolves a name of one provider inside that provider only.",
     "Take the pattern from a TiDB cluster on the same provider, or correct cloud.provider."},
    {kUniqueShared, kError, "Two external listeners for different projects share a unique string",
     "TiDB Cloud gives a unique string to one project; in the other project the names lead "
     "nowhere.",
     "Let the second project generate its own pattern and write that as its advertise."},
    {kZoneLabel, kError, "The zone in the name is not what the provider needs",
     "On AWS the label before the unique string is the id of an availability zone (usw2-az1, not "
     "us-west-2a), and the name leads to that zone's endpoint only. Other providers have no such "
     "label.",
     "On AWS give the brokers of each zone an external listener whose name has that zone's id; "
     "elsewhere leave the label out."},
    {kNoConsumers, kWarning, "Nobody may connect",
     "An endpoint of a project that is not on the accept list stays PENDING until somebody accepts "
     "it by hand; the changefeed waits and then fails.",
     "Write consumers: [PROJECT], the Google Cloud project that the TiDB Cloud console shows."},
    {kTooManyEndpoints, kError, "One project needs more than five endpoints",
     "TiDB Cloud takes at most five private endpoints for one service attachment in one VPC, and "
     "each pattern needs one.",
     "Let several changefeeds share an external listener, or use both methods, which have one "
     "attachment each."},
    {kNodeUnmapped, kError, "A broker has no client port",
     "Its partitions would be advertised at an address that nothing forwards: with the port "
     "mapping, clients learn of every broker and hang on this one.",
     "Widen ports.ids so that the broker's id is inside, or give it a port under brokers."},
    {kNodeUnplaced, kWarning, "A broker has no place behind the proxy",
     "It is left out of what clients are told, so that its partitions cannot be written or read "
     "through the endpoint.",
     "Widen ports.ids so that the broker's id is inside, or give it a port under brokers."},
    {kNoRoom, kNote, "There is no place for one more broker",
     "A broker that joins has no port until this file is changed and rolled out.",
     "Let ports.ids have some ids more than there are brokers."},
    {kNoNodesToMap, kError, "A port mapping without nodes",
     "A port mapping NEG names the VM behind every port; without nodes there is nothing to map.",
     "List the brokers under cluster.nodes with id, address, zone and instance."},
    {kLowPort, kWarning, "A port below 1024 is to be bound",
     "Linux lets only root, or a process with CAP_NET_BIND_SERVICE, bind it; started as anyone "
     "else the process ends.",
     "Use a port from 1024 on."},
    {kEphemeralPort, kNote, "Ports that Linux also gives to outgoing connections",
     "A connection that portway serve makes to a broker may hold such a port when it restarts, and "
     "the bind fails until it is gone.",
     "Use ports below 32768, or take them out of net.ipv4.ip_local_port_range."},
    {kBootstrapIsExternal, kError, "The proxy is to ask an external listener",
     "An external listener advertises the endpoint's names: the proxy would learn its own address "
     "for every broker.",
     "Write the port of the internal listener."},
    {kTlsOnManagedName, kWarning, "TLS under a name of tidbcloud.com",
     "Clients check the certificate against the name they dialled, and no public authority gives "
     "you a certificate for a name of tidbcloud.com; TiDB Cloud takes no certificate of your own "
     "authority.",
     "Use a custom domain with a public certificate, or speak SASL_PLAINTEXT with SCRAM inside the "
     "private endpoint."},
    {kPasswordInClear, kWarning, "SASL/PLAIN without TLS",
     "PLAIN sends the password as it is: every hop between client and broker can read it.",
     "Write sasl_mechanisms: [SCRAM-SHA-512], which never sends the password."},
    {kNoAuthentication, kNote, "A listener without authentication",
     "Whoever may connect an endpoint may read and write every topic; the console of the "
     "changefeed must then say no authentication, too.",
     "Write security: SASL_PLAINTEXT and sasl_mechanisms: [SCRAM-SHA-512] if that is too open."},
    {kSaslWithoutMechanism, kWarning, "SASL without a mechanism",
     "Kafka then offers GSSAPI only (sasl.enabled.mechanisms), and clients with a password cannot "
     "log in.",
     "Write for example sasl_mechanisms: [SCRAM-SHA-512]."},
    {kMechanismWithoutSasl, kWarning, "Mechanisms on a listener without SASL",
     "They have no effect: clients are let in without a password.",
     "Write security: SASL_PLAINTEXT, or leave sasl_mechanisms out."},
    {kMechanismNotOffered, kError, "TiDB Cloud offers none of the mechanisms",
     "A changefeed can log in by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 only.",
     "Add SCRAM-SHA-512 to sasl_mechanisms."},
    {kProxyCannotReadTls, kError, "TLS through the proxy",
     "portway serve puts its own addresses into the brokers' answers; what is encrypted between "
     "client and broker it can neither read nor change.",
     "Write a listener without TLS as the internal one, or use the method port-mapping."},
    {kSecurityDiffersInside, kError,
     "A proxied listener speaks otherwise than the brokers behind it",
     "portway serve passes the client's bytes to the internal listener: security and logins are "
     "the brokers'.",
     "Leave security out of the external listener, or change cluster.listeners.internal.security."},
    {kAdvertisedNotBound, kError, "Clients are told other ports than the proxy binds",
     "Google Cloud's passthrough load balancer hands packets on with the port that they have: "
     "nothing listens on the port that clients dial.",
     "Leave advertised_first and advertised_port out, and let first be the port that clients are "
     "told."},
    {kIdleTimeoutShort, kWarning, "Silent connections are closed earlier than brokers would",
     "A changefeed with nothing to send finds its connection gone; TiCDC v7.5.6 to v8.5.6 does not "
     "try again, and the changefeed restarts.",
     "Write serve.idle_timeout: 30m, at least 10m."},
    {kKeepAliveLong, kWarning, "TCP keep-alive comes too late",
     "Load balancers and the VPC forget silent connections (Google Cloud after 10 minutes, AWS "
     "after 350 seconds, Azure after 4 minutes); the next request then hangs or is reset.",
     "Write serve.keep_alive: 60s."},
    {kDrainNoticeShort, kWarning, "The proxy stops before the load balancer can notice",
     "Connections that arrive between the last good health check and the next are refused: clients "
     "see errors at every rollout.",
     "Write serve.drain_notice: 5s or more."},
    {kAdminOff, kError, "No health check can be answered",
     "The load balancer asks /readyz; without an answer it counts every proxy as broken.",
     "Write serve.admin: 0.0.0.0:9080."},
    {kAdminLoopback, kNote, "Health checks come from outside this machine",
     "A health check to a loopback address is never answered. Rendered files listen on 0.0.0.0 at "
     "the same port instead; a proxy that is started with this file as it is does not.",
     "Write serve.admin: 0.0.0.0:9080."},
    {kConnectionsMaxUnreachable, kWarning, "A limit that another one makes unreachable",
     "The process refuses connections before the external listener reaches its own limit.",
     "Lower it, or raise serve.connections_max."},
    {kRequestTooSmall, kWarning, "Requests of a changefeed may be refused",
     "A changefeed sends up to max-message-bytes, 10 MiB unless changed, in one request; a larger "
     "one than request_bytes_max closes its connection.",
     "Write serve.request_bytes_max: 100MiB, or lower max-message-bytes, too."},
    {kNeededApiForbidden, kError,
     "A request is forbidden without which a changefeed does not start",
     "TiCDC looks at the versions, asks for metadata and the brokers' configuration, logs in and "
     "produces; a refused request ends it.",
     "Leave that request out of serve.forbidden_api_keys."},
    {kListenNotEverywhere, kWarning, "The proxy listens on some addresses only",
     "A passthrough load balancer hands packets on with its own address as the destination; a "
     "socket bound to another one never gets them.",
     "Write serve.listen: 0.0.0.0."},
};

}  // namespace

std::span<const CheckInfo> listener_catalog() { return kCatalog; }

}  // namespace portway::plan
