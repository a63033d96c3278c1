#include "plan/spec_fields.h"

#include <fmt/format.h>

#include "plan/values.h"

namespace portway::plan {
namespace {

using enum FieldType;

constexpr bool kRequired = true;
constexpr bool kOptional = false;

constexpr int64_t kSecond = 1000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kKiB = 1024;
constexpr int64_t kMiB = 1024 * kKiB;
constexpr int64_t kFrameMax = 2'147'483'647;  // Kafka's frame size is a signed 32-bit number

constexpr Field kFields[] = {
    {"cluster", kMapping, kRequired, "", 0, 0, "", "The Kafka cluster behind Portway.", ""},
    {"cluster.name", kText, kOptional, "kafka", 1, kNameLengthMax, "",
     "What logs, metrics and the status page call the cluster.", "orders"},
    {"cluster.bootstrap", kTexts, kOptional, "", 1, kBootstrapServersMax, "",
     "Brokers, as host:port reached from Portway, to learn all the others from; the inside "
     "addresses of nodes unless given.",
     "[\"10.64.0.2:9092\", \"10.64.0.3:9092\", \"10.64.0.4:9092\"]"},
    {"cluster.kafka_version", kText, kOptional, "4.3.0", 1, 16, "version",
     "The brokers' version of Apache Kafka, for rendered files and commands.", "3.7.1"},
    {"cluster.new", kFlag, kOptional, "false", 0, 0, "",
     "true: the rendered files set the cluster up; false: it runs already.", "true"},
    {"cluster.id", kText, kOptional, "", 22, 22, "cluster id",
     "The KRaft cluster id of a new cluster; portway init writes a random one. Without it, one is "
     "worked out from the cluster's name, the project and the network.",
     "q1Sh-9_ISia_zwGINzRvyQ"},
    {"cluster.log_dirs", kText, kOptional, "/var/lib/kafka/data", 2, 200, "absolute path",
     "Where a new cluster's brokers keep their data.", "/data/kafka"},
    {"cluster.nodes", kMappings, kOptional, "", 0, kNodesMax, "",
     "The Kafka nodes there are. serve does without: it asks the brokers. Rendered files and "
     "checks "
     "need them.",
     ""},
    {"cluster.nodes[].id", kNumber, kRequired, "", 0, 2'147'483'647, "",
     "node.id, the broker's id.", "1"},
    {"cluster.nodes[].address", kText, kRequired, "", 1, 253, "",
     "The node's inside address, a host name or an IP address.", "10.64.0.2"},
    {"cluster.nodes[].zone", kText, kOptional, "", 1, 63, "zone",
     "The zone of its VM; a new cluster's nodes take turns in cloud.zones unless given.",
     "us-west1-a"},
    {"cluster.nodes[].instance", kText, kOptional, "", 1, 63, "resource name",
     "The name of its VM; broker-node and the id unless given.", "broker-node1"},
    {"cluster.nodes[].roles", kTexts, kOptional, "[broker, controller]", 1, 2, "role",
     "process.roles.", "[broker]"},
    {"cluster.listeners", kMapping, kOptional, "", 0, 0, "",
     "The brokers' listeners that only the inside uses.", ""},
    {"cluster.listeners.internal", kMapping, kOptional, "", 0, 0, "",
     "The listener for brokers among themselves, for inside clients, and for portway serve.", ""},
    {"cluster.listeners.internal.name", kText, kOptional, "INTERNAL", 1, kNameLengthMax,
     "listener name", "Its name in server.properties.", "PLAINTEXT"},
    {"cluster.listeners.internal.port", kPort, kOptional, "9092", 1, 65535, "", "Its port.",
     "9092"},
    {"cluster.listeners.internal.security", kChoice, kOptional, "PLAINTEXT", 0, 0,
     "PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL", "Its security protocol.", "SASL_PLAINTEXT"},
    {"cluster.listeners.controller", kMapping, kOptional, "", 0, 0, "",
     "The listener of the KRaft controllers.", ""},
    {"cluster.listeners.controller.name", kText, kOptional, "CONTROLLER", 1, kNameLengthMax,
     "listener name", "Its name in server.properties.", "CONTROLLER"},
    {"cluster.listeners.controller.port", kPort, kOptional, "29092", 1, 65535, "", "Its port.",
     "9093"},
    {"cluster.listeners.controller.security", kChoice, kOptional, "PLAINTEXT", 0, 0,
     "PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL", "Its security protocol.", "SSL"},

    {"external_listeners", kMappings, kRequired, "", 1, kExternalListenersMax, "",
     "One entry for each kind of client that sees the brokers under names and ports of its own.",
     ""},
    {"external_listeners[].name", kText, kRequired, "", 1, kNameLengthMax, "listener name",
     "The external listener's name in logs, metrics and rendered files: letters, digits, hyphens "
     "and underscores.",
     "EXTERNAL"},
    {"external_listeners[].advertise", kText, kRequired, "", 1, 253, "",
     "The host name that clients are told; {id} stands for the broker's id, and without it all "
     "brokers share the name.",
     "\"b{id}.abc.us-west1.gcp.3199745.tidbcloud.com\""},
    {"external_listeners[].ports", kOneOrMoreMappings, kOptional, "", 0, 0, "",
     "Which broker stands behind which port: one block or a list of blocks with ids that do not "
     "overlap.",
     "{first: 9092, ids: 1-64}"},
    {"external_listeners[].ports[].first", kPort, kRequired, "", 1, 65535, "",
     "The port of the block's lowest broker id; every other id follows at its distance: port = "
     "first + (id - lowest id).",
     "9092"},
    {"external_listeners[].ports[].ids", kIds, kRequired, "", 0, 2'147'483'647, "",
     "The broker ids that have a place in this block, brokers to come included.", "1-64"},
    {"external_listeners[].ports[].advertised_first", kPort, kOptional, "", 1, 65535, "",
     "The same as first, for the ports that clients are told, where something between them and "
     "Portway changes ports; first unless given.",
     "19092"},
    {"external_listeners[].brokers", kBrokers, kOptional, "", 0, 0, "",
     "Ports of single brokers, instead of the one that ports gives them or in addition to it.",
     "{7: 9192, 8: {port: 9193, advertised_port: 19193}}"},
    {"external_listeners[].brokers[].port", kPort, kRequired, "", 1, 65535, "",
     "The broker's port.", "9192"},
    {"external_listeners[].brokers[].advertised_port", kPort, kOptional, "", 1, 65535, "",
     "The port that clients are told; the broker's port unless given.", "19192"},
    {"external_listeners[].bootstrap_port", kPort, kOptional, "", 1, 65535, "",
     "A port behind which any live broker answers, for clients' bootstrap lists.", "9091"},
    {"external_listeners[].connections_max", kNumber, kOptional, "0", 0, 1'000'000, "",
     "Client connections that this external listener may have at once; 0: only the limit of the "
     "process.",
     "200"},

    {"external_listeners[].method", kChoice, kOptional, "proxy", 0, 0, "proxy|port-mapping",
     "How its clients reach the brokers. proxy: through portway serve, brokers need no change. "
     "port-mapping: through a port mapping NEG of Google Cloud, brokers advertise the ports.",
     "port-mapping"},
    {"external_listeners[].listen_port", kPort, kOptional, "39092", 1, 65535, "",
     "With port-mapping: the port that every broker binds for this external listener.", "39093"},
    {"external_listeners[].security", kChoice, kOptional, "", 0, 0,
     "PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL",
     "Its security protocol. With port-mapping PLAINTEXT unless given; with proxy always that of "
     "the internal listener, which clients then speak to.",
     "SASL_PLAINTEXT"},
    {"external_listeners[].sasl_mechanisms", kTexts, kOptional, "[]", 0, 8, "sasl mechanism",
     "With SASL: what clients may authenticate by.", "[SCRAM-SHA-512]"},
    {"external_listeners[].consumers", kTexts, kOptional, "[]", 0, kConsumersMax, "project",
     "The Google Cloud projects that may connect to the service attachment.",
     "[tidbcloud-prod-000]"},
    {"external_listeners[].connection_limit", kNumber, kOptional, "10", 1, 1'000'000, "",
     "The endpoints that each of these projects may connect.", "5"},

    {"serve", kMapping, kOptional, "", 0, 0, "",
     "How the proxy runs. Every field has a default, and so has the whole block.", ""},
    {"serve.listen", kTexts, kOptional, "0.0.0.0", 1, kListenAddressesMax, "",
     "The IP addresses of this machine to listen on; every port is bound on each of them.",
     "[\"0.0.0.0\", \"::\"]"},
    {"serve.admin", kAddress, kOptional, "127.0.0.1:9080", 1, 65535, "off",
     "Where /livez, /readyz, /metrics and /status answer, as address:port of this machine; off: "
     "nowhere.",
     "0.0.0.0:9080"},
    {"serve.workers", kNumber, kOptional, "auto", 1, 256, "auto",
     "Threads that move bytes; auto: one per usable core.", "4"},
    {"serve.log_format", kChoice, kOptional, "logfmt", 0, 0, "logfmt|json",
     "How log lines on standard error are written.", "json"},
    {"serve.log_level", kChoice, kOptional, "info", 0, 0, "debug|info|warning|error",
     "The least important log lines that are written.", "warning"},
    {"serve.client_id", kText, kOptional, "portway", 1, 249, "",
     "The client id of Portway's own requests to brokers, as broker logs and quotas see it.",
     "portway-eu"},
    {"serve.keep_alive", kDuration, kOptional, "60s", 0, 2 * kHour, "",
     "Idle time after which TCP keep-alive probes start, towards clients and brokers; 0: none.",
     "30s"},
    {"serve.dial_timeout", kDuration, kOptional, "10s", 100, 5 * 60 * kSecond, "",
     "How long connecting to a broker may take before the client's connection is closed.", "3s"},
    {"serve.first_byte_timeout", kDuration, kOptional, "60s", 0, kDay, "",
     "How long a client may stay connected without sending anything; 0: for ever.", "10s"},
    {"serve.idle_timeout", kDuration, kOptional, "30m", 0, kDay, "",
     "How long a connection may be silent in both directions after its first byte; 0: for ever. "
     "Keep it above the brokers' connections.max.idle.ms (10 minutes unless changed).",
     "15m"},
    {"serve.drain_notice", kDuration, kOptional, "5s", 0, kHour, "",
     "On SIGTERM, the time from /readyz failing until no new connection is taken, for a load "
     "balancer to notice.",
     "20s"},
    {"serve.drain_timeout", kDuration, kOptional, "30s", 0, kDay, "",
     "After that, the time that requests in flight have to be answered before connections are cut.",
     "60s"},
    {"serve.topology_refresh", kDuration, kOptional, "30s", kSecond, kHour, "",
     "How often Portway asks the brokers which brokers there are.", "10s"},
    {"serve.connections_max", kNumber, kOptional, "10000", 1, 1'000'000, "",
     "Client connections at once, over all external listeners.", "500"},
    {"serve.requests_in_flight_max", kNumber, kOptional, "256", 1, 65536, "",
     "Unanswered requests of one connection; further ones wait in the client's socket.", "64"},
    {"serve.request_bytes_max", kSize, kOptional, "100MiB", kKiB, kFrameMax, "",
     "The largest request; the brokers' socket.request.max.bytes has the same default.", "16MiB"},
    {"serve.response_bytes_max", kSize, kOptional, "1GiB", kKiB, kFrameMax, "",
     "The largest response.", "256MiB"},
    {"serve.splice_bytes_min", kSize, kOptional, "32KiB", 0, kFrameMax, "",
     "Bodies of this size and above move inside the kernel by splice(2), smaller ones by copy; 0: "
     "always by copy.",
     "64KiB"},
    {"serve.receive_buffer_bytes", kSize, kOptional, "0", 0, 256 * kMiB, "",
     "SO_RCVBUF of every connection; 0: the system's own choice, which adapts.", "1MiB"},
    {"serve.send_buffer_bytes", kSize, kOptional, "0", 0, 256 * kMiB, "",
     "SO_SNDBUF of every connection; 0: the system's own choice, which adapts.", "1MiB"},
    {"serve.forbidden_api_keys", kTexts, kOptional, "[]", 0, 128, "",
     "Kafka requests that clients may not make, by name or api key.", "[DeleteTopics, 37]"},

    {"cloud", kMapping, kOptional, "", 0, 0, "",
     "Where the endpoint is made. serve does without it; rendered files and checks need it.", ""},
    {"cloud.provider", kChoice, kOptional, "gcp", 0, 0, "gcp|aws|azure",
     "The cloud. Files are rendered for gcp; plan and check know the limits of the others.", "gcp"},
    {"cloud.project", kText, kRequired, "", 1, 63, "project",
     "The Google Cloud project of the cluster and its service attachment.", "my-kafka-project"},
    {"cloud.region", kText, kRequired, "", 1, 63, "zone",
     "The region: that of the consumers, since endpoint and service attachment share it.",
     "us-west1"},
    {"cloud.zones", kTexts, kOptional, "[]", 0, kZonesMax, "zone",
     "The zones of brokers and proxies; the nodes' zones, or -a, -b and -c of the region, unless "
     "given.",
     "[us-west1-a, us-west1-b, us-west1-c]"},
    {"cloud.network", kText, kOptional, "kafka-vpc", 1, 63, "resource name", "The VPC network.",
     "kafka-vpc"},
    {"cloud.network_existing", kFlag, kOptional, "false", 0, 0, "",
     "true: the network is there already; false: the rendered files make it.", "true"},
    {"cloud.subnet", kMapping, kOptional, "", 0, 0, "",
     "The subnet of the brokers, of the load balancers' addresses and of the proxies.", ""},
    {"cloud.subnet.name", kText, kOptional, "brokers-subnet", 1, 63, "resource name", "Its name.",
     "brokers-subnet"},
    {"cloud.subnet.range", kRange, kOptional, "10.64.0.0/18", 0, 0, "", "Its addresses.",
     "10.64.0.0/24"},
    {"cloud.subnet.existing", kFlag, kOptional, "false", 0, 0, "",
     "true: it is there already; false: the rendered files make it.", "true"},
    {"cloud.global_access", kFlag, kOptional, "false", 0, 0, "",
     "Whether consumers in other regions may be let in (global access of the forwarding rules).",
     "true"},
    {"cloud.node_machine_type", kText, kOptional, "e2-medium", 1, 63, "machine type",
     "The machine type of a new cluster's nodes.", "e2-standard-4"},
    {"cloud.node_disk_gb", kNumber, kOptional, "50", 10, 65536, "",
     "The disk of a new cluster's nodes, in GB.", "500"},
    {"cloud.bastion", kMapping, kOptional, "", 0, 0, "",
     "The host from which a new cluster is set up and tested.", ""},
    {"cloud.bastion.wanted", kFlag, kOptional, "true", 0, 0, "", "Whether there is to be one.",
     "false"},
    {"cloud.bastion.name", kText, kOptional, "bastion-node", 1, 63, "resource name",
     "Its VM's name.", "bastion-node"},
    {"cloud.bastion.zone", kText, kOptional, "", 1, 63, "zone",
     "Its zone; the first of zones unless given.", "us-west1-a"},
    {"cloud.bastion.machine_type", kText, kOptional, "e2-medium", 1, 63, "machine type",
     "Its machine type.", "e2-small"},
    {"cloud.bastion.subnet", kText, kOptional, "bastion-subnet", 1, 63, "resource name",
     "Its subnet's name.", "bastion-subnet"},
    {"cloud.bastion.range", kRange, kOptional, "10.0.0.0/18", 0, 0, "", "Its subnet's addresses.",
     "10.0.0.0/28"},
    {"cloud.port_mapping", kMapping, kOptional, "", 0, 0, "",
     "What is made for external listeners with the method port-mapping.", ""},
    {"cloud.port_mapping.network_endpoint_group", kText, kOptional, "kafka-neg", 1, 63,
     "resource name", "The port mapping NEG.", "kafka-neg"},
    {"cloud.port_mapping.load_balancer", kText, kOptional, "kafka-lb", 1, 63, "resource name",
     "The internal passthrough load balancer: its backend service and its forwarding rule.",
     "kafka-lb"},
    {"cloud.port_mapping.service_attachment", kText, kOptional, "kafka-psc", 1, 63, "resource name",
     "The service attachment.", "kafka-psc"},
    {"cloud.port_mapping.firewall_rule", kText, kOptional, "allow-psc-traffic", 1, 63,
     "resource name", "The firewall rule that lets the NAT subnet in.", "allow-psc-traffic"},
    {"cloud.port_mapping.nat_subnet", kText, kOptional, "psc-subnet", 1, 63, "resource name",
     "The NAT subnet of the service attachment.", "psc-subnet"},
    {"cloud.port_mapping.nat_range", kRange, kOptional, "10.100.0.0/26", 0, 0, "",
     "Its addresses: one for each connected endpoint, four are lost.", "10.100.0.0/28"},
    {"cloud.proxy", kMapping, kOptional, "", 0, 0, "",
     "What is made for external listeners with the method proxy.", ""},
    {"cloud.proxy.instance_group", kText, kOptional, "kafka-proxy-ig", 1, 63, "resource name",
     "The regional managed instance group of portway serve.", "kafka-proxy-ig"},
    {"cloud.proxy.instance_template", kText, kOptional, "kafka-proxy-tpl", 1, 50, "resource name",
     "The instance template; a mark of its content is added to the name.", "kafka-proxy-tpl"},
    {"cloud.proxy.load_balancer", kText, kOptional, "kafka-proxy-lb", 1, 63, "resource name",
     "The internal passthrough load balancer: its backend service and its forwarding rule.",
     "kafka-proxy-lb"},
    {"cloud.proxy.health_check", kText, kOptional, "kafka-proxy-hc", 1, 63, "resource name",
     "The health check, which asks /readyz.", "kafka-proxy-hc"},
    {"cloud.proxy.service_attachment", kText, kOptional, "kafka-proxy-psc", 1, 63, "resource name",
     "The service attachment.", "kafka-proxy-psc"},
    {"cloud.proxy.firewall_rule", kText, kOptional, "allow-proxy-psc-traffic", 1, 63,
     "resource name", "The firewall rule that lets the NAT subnet in.", "allow-proxy-psc-traffic"},
    {"cloud.proxy.nat_subnet", kText, kOptional, "proxy-psc-subnet", 1, 63, "resource name",
     "The NAT subnet of the service attachment.", "proxy-psc-subnet"},
    {"cloud.proxy.nat_range", kRange, kOptional, "10.100.0.64/26", 0, 0, "",
     "Its addresses: one for each connected endpoint, four are lost.", "10.100.0.64/28"},
    {"cloud.proxy.machine_type", kText, kOptional, "e2-medium", 1, 63, "machine type",
     "The machine type of the proxies.", "e2-standard-2"},
    {"cloud.proxy.replicas_min", kNumber, kOptional, "2", 1, 2000, "",
     "The proxies that run at least.", "3"},
    {"cloud.proxy.replicas_max", kNumber, kOptional, "6", 1, 2000, "",
     "The proxies that run at most.", "10"},
    {"cloud.proxy.binary", kText, kOptional, "", 1, 500, "file address",
     "Where a new proxy VM gets the portway executable.", "gs://my-bucket/portway-0.1.0"},
    {"cloud.proxy.binary_sha256", kText, kOptional, "", 64, 64, "sha-256",
     "The SHA-256 of that file; another file is refused.",
     "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},

    {"kubernetes", kMapping, kOptional, "", 0, 0, "",
     "The proxy fleet on Google Kubernetes Engine instead of VMs.", ""},
    {"kubernetes.namespace", kText, kOptional, "portway", 1, 63, "dns label", "The namespace.",
     "kafka"},
    {"kubernetes.name", kText, kOptional, "portway", 1, 40, "resource name",
     "The name of the Deployment and all that belongs to it.", "portway"},
    {"kubernetes.image", kText, kRequired, "", 1, 300, "image",
     "The container image that holds portway.",
     "us-west1-docker.pkg.dev/my-kafka-project/portway/portway:0.1.0"},
    {"kubernetes.replicas_min", kNumber, kOptional, "3", 1, 1000, "", "The pods that run at least.",
     "3"},
    {"kubernetes.replicas_max", kNumber, kOptional, "6", 1, 1000, "", "The pods that run at most.",
     "10"},
};

// The forms that texts may be bound to.
constexpr TextForm kForms[] = {
    {"resource name", "[a-z]([-a-z0-9]{0,61}[a-z0-9])?",
     "lower-case letters, digits and hyphens, a letter first, no hyphen last"},
    {"dns label", "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
     "lower-case letters, digits and hyphens, no hyphen first or last"},
    {"project", "([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]|[0-9]{1,19}",
     "a project id: 6 to 30 lower-case letters, digits and hyphens, a letter first"},
    {"zone", "[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters and digits with hyphens between them"},
    {"machine type", "[a-z][a-z0-9]*(-[a-z0-9]+)*",
     "lower-case letters and digits with hyphens between them"},
    {"version", "[0-9]{1,3}\\.[0-9]{1,3}(\\.[0-9]{1,3})?", "two or three numbers with dots"},
    {"cluster id", "[A-Za-z0-9_-]{22}",
     "22 characters of base64url, as kafka-storage.sh random-uuid prints"},
    {"absolute path", "(/[A-Za-z0-9._-]+)+",
     "an absolute path of letters, digits, dots, hyphens and underscores"},
    {"listener name", "[A-Za-z0-9_-]+", "letters, digits, hyphens and underscores"},
    {"role", "broker|controller", "broker or controller"},
    {"sasl mechanism", "PLAIN|SCRAM-SHA-256|SCRAM-SHA-512|OAUTHBEARER|GSSAPI",
     "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or GSSAPI"},
    {"file address", "(gs|https)://[A-Za-z0-9._~/%+=:@-]+",
     "gs://bucket/name or https://host/path"},
    {"sha-256", "[0-9a-f]{64}", "64 hexadecimal digits in lower case"},
    {"image", "[a-z0-9][a-z0-9._/:@-]*", "a container image with its tag or digest"},
};

std::string_view parent_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view key_of(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::string or_words(std::string_view choices) {
  return choices.empty() ? "" : fmt::format(", or {}", choices);
}

std::string form_words(const Field& field) {
  const TextForm* form = text_form(field);
  return form == nullptr ? std::string() : fmt::format(" ({})", form->words);
}

}  // namespace

std::span<const Field> spec_fields() { return kFields; }

const Field* find_field(std::string_view path) {
  for (const Field& field : kFields) {
    if (field.path == path) return &field;
  }
  return nullptr;
}

std::vector<std::string_view> keys_below(std::string_view parent) {
  std::vector<std::string_view> keys;
  for (const Field& field : kFields) {
    if (parent_of(field.path) == parent) keys.push_back(key_of(field.path));
  }
  return keys;
}

std::string_view section_with(std::string_view key) {
  for (const Field& field : kFields) {
    if (key_of(field.path) == key) return parent_of(field.path);
  }
  return {};
}

const TextForm* text_form(const Field& field) {
  if (field.type != kText && field.type != kTexts) return nullptr;
  for (const TextForm& form : kForms) {
    if (form.name == field.choices) return &form;
  }
  return nullptr;
}

std::string bound_text(const Field& field, int64_t bound) {
  if (field.type == kDuration) return duration_text(bound);
  if (field.type == kSize) return bound == kFrameMax ? "2147483647 (2 GiB)" : size_text(bound);
  return std::to_string(bound);
}

std::string expected_value(const Field& field) {
  const auto bounded = [&field](std::string_view what) {
    return fmt::format("{} from {} to {}, such as {}{}", what, bound_text(field, field.least),
                       bound_text(field, field.most), field.example, or_words(field.choices));
  };
  switch (field.type) {
    case kNumber:
      return bounded("a number");
    case kPort:
      return bounded("a port");
    case kDuration:
      return bounded("a duration");
    case kSize:
      return bounded("a size");
    case kChoice:
      return fmt::format("one of {}", field.choices);
    case kAddress:
      return fmt::format("address:port, such as {}{}", field.example, or_words(field.choices));
    case kTexts:
      return fmt::format("a value or a list of {} to {}, such as {}{}", field.least, field.most,
                         field.example, form_words(field));
    case kIds:
      return "broker ids from 0 to 2147483647, such as 7, 1-64 or 1-3,101-103";
    case kText:
      return fmt::format("text of {} to {} characters, such as {}{}", field.least, field.most,
                         field.example, form_words(field));
    case kFlag:
      return "true or false";
    case kRange:
      return fmt::format("an IPv4 range whose first address it names, such as {}", field.example);
    case kMapping:
      return "a block of keys and values";
    case kBrokers:
      return fmt::format("broker ids with their ports, such as {}", field.example);
    case kMappings:
      return "a list of blocks, each starting with a hyphen";
    case kOneOrMoreMappings:
      return fmt::format("a block such as {}, or a list of them", field.example);
  }
  return {};
}

std::optional<int64_t> parse_quantity(const Field& field, std::string_view text) {
  if (field.type == kDuration) return parse_duration_ms(text);
  if (field.type == kSize) return parse_size_bytes(text);
  return parse_number(text);
}

}  // namespace portway::plan
