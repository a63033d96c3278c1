#include "plan/any_spec.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "plan/spec_defaults.h"

namespace portway::plan {
namespace {

template <typename... Values>
std::string one_of(Values... values) {
  return *rc::gen::element(std::string(values)...);
}

uint16_t one_port(int a, int b) { return static_cast<uint16_t>(*rc::gen::element(a, b)); }

PortBlock any_block(int port, int32_t& next_id, bool moved) {
  PortBlock block;
  block.first = static_cast<uint16_t>(port);
  block.advertised_first = moved ? one_port(port, port + 20'000) : block.first;
  const auto ranges = *rc::gen::inRange(1, 4);
  for (int i = 0; i < ranges; ++i) {
    const int32_t last = next_id + *rc::gen::inRange(0, 20);
    block.ids.push_back({next_id, last});
    next_id = last + *rc::gen::inRange(1, 20);
  }
  return block;
}

void make_port_mapping(ExternalListenerSpec& listener, int first_port) {
  listener.method = Method::kPortMapping;
  listener.listen_port = static_cast<uint16_t>(39'000 + first_port / 1000);
  listener.security = *rc::gen::element(Security::kPlaintext, Security::kSaslSsl);
  listener.sasl_mechanisms = {"SCRAM-SHA-512"};
  if (*rc::gen::arbitrary<bool>()) listener.consumers = {"tidbcloud-prod-000", "x.com:others"};
  listener.connection_limit = *rc::gen::element(1u, 10u);
}

// Takes ports from first_port to first_port + 999 only.
ExternalListenerSpec any_listener(int first_port) {
  ExternalListenerSpec listener = default_external_listener();
  if (*rc::gen::arbitrary<bool>()) make_port_mapping(listener, first_port);
  listener.name = fmt::format("EXTERNAL{}", first_port);
  listener.advertise = one_of("b{id}.example.com", "{id}.x.y", "{id}-a");
  const bool is_proxy = listener.method == Method::kProxy;
  int port = first_port;
  int32_t next_id = *rc::gen::inRange(0, 1'000'000);
  const auto blocks = *rc::gen::inRange(0, 4);
  for (int i = 0; i < blocks; ++i) {
    const int32_t lowest = next_id;
    listener.ports.push_back(any_block(port, next_id, is_proxy));
    port += next_id - lowest;
  }
  const auto exceptions = *rc::gen::inRange(blocks == 0 ? 1 : 0, 4);
  for (int i = 0; i < exceptions; ++i) {
    BrokerException& exception = listener.brokers[next_id++];
    exception.port = static_cast<uint16_t>(port++);
    exception.advertised_port = is_proxy ? one_port(exception.port, 443) : exception.port;
  }
  if (is_proxy && *rc::gen::arbitrary<bool>())
    listener.bootstrap_port = static_cast<uint16_t>(port);
  listener.connections_max = *rc::gen::element(0u, 7u);
  return listener;
}

ServeSpec any_serve() {
  ServeSpec serve;
  serve.listen = {one_of("0.0.0.0", "10.0.0.1")};
  if (*rc::gen::arbitrary<bool>()) serve.listen.push_back("::1");
  if (*rc::gen::arbitrary<bool>()) serve.admin = HostPort{"::", 9080};
  serve.workers = *rc::gen::inRange(0u, 257u);
  serve.log_format = one_of("logfmt", "json");
  serve.log_level = one_of("debug", "info", "warning", "error");
  serve.client_id = one_of("portway", "\"", "\xc3\xbc \xe2\x82\xac");
  serve.keep_alive_ms = *rc::gen::inRange(0u, 7'200'001u);
  serve.dial_timeout_ms = *rc::gen::inRange(100u, 300'001u);
  serve.first_byte_timeout_ms = *rc::gen::inRange(0u, 86'400'001u);
  serve.idle_timeout_ms = *rc::gen::inRange(0u, 86'400'001u);
  serve.drain_notice_ms = *rc::gen::inRange(0u, 3'600'001u);
  serve.drain_timeout_ms = *rc::gen::inRange(0u, 86'400'001u);
  serve.topology_refresh_ms = *rc::gen::inRange(1000u, 3'600'001u);
  serve.connections_max = *rc::gen::inRange(1u, 1'000'001u);
  serve.requests_in_flight_max = *rc::gen::inRange(1u, 65'537u);
  serve.request_bytes_max = *rc::gen::inRange(1024u, 2'147'483'648u);
  serve.response_bytes_max = *rc::gen::inRange(1024u, 2'147'483'648u);
  serve.splice_bytes_min = *rc::gen::inRange(0u, 2'147'483'648u);
  serve.receive_buffer_bytes = *rc::gen::inRange(0u, 268'435'457u);
  serve.send_buffer_bytes = *rc::gen::inRange(0u, 268'435'457u);
  serve.forbidden_api_keys =
      *rc::gen::unique<std::vector<int16_t>>(rc::gen::inRange<int16_t>(0, 100));
  return serve;
}

void add_nodes(ClusterSpec& cluster) {
  cluster.kafka_version = one_of("4.3.0", "3.7.1");
  cluster.is_new = *rc::gen::arbitrary<bool>();
  cluster.id = one_of("", "q1Sh-9_ISia_zwGINzRvyQ");
  cluster.internal.port = one_port(9092, 9192);
  cluster.controller.name = one_of("CONTROLLER", "C2");
  const auto count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    NodeSpec node{i * 3,
                  fmt::format("10.64.0.{}", i + 2),
                  one_of("us-west1-a", "us-west1-b"),
                  fmt::format("n{}", i),
                  true,
                  true};
    if (*rc::gen::arbitrary<bool>()) node.is_controller = false;
    cluster.nodes.push_back(node);
  }
}

CloudSpec any_cloud() {
  CloudSpec cloud;
  cloud.project = "my-kafka-project";
  cloud.region = "us-west1";
  cloud.zones = {"us-west1-a", "us-west1-b"};
  cloud.network = one_of("kafka-vpc", "other");
  cloud.network_is_existing = *rc::gen::arbitrary<bool>();
  cloud.subnet = {"brokers-subnet", one_of("10.64.0.0/18", "10.1.0.0/16"), true};
  cloud.global_access = *rc::gen::arbitrary<bool>();
  cloud.node_machine_type = one_of("e2-medium", "n2-standard-4");
  cloud.node_disk_gb = *rc::gen::element(50u, 60u);
  cloud.bastion = {*rc::gen::arbitrary<bool>(),
                   "bastion-node",
                   "us-west1-b",
                   "e2-small",
                   {"bastion-subnet", "10.0.0.0/18", false}};
  cloud.port_mapping = {"neg", "lb", "psc", "fw", {"nat", "10.100.0.0/26", false}};
  cloud.proxy = {"ig",
                 "tpl",
                 "plb",
                 "hc",
                 "ppsc",
                 "pfw",
                 {"pnat", "10.100.0.64/26", false},
                 "e2-medium",
                 2,
                 7,
                 one_of("", "gs://b/portway"),
                 ""};
  return cloud;
}

}  // namespace

Spec any_spec() {
  Spec spec;
  spec.cluster = default_cluster();
  add_nodes(spec.cluster);
  if (*rc::gen::arbitrary<bool>()) spec.cloud = any_cloud();
  if (*rc::gen::arbitrary<bool>()) spec.kubernetes = {"portway", "p", "r/portway:0.1.0", 3, 9};
  spec.cluster.name = one_of("kafka", "orders", "a \"b\" \\ c: #", "yes");
  const auto brokers = *rc::gen::inRange(1, 4);
  for (int i = 0; i < brokers; ++i) {
    spec.cluster.bootstrap.push_back(
        {one_of("10.0.0.1", "::1", "b.x"), static_cast<uint16_t>(9092 + i)});
  }
  const auto listeners = *rc::gen::inRange(1, 4);
  for (int i = 0; i < listeners; ++i) {
    spec.external_listeners.push_back(any_listener(10'000 + 1000 * i));
  }
  spec.serve = any_serve();
  return spec;
}

}  // namespace portway::plan
