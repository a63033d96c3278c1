#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/kafka_proxy_command_line.h"
#include "plan/kafka_proxy_flags.h"
#include "plan/kafka_proxy_planner.h"
#include "plan/kafka_proxy_settings.h"

namespace portway::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Words = std::vector<std::string>;
using Brokers = std::map<int32_t, HostPort>;

std::optional<std::string> no_environment(const std::string&) { return std::nullopt; }

Result<KafkaProxySettings> read(const Words& words,
                                const Environment& environment = no_environment) {
  const auto line = parse_kafka_proxy_command_line(words, environment);
  if (!line) return tl::unexpected(line.error());
  return kafka_proxy_settings(*line);
}

// The settings of a line that has a mapping already.
Result<KafkaProxySettings> read_more(Words words) {
  words.push_back("--bootstrap-server-mapping=k1:9092,0.0.0.0:32400,proxy.example:32400");
  return read(words);
}

std::string errors_of(const Result<KafkaProxySettings>& settings) {
  return settings ? "" : settings.error().message;
}

std::map<int32_t, std::string> told(const PortPlan& plan) {
  std::map<int32_t, std::string> result;
  for (const auto& [id, address] : plan.external_listeners.front().advertised) {
    result[id] = to_string(address);
  }
  return result;
}

// broker id -> bound port
std::map<int32_t, uint16_t> bound(const PortPlan& plan) {
  std::map<int32_t, uint16_t> result;
  for (const BoundPort& port : plan.ports) {
    if (port.target == Target::kBroker) result[port.broker_id] = port.port;
  }
  return result;
}

Brokers brokers_with_ids(const std::vector<int32_t>& ids) {
  Brokers brokers;
  for (const int32_t id : ids) brokers[id] = {"inside" + std::to_string(id), 9092};
  return brokers;
}

const Words kDocument = {
    "--bootstrap-server-mapping",
    "10.64.0.1:9092,0.0.0.0:9092,b1.abc.us-west1.gcp.3199745.tidbcloud.com:9092",
    "--bootstrap-server-mapping",
    "10.64.0.2:9092,0.0.0.0:9093,b2.abc.us-west1.gcp.3199745.tidbcloud.com:9093",
    "--bootstrap-server-mapping",
    "10.64.0.3:9092,0.0.0.0:9094,b3.abc.us-west1.gcp.3199745.tidbcloud.com:9094",
    "--dynamic-sequential-min-port=9095",
    "--dynamic-advertised-listener=brokers.abc.us-west1.gcp.3199745.tidbcloud.com",
};

Brokers document_brokers() {
  Brokers brokers;
  for (int32_t id = 1; id <= 5; ++id) brokers[id] = {"10.64.0." + std::to_string(id), 9092};
  return brokers;
}

TEST(KafkaProxyFlags, AreThoseOfTheVersion) {
  std::set<std::string_view> names;
  for (const KafkaProxyFlag& flag : kafka_proxy_flags()) {
    EXPECT_TRUE(names.insert(flag.name).second) << flag.name;
    EXPECT_TRUE(flag.meaning.ends_with('.')) << flag.name;
  }
  EXPECT_EQ(names.size(), 99u);
}

TEST(KafkaProxyFlags, EveryDefaultIsTakenAndChangesNothing) {
  for (const KafkaProxyFlag& flag : kafka_proxy_flags()) {
    if (flag.fallback == "[]") continue;
    const auto settings =
        read_more({"--" + std::string(flag.name) + "=" + std::string(flag.fallback)});
    ASSERT_TRUE(settings) << flag.name << errors_of(settings);
    EXPECT_THAT(settings->warnings, IsEmpty()) << flag.name;
  }
}

TEST(KafkaProxyFlags, RefusedOnesSaySoAndHideTheirValue) {
  for (const KafkaProxyFlag& flag : kafka_proxy_flags()) {
    if (flag.status != FlagStatus::kRefused) continue;
    const std::string value = flag.type == FlagType::kBool       ? "true"
                              : flag.type == FlagType::kDuration ? "77s"
                              : flag.type == FlagType::kUint64   ? "77"
                                                                 : "s3cret";
    const std::string errors = errors_of(read_more({"--" + std::string(flag.name), value}));
    if (flag.type == FlagType::kBool) {
      EXPECT_THAT(errors_of(read_more({"--" + std::string(flag.name)})),
                  HasSubstr("not supported by portway server yet"));
      continue;
    }
    EXPECT_THAT(errors, HasSubstr("--" + std::string(flag.name) + ": "));
    EXPECT_THAT(errors, HasSubstr("not supported by portway server yet"));
    EXPECT_THAT(errors, Not(HasSubstr("s3cret")));
  }
}

