#include "plan/spec.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "plan/spec_defaults.h"
#include "plan/spec_fields.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

using testing::HasSubstr;

std::string file_with(const std::string& serve) {
  return "cluster: {bootstrap: b:9092}\n"
         "external_listeners: [{name: A, advertise: a.example.com, ports: {first: 9092, ids: "
         "1}}]\n" +
         serve;
}

std::string errors_of(const std::string& text) {
  const auto spec = parse_spec(text, "f");
  return spec ? "" : spec.error().message;
}

TEST(Spec, DefaultsAreThoseOfTheTable) {
  const Spec spec = parse_spec(file_with(""), "f").value();
  EXPECT_EQ(spec.cluster.name, "kafka");
  EXPECT_EQ(spec.serve.listen, std::vector<std::string>{"0.0.0.0"});
  EXPECT_EQ(spec.serve.admin, (HostPort{"127.0.0.1", 9080}));
  EXPECT_EQ(spec.serve.workers, 0u);
  EXPECT_EQ(spec.serve.log_format, "logfmt");
  EXPECT_EQ(spec.serve.log_level, "info");
  EXPECT_EQ(spec.serve.keep_alive_ms, 60'000u);
  EXPECT_EQ(spec.serve.dial_timeout_ms, 10'000u);
  EXPECT_EQ(spec.serve.first_byte_timeout_ms, 60'000u);
  EXPECT_EQ(spec.serve.idle_timeout_ms, 1'800'000u);
  EXPECT_EQ(spec.serve.drain_notice_ms, 5'000u);
  EXPECT_EQ(spec.serve.drain_timeout_ms, 30'000u);
  EXPECT_EQ(spec.serve.topology_refresh_ms, 30'000u);
  EXPECT_EQ(spec.serve.connections_max, 10'000u);
  EXPECT_EQ(spec.serve.requests_in_flight_max, 256u);
  EXPECT_EQ(spec.serve.request_bytes_max, 104'857'600u);
  EXPECT_EQ(spec.serve.response_bytes_max, 1'073'741'824u);
  EXPECT_EQ(spec.serve.splice_bytes_min, 32'768u);
  EXPECT_TRUE(spec.serve.forbidden_api_keys.empty());
}

TEST(Spec, EveryDefaultAndExampleIsAValueItsFieldTakes) {
  for (const Field& field : spec_fields()) {
    const auto in_bounds = [&](std::string_view text) {
      const auto number = parse_quantity(field, text);
      return number && *number >= field.least && *number <= field.most;
    };
    switch (field.type) {
      case FieldType::kNumber:
      case FieldType::kPort:
      case FieldType::kDuration:
      case FieldType::kSize:
        EXPECT_TRUE(in_bounds(field.example)) << field.path;
        EXPECT_TRUE(field.fallback.empty() || field.fallback == field.choices ||
                    in_bounds(field.fallback))
            << field.path;
        break;
      default:
        break;
    }
    EXPECT_TRUE(field.meaning.ends_with('.')) << field.path;
    EXPECT_FALSE(field.required && !field.fallback.empty()) << field.path;
  }
}

TEST(Spec, ExamplesOfServeAreReadAsWritten) {
  std::string serve = "serve:\n";
  for (const std::string_view key : keys_below("serve")) {
    serve += fmt::format("  {}: {}\n", key, find_field(fmt::format("serve.{}", key))->example);
  }
  EXPECT_EQ(errors_of(file_with(serve)), "");
}

TEST(Spec, RefusesWhatIsTooLarge) {
  EXPECT_THAT(errors_of(std::string((1 << 20) + 1, '#')), HasSubstr("at most 1048576 (1 MiB)"));
  EXPECT_EQ(errors_of(file_with(std::string((1 << 20) - 200, '#'))), "");
}

TEST(Spec, RefusesDeepNesting) {
  for (const char* open : {"[", "{a: "}) {
    std::string text = "cluster: ";
    for (int i = 0; i < 100'000; ++i) text += open;
    EXPECT_THAT(errors_of(text), HasSubstr("nested deeper than 16 levels")) << open;
  }
}

TEST(Spec, RefusesManyValues) {
  std::string text = "cluster: [";
  for (int i = 0; i < 200'000; ++i) text += "1,";
  EXPECT_THAT(errors_of(text + "]"), HasSubstr("more than 100000 values"));
}

TEST(Spec, RefusesTagsSecondDocumentsAndComplexKeys) {
  EXPECT_THAT(errors_of("cluster: !!str a\n"), HasSubstr("tags"));
  EXPECT_THAT(errors_of("a: 1\n---\nb: 1\n"), HasSubstr("second document"));
  EXPECT_THAT(errors_of("? [a, b]\n: 1\n"), HasSubstr("a key must be a word"));
  EXPECT_THAT(errors_of(std::string("a: \0", 4)), HasSubstr("byte 3 is zero"));
}

TEST(Spec, ShowsTheFirstFiftyProblems) {
  std::string text = file_with("");
  for (int i = 0; i < 3000; ++i) text += fmt::format("unknown{}: 1\n", i);
  const std::string errors = errors_of(text);
  EXPECT_THAT(errors, HasSubstr("and 950 more problems"));
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 50);
}

TEST(Spec, BoundsWhatALongValueCosts) {
  const std::string listener = "external_listeners: [{name: A, advertise: a.b, ports: {first: 1, ";
  std::string ids = "1";
  for (int i = 2; i < 3000; ++i) ids += fmt::format(",{}", i);
  EXPECT_THAT(errors_of("cluster: {bootstrap: b:1}\n" + listener + "ids: '" + ids + "'}}]\n"),
              HasSubstr("more than 1000 ranges"));
  const std::string errors = errors_of("cluster: {bootstrap: '" + std::string(500'000, 'x') + "'}");
  EXPECT_LT(errors.size(), 2000u);
  EXPECT_LT(errors_of(std::string(1000, 'k') + ": 1").size(), 2000u);
}

TEST(Spec, ErrorsAreTheOperators) {
  const auto spec = parse_spec("", "f");
  ASSERT_FALSE(spec.has_value());
  EXPECT_EQ(spec.error().fault, Fault::kOperator);
  EXPECT_EQ(spec.error().code, "bad_spec");
}

TEST(Spec, AFileThatIsNotThere) {
  const auto spec = load_spec("/nonexistent/portway.yaml");
  ASSERT_FALSE(spec.has_value());
  EXPECT_EQ(spec.error().code, "spec_unreadable");
  EXPECT_THAT(spec.error().message, HasSubstr("/nonexistent/portway.yaml"));
  EXPECT_FALSE(load_spec("/").has_value());
}

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
  serve.client_id = one_of("portway", "\"", "\x01\x7f");
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

// Specs that are valid by construction.
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

RC_GTEST_PROP(SpecProperty, WhatIsWrittenIsReadBack, ()) {
  const Spec spec = any_spec();
  const std::string text = to_yaml(spec);
  RC_LOG() << text;
  const auto again = parse_spec(text, "f");
  if (!again) RC_FAIL(again.error().message);
  RC_ASSERT(*again == spec);
}

RC_GTEST_PROP(SpecProperty, NoTwoPortsOfAPlanCollide, ()) {
  const PortPlan plan = make_port_plan(any_spec());
  std::set<std::pair<std::string, uint16_t>> bound;
  for (const BoundPort& port : plan.ports) {
    RC_ASSERT(bound.emplace(port.listen, port.port).second);
  }
  for (const ExternalListenerPlan& listener : plan.external_listeners) {
    std::set<HostPort> told;
    for (const auto& [id, address] : listener.advertised) {
      RC_ASSERT(told.insert(address).second);
      RC_ASSERT(is_dns_name(address.host));
    }
  }
}

RC_GTEST_PROP(SpecProperty, PortsFollowTheRuleOfTheirBlock, ()) {
  const Spec spec = any_spec();
  for (const BoundPort& bound : make_port_plan(spec).ports) {
    const ExternalListenerSpec& listener = spec.external_listeners[bound.external_listener];
    if (bound.target != Target::kBroker || listener.brokers.contains(bound.broker_id)) continue;
    bool found = false;
    for (const PortBlock& block : listener.ports) {
      for (const IdRange& range : block.ids) {
        if (bound.broker_id < range.first || bound.broker_id > range.last) continue;
        found = true;
        RC_ASSERT(bound.port == block.first + (bound.broker_id - block.ids.front().first));
      }
    }
    RC_ASSERT(found);
  }
}

RC_GTEST_PROP(SpecProperty, DamagedTextIsReadOrRefusedButNothingElse, ()) {
  std::string text = to_yaml(any_spec());
  for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
    const auto at = *rc::gen::inRange<size_t>(0, text.size());
    text[at] = *rc::gen::element('{', '}', '[', ']', ':', '-', '\n', ' ', '"', '9', '&', '\xff');
  }
  const auto spec = parse_spec(text, "f");
  if (spec)
    make_port_plan(*spec);
  else
    RC_ASSERT(!spec.error().message.empty());
}

}  // namespace
}  // namespace portway::plan
