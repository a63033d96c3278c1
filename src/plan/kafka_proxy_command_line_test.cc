#include "plan/kafka_proxy_command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/kafka_proxy_testing.h"

namespace portway::plan {
namespace {

using testing::ElementsAre;

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

}  // namespace
}  // namespace portway::plan