TEST(KafkaProxyCommandLine, ReadsAsPflagDoes) {
  const auto line = parse_kafka_proxy_command_line(
      Words{"--kafka-client-id", "a b", "--kafka-client-id=c=d", "--http-disable",
            "--producer-acks-0-disabled=F", "--forbidden-api-keys", "20,37",
            "--forbidden-api-keys=1", "--kafka-max-open-requests", "0x20", "--kafka-dial-timeout",
            "1m1.5s", "word", "--", "--not-a-flag"},
      no_environment);
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->text("kafka-client-id"), "c=d");
  EXPECT_TRUE(line->truth("http-disable"));
  EXPECT_FALSE(line->truth("producer-acks-0-disabled"));
  EXPECT_THAT(line->list("forbidden-api-keys"), ElementsAre("20", "37", "1"));
  EXPECT_EQ(line->number("kafka-max-open-requests"), 32);
  EXPECT_EQ(line->duration_ms("kafka-dial-timeout"), 61'500);
  EXPECT_EQ(line->text("http-listen-address"), "0.0.0.0:9080");
  EXPECT_EQ(line->warnings.size(), 2u);
}

TEST(KafkaProxyCommandLine, TellsAllThatIsWrong) {
  const auto line = parse_kafka_proxy_command_line(
      Words{"--boostrap-server-mapping=x", "-x=1", "--http-disable=maybe", "--kafka-keep-alive=60",
            "--dynamic-sequential-min-port=70000", "--sasl-password-x=s3cret",
            "--auth-gateway-client-magic=s3cret", "--kafka-client-id"},
      no_environment);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, "bad_flags");
  EXPECT_EQ(line.error().message,
            "--boostrap-server-mapping: not a flag of kafka-proxy v0.4.3; did you mean "
            "--bootstrap-server-mapping?\n"
            "-x: not a flag; flags have two hyphens\n"
            "--http-disable: 'maybe' is neither true nor false\n"
            "--kafka-keep-alive: '60' is not a duration such as 15s, 1m30s or 500ms\n"
            "--dynamic-sequential-min-port: '70000' is not a number from 0 to 65535\n"
            "--sasl-password-x: not a flag of kafka-proxy v0.4.3; did you mean --sasl-password?\n"
            "--auth-gateway-client-magic: the value is not a number from 0 on\n"
            "--kafka-client-id: its value is missing: text");
}

TEST(KafkaProxyCommandLine, GoValues) {
  EXPECT_EQ(parse_go_duration_us("1h30m"), 5'400'000'000);
  EXPECT_EQ(parse_go_duration_us("-1.5s"), -1'500'000);
  EXPECT_EQ(parse_go_duration_us("1us"), 1);
  EXPECT_EQ(parse_go_duration_us("0"), 0);
  EXPECT_EQ(parse_go_duration_us(".5s"), 500'000);
  for (const char* text : {"", "1", "s", "1.2.3s", "1s ", "1d", "99999999999h", "-"}) {
    EXPECT_FALSE(parse_go_duration_us(text)) << text;
  }
  EXPECT_EQ(parse_go_integer("-12"), -12);
  EXPECT_EQ(parse_go_integer("0b11"), 3);
  EXPECT_EQ(parse_go_integer("0o17"), 15);
  EXPECT_EQ(parse_go_integer("017"), 15);
  EXPECT_EQ(parse_go_integer("0"), 0);
  for (const char* text : {"", "-", "0x", "1.5", "--1", "9223372036854775808"}) {
    EXPECT_FALSE(parse_go_integer(text)) << text;
  }
}

TEST(KafkaProxyEnvironment, GivesEachMappingByItself) {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "BOOTSTRAP_SERVER_MAPPING")
      return " k1:9092,0.0.0.0:32400 \n k2:9092,0.0.0.0:32401 ";
    if (name == "EXTERNAL_SERVER_MAPPING") return "k3:9092,other.example:9092";
    if (name == "DIAL_ADDRESS_MAPPING") return "k1:9092,10.0.0.1:9092";
    return std::nullopt;
  };
  const auto from_environment = read({}, environment);
  ASSERT_TRUE(from_environment) << errors_of(from_environment);
  EXPECT_EQ(from_environment->mappings.size(), 2u);

  // kafka-proxy ignores the other two variables here.
  const auto mixed = read({"--bootstrap-server-mapping=k9:9092,0.0.0.0:1234,a:1"}, environment);
  ASSERT_TRUE(mixed) << errors_of(mixed);
  EXPECT_EQ(mixed->mappings.front().broker, (HostPort{"k9", 9092}));
  EXPECT_EQ(mixed->external.at({"k3", 9092}), (HostPort{"other.example", 9092}));
  EXPECT_EQ(mixed->dial_mapping.at({"k1", 9092}), (HostPort{"10.0.0.1", 9092}));
}

