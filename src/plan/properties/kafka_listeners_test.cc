// What is accepted here was tried with Kafka 3.7.1 and 4.3.0, which accept it, too.
#include "plan/properties/kafka_listeners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace portway::plan {
namespace {

using testing::HasSubstr;

Result<std::vector<KafkaListener>> listeners(std::string_view text) {
  return parse_listeners("listeners", text);
}

template <typename T>
std::string error_of(const Result<T>& result) {
  if (result) return "no error";
  EXPECT_EQ(result.error().code, "bad_property_value");
  return result.error().message;
}

TEST(KafkaListeners, ReadsNamesHostsAndPorts) {
  EXPECT_EQ(
      listeners(" INTERNAL://10.0.0.1:9092 ,\tclient_2.x-y://:0,V6://[fe80::1%eth0]:65535 "),
      (std::vector<KafkaListener>{
          {"INTERNAL", "10.0.0.1", 9092}, {"client_2.x-y", "", 0}, {"V6", "fe80::1%eth0", 65535}}));
  EXPECT_EQ(listeners(" "), std::vector<KafkaListener>());
}

TEST(KafkaListeners, WritesWhatItReads) {
  for (const char* text : {"", "A://:9092", "a://[::]:1,B_2://b.example:39092"}) {
    EXPECT_EQ(to_string(listeners(text).value()), text);
  }
}

TEST(KafkaListeners, ErrorsNameKeyEntryAndCause) {
  const std::string message = error_of(
      parse_listeners("advertised.listeners", "A://a:1,INTERNAL://{broker-node1-ip}:9092"));
  EXPECT_THAT(message, HasSubstr("advertised.listeners, entry 2 "
                                 "'INTERNAL://{broker-node1-ip}:9092': the host "
                                 "'{broker-node1-ip}' is a placeholder that was not filled in"));
}

TEST(KafkaListeners, RefusesWhatIsNoListener) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"xxxx", "entry 1 'xxxx': '://' is missing"},
      {"INTERNAL:...,EXTERNAL://0.0.0.0:39092", "entry 1 'INTERNAL:...': '://' is missing"},
      {"A://h:1,...", "entry 2 '...': '://' is missing"},
      {"A://h:1,", "entry 2 '': there is nothing"},
      {"A://h:1,,B://h:2", "entry 2 '': there is nothing"},
      {"://h:1", "name is missing"},
      {"A B://h:1", "name 'A B' has characters"},
      {"A:PLAINTEXT://h:1", "name 'A:PLAINTEXT' has characters"},
      {"{name}://h:1", "name '{name}' is a placeholder"},
      {"A://...:9092", "is a placeholder"},
      {"A://", "the port is missing"},
      {"A://h", "the port is missing"},
      {"A://{host}", "is a placeholder"},
      {"A://[::1]", "the port is missing"},
      {"A://h:", "the port '' is not"},
      {"A://h:-1", "the port '-1' is not"},
      {"A://h:65536", "the port '65536' is not"},
      {"A://h:99999999999999999999", "is not a number"},
      {"A://h:{port}", "the port '{port}' is not"},
      {"A://h:1/", "the port '1/' is not"},
      {"A://::1:9092", "the IPv6 address '::1' needs brackets"},
      {"A://[::1:9092", "is not an IPv6 address in brackets"},
      {"A://::1]:9092", "is not an IPv6 address in brackets"},
      {"A://[h]:9092", "is not an IPv6 address in brackets"},
      {"A://[:9092", "is not an IPv6 address in brackets"},
      {"A://[]:9092", "is not an IPv6 address in brackets"},
      {"A://[::1%]:9092", "is not an IPv6 address in brackets"},
      {"A://h h:1", "host 'h h' has characters"},
      {"A://h\x1b[2J:1", "host 'h?[2J' has characters"},
      {"A://h\xc3\xa9:1", "has characters"},
      {"${file:/etc/x:y}", "'://' is missing"},
  };
  for (const auto& [text, cause] : cases) {
    EXPECT_THAT(error_of(listeners(text)), HasSubstr(cause)) << text;
  }
}

