#include "plan/kafka_proxy_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "plan/kafka_proxy_flags.h"
#include "plan/kafka_proxy_testing.h"

namespace portway::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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

}  // namespace
}  // namespace portway::plan