TEST(KafkaProxySettings, DefaultsAreKafkaProxys) {
  const auto settings = read_more({});
  ASSERT_TRUE(settings) << errors_of(settings);
  const ServeSpec& serve = settings->spec.serve;
  EXPECT_EQ(serve.admin, (HostPort{"0.0.0.0", 9080}));
  EXPECT_EQ(serve.client_id, "kafka-proxy");
  EXPECT_EQ(serve.dial_timeout_ms, 15'000u);
  EXPECT_EQ(serve.keep_alive_ms, 60'000u);
  EXPECT_EQ(serve.requests_in_flight_max, 256u);
  EXPECT_EQ(serve.log_format, "logfmt");
  EXPECT_EQ(serve.log_level, "info");
  EXPECT_EQ(settings->health_path, "/health");
  EXPECT_EQ(settings->metrics_path, "/metrics");
  EXPECT_TRUE(settings->look_for_acks_0);
  EXPECT_EQ(settings->log_fields.message, LogFieldNames().message);
  EXPECT_EQ(settings->spec.cluster.bootstrap, std::vector{(HostPort{"k1", 9092})});
  EXPECT_THAT(settings->warnings, IsEmpty());
}

TEST(KafkaProxySettings, FlagsArriveWhereTheyBelong) {
  const auto settings =
      read_more({"--http-disable", "--kafka-client-id=me", "--kafka-dial-timeout=3s",
                 "--kafka-keep-alive=30s", "--kafka-max-open-requests=2",
                 "--forbidden-api-keys=20,37,20", "--producer-acks-0-disabled", "--log-format=json",
                 "--log-level=trace", "--log-msg-fieldname=message", "--http-health-path=/healthz",
                 "--proxy-listener-read-buffer-size=65536", "--kafka-read-timeout=5s",
                 "--proxy-request-buffer-size=8192"});
  ASSERT_TRUE(settings) << errors_of(settings);
  const ServeSpec& serve = settings->spec.serve;
  EXPECT_FALSE(serve.admin);
  EXPECT_EQ(serve.client_id, "me");
  EXPECT_EQ(serve.dial_timeout_ms, 3'000u);
  EXPECT_EQ(serve.keep_alive_ms, 30'000u);
  EXPECT_EQ(serve.requests_in_flight_max, 16u);
  EXPECT_THAT(serve.forbidden_api_keys, ElementsAre(20, 37));
  EXPECT_EQ(serve.receive_buffer_bytes, 65'536u);
  EXPECT_EQ(serve.log_format, "json");
  EXPECT_EQ(serve.log_level, "debug");
  EXPECT_FALSE(settings->look_for_acks_0);
  EXPECT_EQ(settings->health_path, "/healthz");
  EXPECT_EQ(settings->log_fields.message, "message");
  EXPECT_EQ(settings->log_fields.level, "@level");
  EXPECT_THAT(settings->warnings, Contains(HasSubstr("--kafka-read-timeout: has no effect")));
  EXPECT_THAT(settings->warnings,
              Contains(HasSubstr("--proxy-request-buffer-size: has no effect")));
  EXPECT_THAT(settings->warnings, Contains(HasSubstr("--kafka-keep-alive: '30s' is used on both")));
}

TEST(KafkaProxySettings, RefusesWhatContradictsItself) {
  EXPECT_THAT(errors_of(read({})), HasSubstr("--bootstrap-server-mapping: missing"));
  const struct {
    Words words;
    std::string error;
  } kCases[] = {
      {{"--bootstrap-server-mapping=k1:9092,0.0.0.0:1"}, "k1:9092 is given twice"},
      {{"--bootstrap-server-mapping=k2:9092,0.0.0.0:32400"},
       "is to lead to k2:9092 and to k1:9092"},
      {{"--bootstrap-server-mapping=k2:9092"}, "has 1 addresses"},
      {{"--bootstrap-server-mapping={address_of_broker2},0.0.0.0:1"}, "the port is missing"},
      {{"--bootstrap-server-mapping=k2:9092,some.name:1"}, "not an IP address to listen on"},
      {{"--bootstrap-server-mapping=k2:9092,0.0.0.0:9080"}, "port 9080 is also that of k2:9092"},
      {{"--external-server-mapping=k1:9092,else:1"}, "make them the same"},
      {{"--external-server-mapping=k3:1,a:1", "--external-server-mapping=k3:1,b:1"}, "given twice"},
      {{"--default-listener-ip=localhost"}, "'localhost' is not an IP address"},
      {{"--deterministic-listeners"}, "needs --dynamic-sequential-min-port"},
      {{"--dynamic-sequential-max-ports=3"}, "needs --dynamic-sequential-min-port"},
      {{"--dynamic-advertised-listener=b{{.nodeId}}.x"}, "a template other than {{.brokerId}}"},
      {{"--dynamic-advertised-listener=b{{.brokerId"}, "a template other than {{.brokerId}}"},
      {{"--dynamic-advertised-listener=http://x"}, "neither a host name nor host:port"},
      {{"--kafka-dial-timeout=-1s"}, "is negative"},
      {{"--kafka-max-open-requests=0"}, "less than 1"},
      {{"--forbidden-api-keys=40000"}, "not an api key"},
      {{"--http-health-path=health"}, "does not start with a slash"},
      {{"--http-health-path=/metrics"}, "is also --http-metrics-path"},
  };
  for (const auto& [words, error] : kCases) {
    EXPECT_THAT(errors_of(read_more(words)), HasSubstr(error)) << words.front();
  }
}

TEST(KafkaProxySettings, ReadsHostsAsGoDoes) {
  const auto settings = read({"--bootstrap-server-mapping=k1:9092, :32400 ,a:1",
                              "--bootstrap-server-mapping=[2001:db8::1]:9092,[::1]:32401,b:1",
                              "--bootstrap-server-mapping=k3:9092,localhost:32402,c:1",
                              "--http-listen-address=:9081"});
  ASSERT_TRUE(settings) << errors_of(settings);
  EXPECT_EQ(settings->mappings[0].listen, (HostPort{"0.0.0.0", 32400}));
  EXPECT_EQ(settings->mappings[1].broker, (HostPort{"2001:db8::1", 9092}));
  EXPECT_EQ(settings->mappings[1].listen, (HostPort{"::1", 32401}));
  EXPECT_EQ(settings->mappings[2].listen, (HostPort{"127.0.0.1", 32402}));
  EXPECT_EQ(settings->spec.serve.admin, (HostPort{"0.0.0.0", 9081}));
}

TEST(KafkaProxyPlanner, TheDocumentsCommandLine) {
  const auto settings = read(kDocument);
  ASSERT_TRUE(settings) << errors_of(settings);
  EXPECT_THAT(settings->warnings,
              ElementsAre(HasSubstr("replicas need --deterministic-listeners")));
  KafkaProxyPlanner planner(*settings);

  const PortPlan before = planner.plan({});
  EXPECT_EQ(before.ports.size(), 3u);
  EXPECT_THAT(told(before), IsEmpty());

  const PortPlan plan = planner.plan(document_brokers());
  const std::map<int32_t, std::string> expected = {
      {1, "b1.abc.us-west1.gcp.3199745.tidbcloud.com:9092"},
      {2, "b2.abc.us-west1.gcp.3199745.tidbcloud.com:9093"},
      {3, "b3.abc.us-west1.gcp.3199745.tidbcloud.com:9094"},
      {4, "brokers.abc.us-west1.gcp.3199745.tidbcloud.com:9095"},
      {5, "brokers.abc.us-west1.gcp.3199745.tidbcloud.com:9096"},
  };
  EXPECT_EQ(told(plan), expected);
  EXPECT_EQ(bound(plan), (std::map<int32_t, uint16_t>{{4, 9095}, {5, 9096}}));
  EXPECT_EQ(plan.ports[0],
            (BoundPort{0, "0.0.0.0", 9092, Target::kAddress, -1, {"10.64.0.1", 9092}}));
  EXPECT_THAT(planner.take_warnings(), IsEmpty());
}

TEST(KafkaProxyPlanner, SequentialPortsAreKept) {
  KafkaProxyPlanner planner(
      read_more({"--dynamic-sequential-min-port=9100", "--dynamic-advertised-listener=x.example"})
          .value());
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({4, 7}))),
            (std::map<int32_t, uint16_t>{{4, 9100}, {7, 9101}}));
  // A lower id that joins gets the next port; one that leaves and comes back has its old one.
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({1, 7}))),
            (std::map<int32_t, uint16_t>{{1, 9102}, {7, 9101}}));
  Brokers swapped = brokers_with_ids({1, 4, 7});
  std::swap(swapped[1], swapped[7]);
  EXPECT_EQ(bound(planner.plan(swapped)),
            (std::map<int32_t, uint16_t>{{1, 9102}, {4, 9100}, {7, 9101}}));
}

