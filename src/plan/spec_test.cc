#include "plan/spec.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "plan/any_spec.h"
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

// std::regex, which compares the forms of texts, recurses for every character.
TEST(Spec, ALongWordInAListIsRefusedAndNothingElse) {
  EXPECT_THAT(errors_of("cluster: {bootstrap: b:1}\nexternal_listeners: [{name: A, advertise: a.b, "
                        "ports: {first: 1, ids: 1}, consumers: [" +
                        std::string(500'000, 'a') + "]}]\n"),
              HasSubstr("consumers[0]: 'aaaa"));
}

TEST(Spec, OneOfSeveralWordsIsNotTwoOfThem) {
  EXPECT_THAT(errors_of("cluster: {bootstrap: b:1}\nexternal_listeners: [{name: A, advertise: a.b, "
                        "ports: {first: 1, ids: 1}, method: proxy|port-mapping}]\n"),
              HasSubstr("'proxy|port-mapping' is not one of"));
}

TEST(Spec, ListenersThatKafkaTakesForOneAreRefused) {
  const std::string listeners =
      "external_listeners: [{name: A, advertise: a.b, ports: {first: 1, ids: 1}}, "
      "{name: a, advertise: c.d, ports: {first: 2, ids: 1}}]\n";
  EXPECT_THAT(errors_of("cluster: {bootstrap: b:1}\n" + listeners),
              HasSubstr("is also the name of"));
  EXPECT_THAT(errors_of("cluster: {bootstrap: b:1, listeners: {controller: {port: 9092}}}\n"
                        "external_listeners: [{name: A, advertise: a.b, ports: {first: 1, ids: "
                        "1}}]\n"),
              HasSubstr("is also the port of INTERNAL"));
}

TEST(Spec, AZoneThatIsNotSaidStaysWhenABrokerJoins) {
  const std::string rest =
      "]}\nexternal_listeners: [{name: A, advertise: a.b, ports: {first: 1, ids: 1-9}}]\n"
      "cloud: {project: my-project, region: r1}\n";
  const auto zone_of_4 = [&](const std::string& nodes) {
    const auto spec = parse_spec("cluster: {new: true, nodes: [" + nodes + rest, "f");
    return spec ? spec->cluster.nodes.back().zone : spec.error().message;
  };
  const std::string four = "{id: 4, address: b4}";
  EXPECT_EQ(zone_of_4("{id: 1, address: b1}, " + four), "r1-a");
  EXPECT_EQ(zone_of_4("{id: 1, address: b1}, {id: 3, address: b3}, " + four), "r1-a");
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