TEST(KafkaListeners, ShowsLongTextInPart) {
  EXPECT_LT(error_of(listeners("A://" + std::string(100'000, '{') + ":1")).size(), 1000u);
}

TEST(KafkaListeners, HasALimit) {
  std::string text = "A://:1";
  for (size_t i = 1; i < kListEntriesMax; ++i) text += ",A://:1";
  EXPECT_EQ(listeners(text)->size(), kListEntriesMax);
  EXPECT_THAT(error_of(listeners(text + ",A://:1")), HasSubstr("more than 1000 entries"));
}

TEST(KafkaProtocolMap, ReadsAndWrites) {
  const auto map = parse_protocol_map("A : sasl_ssl,B:PLAINTEXT, c:Ssl,D:SASL_PLAINTEXT, ,");
  EXPECT_EQ(map, (std::vector<ListenerProtocol>{{"A", SecurityProtocol::kSaslSsl},
                                                {"B", SecurityProtocol::kPlaintext},
                                                {"c", SecurityProtocol::kSsl},
                                                {"D", SecurityProtocol::kSaslPlaintext}}));
  EXPECT_EQ(to_string(*map), "A:SASL_SSL,B:PLAINTEXT,c:SSL,D:SASL_PLAINTEXT");
  EXPECT_EQ(parse_protocol_map(",")->size(), 0u);
}

TEST(KafkaProtocolMap, RefusesWithTheCause) {
  EXPECT_THAT(error_of(parse_protocol_map("...,EXTERNAL:PLAINTEXT")),
              HasSubstr("listener.security.protocol.map, entry 1 '...': ':' is missing"));
  EXPECT_THAT(error_of(parse_protocol_map("A:SSL,,B:SSL")), HasSubstr("entry 2 ''"));
  EXPECT_THAT(error_of(parse_protocol_map("A:TLS")), HasSubstr("'TLS' is no security protocol"));
  EXPECT_THAT(error_of(parse_protocol_map("A:")), HasSubstr("'' is no security protocol"));
  EXPECT_THAT(error_of(parse_protocol_map(":SSL")), HasSubstr("name is missing"));
  EXPECT_THAT(error_of(parse_protocol_map("A:B:SSL")), HasSubstr("name 'A:B' has characters"));
}

TEST(KafkaQuorumVoters, ReadsAndWrites) {
  const auto voters = parse_quorum_voters("1@c1.example:29092, 2147483647@[::1]:1");
  EXPECT_EQ(voters,
            (std::vector<QuorumVoter>{{1, {"c1.example", 29092}}, {2147483647, {"::1", 1}}}));
  EXPECT_EQ(to_string(*voters), "1@c1.example:29092,2147483647@[::1]:1");
}

TEST(KafkaQuorumVoters, RefusesWithTheCause) {
  EXPECT_THAT(error_of(parse_quorum_voters("1@{broker-node1-ip}:29092")),
              HasSubstr("controller.quorum.voters, entry 1 '1@{broker-node1-ip}:29092': the host "
                        "'{broker-node1-ip}' is a placeholder"));
  EXPECT_THAT(error_of(parse_quorum_voters("1:h:1")), HasSubstr("'@' is missing"));
  EXPECT_THAT(error_of(parse_quorum_voters("x@h:1")), HasSubstr("the id 'x' is not"));
  EXPECT_THAT(error_of(parse_quorum_voters("-1@h:1")), HasSubstr("the id '-1' is not"));
  EXPECT_THAT(error_of(parse_quorum_voters("2147483648@h:1")), HasSubstr("is not a number"));
  EXPECT_THAT(error_of(parse_quorum_voters("1@:1")), HasSubstr("the host is missing"));
  EXPECT_THAT(error_of(parse_quorum_voters("1@h:0")), HasSubstr("from 1 to 65535"));
  EXPECT_THAT(error_of(parse_quorum_voters("1@h:1,2@h")), HasSubstr("entry 2 '2@h'"));
}

TEST(KafkaProcessRoles, ReadsAndWrites) {
  const auto roles = parse_process_roles("controller , broker");
  EXPECT_EQ(roles, (std::vector<ProcessRole>{ProcessRole::kController, ProcessRole::kBroker}));
  EXPECT_EQ(to_string(*roles), "controller,broker");
  EXPECT_EQ(parse_process_roles(""), std::vector<ProcessRole>());
}

TEST(KafkaProcessRoles, RefusesWithTheCause) {
  EXPECT_THAT(error_of(parse_process_roles("Broker")), HasSubstr("no such role"));
  EXPECT_THAT(error_of(parse_process_roles("broker,broker")), HasSubstr("entry 2 'broker'"));
}

// Nothing but answers, and what is read is written and read again.
template <typename Parse>
void require_stable(Parse parse, const std::string& text) {
  const auto list = parse(text);
  if (!list) {
    RC_ASSERT(!list.error().message.empty());
    return;
  }
  RC_ASSERT(parse(to_string(*list)).value() == *list);
}

RC_GTEST_PROP(KafkaListenersProperty, WhatIsReadIsWrittenAndReadAgain, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "A", "://", "h", ":", "1", ",", " ", "[::1]", "[", "]", "@", "SSL", "broker", "controller",
      "A://h:1", "1@h:2", "B:ssl", "%", "{", "\xff"));
  std::string text;
  for (const std::string& part : parts) text += part;
  require_stable(listeners, text);
  require_stable(parse_protocol_map, text);
  require_stable(parse_quorum_voters, text);
  require_stable(parse_process_roles, text);
}

}  // namespace
}  // namespace portway::plan