TEST(KafkaProxyPlanner, SequentialPortsStepOverMappings) {
  KafkaProxyPlanner planner(
      read({"--bootstrap-server-mapping=k1:9092,0.0.0.0:9101,a:1",
            "--dynamic-sequential-min-port=9100", "--dynamic-advertised-listener=x.example",
            "--http-listen-address=127.0.0.1:9102"})
          .value());
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({1, 2}))),
            (std::map<int32_t, uint16_t>{{1, 9100}, {2, 9103}}));
}

TEST(KafkaProxyPlanner, ARangeThatIsUsedUpCostsOnlyTheBrokersBeyondIt) {
  KafkaProxyPlanner planner(
      read_more({"--dynamic-sequential-min-port=9100", "--dynamic-sequential-max-ports=2",
                 "--dynamic-advertised-listener=x.example"})
          .value());
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({0, 1, 2}))),
            (std::map<int32_t, uint16_t>{{0, 9100}, {1, 9101}}));
  EXPECT_THAT(planner.take_warnings(),
              ElementsAre(HasSubstr("broker 2 is left out: all 2 ports from 9100 on are given")));
  planner.plan(brokers_with_ids({0, 1, 2}));
  EXPECT_THAT(planner.take_warnings(), IsEmpty());
}

TEST(KafkaProxyPlanner, DeterministicPortsFollowFromTheId) {
  const Words words = {"--dynamic-sequential-min-port=9100", "--deterministic-listeners",
                       "--dynamic-sequential-max-ports=10",
                       "--dynamic-advertised-listener=b{{ .brokerId }}.example"};
  KafkaProxyPlanner first(read_more(words).value());
  KafkaProxyPlanner second(read_more(words).value());
  const std::map<int32_t, uint16_t> expected = {{0, 9100}, {2, 9102}, {7, 9107}};
  EXPECT_EQ(bound(first.plan(brokers_with_ids({0, 2, 7}))), expected);
  second.plan(brokers_with_ids({7}));
  Brokers swapped = brokers_with_ids({0, 2, 7});
  std::swap(swapped[0], swapped[7]);
  const PortPlan plan = second.plan(swapped);
  EXPECT_EQ(bound(plan), expected);
  EXPECT_EQ(told(plan).at(7), "b7.example:9107");
}

TEST(KafkaProxyPlanner, DeterministicCollisionsCostTheHigherId) {
  KafkaProxyPlanner planner(
      read({"--bootstrap-server-mapping=k1:9092,0.0.0.0:9103,a:1",
            "--dynamic-sequential-min-port=9100", "--deterministic-listeners",
            "--dynamic-sequential-max-ports=10", "--dynamic-advertised-listener=x.example"})
          .value());
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({1, 3, 11}))),
            (std::map<int32_t, uint16_t>{{1, 9101}}));
  EXPECT_THAT(planner.take_warnings(),
              ElementsAre(HasSubstr("broker 3 is left out: its port 9103 is that of k1:9092"),
                          HasSubstr("broker 11 is left out: its port 9101 is broker 1's")));
}

TEST(KafkaProxyPlanner, AdvertisedPortOfTheTemplate) {
  KafkaProxyPlanner each(read_more({"--dynamic-sequential-min-port=9100",
                                    "--dynamic-advertised-listener=b{{.brokerID}}.example:443"})
                             .value());
  EXPECT_EQ(told(each.plan(brokers_with_ids({1, 2}))),
            (std::map<int32_t, std::string>{{1, "b1.example:443"}, {2, "b2.example:443"}}));

  KafkaProxyPlanner shared(read_more({"--dynamic-sequential-min-port=9100",
                                      "--dynamic-advertised-listener=[2001:db8::1]:443"})
                               .value());
  EXPECT_EQ(told(shared.plan(brokers_with_ids({1, 2}))),
            (std::map<int32_t, std::string>{{1, "[2001:db8::1]:443"}}));
  EXPECT_THAT(shared.take_warnings(), ElementsAre(HasSubstr("broker 2 is left out")));
}

TEST(KafkaProxyPlanner, MappingsGoByAddress) {
  const auto settings =
      read({"--bootstrap-server-mapping=k1:9092,127.0.0.1:32400",
            "--external-server-mapping=k2:9092,other.example:9092", "--dynamic-listeners-disable"});
  ASSERT_TRUE(settings) << errors_of(settings);
  KafkaProxyPlanner planner(*settings);
  const PortPlan plan = planner.plan({{5, {"k1", 9092}}, {3, {"k2", 9092}}, {1, {"k3", 9092}}});
  EXPECT_EQ(told(plan),
            (std::map<int32_t, std::string>{{3, "other.example:9092"}, {5, "127.0.0.1:32400"}}));
  EXPECT_EQ(plan.ports.size(), 1u);
  EXPECT_THAT(planner.take_warnings(), ElementsAre(HasSubstr("--dynamic-listeners-disable")));
}

TEST(KafkaProxyPlanner, RandomPortsAreAskedForOnceAndKept) {
  uint16_t next = 40'000;
  KafkaProxyPlanner planner(read_more({"--dynamic-advertised-listener=x.example"}).value(),
                            [&next](const std::string&) { return next++; });
  const auto first = bound(planner.plan(brokers_with_ids({1, 2})));
  EXPECT_EQ(first, (std::map<int32_t, uint16_t>{{1, 40'000}, {2, 40'001}}));
  EXPECT_EQ(bound(planner.plan(brokers_with_ids({1, 2}))), first);
  EXPECT_THAT(planner.take_warnings(), Contains(HasSubstr("by chance")));

  KafkaProxyPlanner without(read_more({"--dynamic-advertised-listener=x.example"}).value());
  EXPECT_THAT(bound(without.plan(brokers_with_ids({1}))), IsEmpty());
}

TEST(KafkaProxyPlanner, WarnsWhenClientsWouldBeSentToThemselves) {
  KafkaProxyPlanner planner(read_more({"--dynamic-sequential-min-port=9100"}).value());
  EXPECT_EQ(told(planner.plan(brokers_with_ids({1}))).at(1), "0.0.0.0:9100");
  EXPECT_THAT(planner.take_warnings(), Contains(HasSubstr("leads them to themselves")));
  EXPECT_THAT(read({"--bootstrap-server-mapping=k1:9092,0.0.0.0:1"})->warnings,
              Contains(HasSubstr("leads them to themselves")));
}

RC_GTEST_PROP(KafkaProxyPlannerProperty, NoTwoBrokersShareAPortAndNoneChanges, ()) {
  Words words = {"--dynamic-sequential-min-port=32390", "--dynamic-advertised-listener=x.example"};
  if (*rc::gen::arbitrary<bool>()) words.push_back("--dynamic-sequential-max-ports=20");
  const bool deterministic = *rc::gen::arbitrary<bool>();
  if (deterministic) words.push_back("--deterministic-listeners");
  KafkaProxyPlanner planner(read_more(words).value());
  std::map<int32_t, uint16_t> ports;
  for (int round = 0; round < 4; ++round) {
    const auto ids = *rc::gen::container<std::vector<int32_t>>(rc::gen::inRange<int32_t>(-1, 40));
    const PortPlan plan = planner.plan(brokers_with_ids(ids));
    std::set<std::pair<std::string, uint16_t>> taken;
    for (const BoundPort& port : plan.ports) {
      RC_ASSERT(taken.emplace(port.listen, port.port).second);
      if (port.target != Target::kBroker || deterministic) continue;
      const auto [first, is_new] = ports.emplace(port.broker_id, port.port);
      RC_ASSERT(first->second == port.port);
    }
    RC_ASSERT(planner.plan(brokers_with_ids(ids)) == plan);
  }
}

}  // namespace
}  // namespace portway::plan
