#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "plan/properties/properties_file.h"
#include "render/targets.h"

namespace portway::render {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kNodes =
    "  nodes:\n"
    "    - {id: 1, address: 10.64.0.2, roles: [controller]}\n"
    "    - {id: 2, address: 10.64.0.3, roles: [broker]}\n"
    "    - {id: 3, address: 10.64.0.4}\n";

std::string spec_text(const std::string& cluster, const std::string& listener = "") {
  return "cluster:\n" + cluster + kNodes +
         "external_listeners:\n"
         "  - name: EXTERNAL\n"
         "    method: port-mapping\n"
         "    advertise: \"b{id}.abc.example.com\"\n"
         "    ports: {first: 9093, ids: 1-9}\n" +
         listener;
}

using Files = std::map<int32_t, std::string>;

Result<RenderedFiles> render(std::string_view target, const std::string& text, Files files = {}) {
  const auto spec = plan::parse_spec(text, "portway.yaml");
  if (!spec) return tl::unexpected(spec.error());
  const plan::Deployment deployment = plan::make_deployment(*spec);
  return find_target(target)->render({*spec, deployment, text, std::move(files)});
}

std::string content_of(const Result<RenderedFiles>& files, const std::string& path) {
  if (!files) return "refused: " + files.error().message;
  for (const RenderedFile& file : *files) {
    if (file.path == path) return file.content;
  }
  return "there is no " + path;
}

// The value that Kafka would read.
std::string value_of(const std::string& text, std::string_view key) {
  const auto file = plan::parse_properties(text, "server.properties");
  const auto* entry = file ? plan::find_property(*file, key) : nullptr;
  return entry == nullptr ? "(absent)" : entry->value;
}

std::string new_node(int id, const std::string& listener = "", const std::string& cluster = "") {
  return content_of(render("kafka", spec_text("  new: true\n" + cluster, listener)),
                    "kafka/broker-node" + std::to_string(id) + "/server.properties");
}

TEST(KafkaNewNode, EachRoleHasTheKeysThatKafkaDemands) {
  const std::string controller = new_node(1);
  EXPECT_EQ(value_of(controller, "process.roles"), "controller");
  EXPECT_EQ(value_of(controller, "listeners"), "CONTROLLER://0.0.0.0:29092");
  EXPECT_EQ(value_of(controller, "advertised.listeners"), "(absent)");
  EXPECT_EQ(value_of(controller, "inter.broker.listener.name"), "(absent)");

  const std::string broker = new_node(2);
  EXPECT_EQ(value_of(broker, "process.roles"), "broker");
  EXPECT_EQ(value_of(broker, "listeners"), "INTERNAL://0.0.0.0:9092,EXTERNAL://0.0.0.0:39092");
  EXPECT_EQ(value_of(broker, "controller.listener.names"), "CONTROLLER");
  EXPECT_EQ(value_of(broker, "listener.security.protocol.map"),
            "INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,EXTERNAL:PLAINTEXT");

  const std::string both = new_node(3);
  EXPECT_EQ(value_of(both, "process.roles"), "broker,controller");
  EXPECT_EQ(value_of(both, "advertised.listeners"),
            "INTERNAL://10.64.0.4:9092,EXTERNAL://b3.abc.example.com:9095");
  for (const std::string& text : {controller, broker, both}) {
    EXPECT_EQ(value_of(text, "controller.quorum.voters"), "1@10.64.0.2:29092,3@10.64.0.4:29092");
    EXPECT_THAT(text, Not(HasSubstr("\n\n\n")));
  }
  EXPECT_EQ(value_of(both, "min.insync.replicas"), "1") << "two brokers";
}

TEST(KafkaNewNode, SecretsAreNamedAndNotRendered) {
  const std::string text = new_node(
      2, "    security: SASL_SSL\n    sasl_mechanisms: [PLAIN, SCRAM-SHA-512]\n",
      "  listeners: {internal: {security: SASL_PLAINTEXT}, controller: {security: SSL}}\n");
  EXPECT_EQ(value_of(text, "listener.name.external.sasl.enabled.mechanisms"),
            "PLAIN,SCRAM-SHA-512");
  EXPECT_EQ(value_of(text, "listener.name.external.plain.sasl.jaas.config"),
            "${directory:/opt/kafka/config/secrets:external.plain.jaas}");
  EXPECT_EQ(value_of(text, "listener.name.external.ssl.keystore.type"), "PEM");
  EXPECT_EQ(value_of(text, "listener.name.controller.ssl.client.auth"), "required");
  EXPECT_EQ(value_of(text, "sasl.mechanism.inter.broker.protocol"), "PLAIN");
  EXPECT_EQ(value_of(text, "config.providers"), "directory");
}

TEST(KafkaNewNode, WhatCannotBeRenderedIsRefused) {
  EXPECT_THAT(new_node(2, "    security: SASL_SSL\n"), HasSubstr("has no mechanism"));
  EXPECT_THAT(new_node(2, "    security: SASL_SSL\n    sasl_mechanisms: [OAUTHBEARER]\n"),
              HasSubstr("what can be rendered is PLAIN"));
  EXPECT_THAT(new_node(2, "", "  kafka_version: 3.2.0\n"), HasSubstr("3.2.0 is older"));
  const auto files = render("kafka", spec_text("  new: true\n"), {{2, "node.id=2\n"}});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, "contradiction");
}

TEST(Kafka, EveryBrokerNeedsAPlace) {
  std::string text = spec_text("  new: true\n");
  text.replace(text.find("1-9"), 3, "1-2");
  const auto files = render("kafka", text);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, "no_place");
  EXPECT_THAT(files.error().message, HasSubstr("external_listeners[0]: broker 3 has no port"));
}

constexpr const char* kOwnFile =
    "process.roles=broker\n"
    "node.id=2\n"
    "listeners=INTERNAL://10.64.0.3:9092\n"
    "advertised.listeners=INTERNAL://10.64.0.3:9092\n"
    "listener.security.protocol.map=INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT\n"
    "inter.broker.listener.name=INTERNAL\n"
    "controller.listener.names=CONTROLLER\n";

std::string edited(const std::string& own, const std::string& listener = "") {
  return content_of(render("kafka", spec_text("", listener), {{2, own}}),
                    "kafka/broker-node2/server.properties");
}

std::string with(std::string_view line, std::string text = kOwnFile) {
  const std::string key(line.substr(0, line.find('=') + 1));
  const size_t at = text.find("\n" + key) + 1;
  if (at == 0) return text + std::string(line) + "\n";
  return text.replace(at, text.find('\n', at) - at, line);
}

TEST(KafkaEdit, DoneTwiceItChangesNothing) {
  const std::string once = edited(kOwnFile);
  EXPECT_NE(once, kOwnFile);
  EXPECT_EQ(edited(once), once);
  const auto files = render("kafka", spec_text(""), {{2, once}});
  EXPECT_EQ(content_of(files, "kafka/broker-node2/server.properties.diff"), "");
}

TEST(KafkaEdit, OtherValuesBecomeThePlans) {
  std::string own = with("listeners=INTERNAL://10.64.0.3:9092, external://localhost:39099");
  own = with("advertised.listeners=INTERNAL://10.64.0.3:9092,EXTERNAL://b1.abc.example.com:9093",
             own);
  own = with("listener.security.protocol.map=INTERNAL:PLAINTEXT,EXTERNAL:SSL", own);
  const std::string text = edited(own);
  EXPECT_EQ(value_of(text, "listeners"), "INTERNAL://10.64.0.3:9092,external://0.0.0.0:39092");
  EXPECT_EQ(value_of(text, "advertised.listeners"),
            "INTERNAL://10.64.0.3:9092,EXTERNAL://b2.abc.example.com:9094");
  EXPECT_EQ(value_of(text, "listener.security.protocol.map"),
            "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT");
}

TEST(KafkaEdit, TheOwnersKeysAndProvidersStay) {
  const std::string security = "    security: SASL_SSL\n    sasl_mechanisms: [PLAIN]\n";
  const std::string text = edited(std::string(kOwnFile) +
                                      "ssl.keystore.location=/etc/keys.jks\n"
                                      "config.providers=vault\nconfig.providers.vault.class=V\n",
                                  security);
  EXPECT_EQ(value_of(text, "listener.name.external.ssl.keystore.type"), "(absent)");
  EXPECT_EQ(value_of(text, "config.providers"), "vault,directory");
  EXPECT_EQ(value_of(text, "config.providers.vault.class"), "V");
  EXPECT_EQ(edited(text, security), text);
}

TEST(KafkaEdit, AZooKeeperBrokerIsEditedInTheSameWay) {
  const std::string zookeeper = "broker.id=2\nzookeeper.connect=10.64.0.9:2181\n";
  const std::string text =
      content_of(render("kafka", spec_text("  kafka_version: 3.7.1\n"), {{2, zookeeper}}),
                 "kafka/broker-node2/server.properties");
  EXPECT_EQ(value_of(text, "listeners"), "PLAINTEXT://:9092,EXTERNAL://0.0.0.0:39092");
  EXPECT_EQ(value_of(text, "advertised.listeners"),
            "PLAINTEXT://:9092,EXTERNAL://b2.abc.example.com:9094");
  EXPECT_THAT(edited(zookeeper), HasSubstr("process.roles: missing"));
}

struct Refused {
  std::string line;
  std::string because;
};

TEST(KafkaEdit, ContradictionsNameLineAndRemedy) {
  const Refused cases[] = {
      {"node.id=1", "server.properties of broker-node2:2: node.id: '1'"},
      {"process.roles=broker,controller", "roles: [broker,controller]"},
      {"listeners=INTERNAL://:9092,OTHER://:39092", "port 39092 of EXTERNAL is that of OTHER"},
      {"listeners=INTERNAL://:9094", "INTERNAL at 9094"},
      {"listeners=INTERNAL://{ip}:9092", "placeholder"},
      {"inter.broker.listener.name=EXTERNAL", "brokers talk to each other on EXTERNAL"},
      {"controller.listener.names=EXTERNAL", "EXTERNAL is the controllers' listener"},
      {"listener.security.protocol.map=INTERNAL:PLAIN", "'PLAIN' is no security protocol"},
  };
  for (const Refused& one : cases) {
    EXPECT_THAT(edited(with(one.line)), HasSubstr(one.because)) << one.line;
    EXPECT_THAT(edited(with(one.line)), HasSubstr("server.properties of broker-node2:"))
        << one.line;
  }
  const auto files = render("kafka", spec_text(""), {{7, kOwnFile}});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, "unknown_node");
}

TEST(Scripts, NoValueBreaksOutOfItsPlace) {
  const auto files =
      render("scripts", spec_text("  new: true\n  name: \"x'; reboot y %i $(id)\"\n"));
  ASSERT_TRUE(files) << files.error().message;
  for (const RenderedFile& file : *files) {
    if (!file.path.ends_with(".sh")) continue;
    EXPECT_THAT(file.content, Not(HasSubstr("reboot"))) << file.path;
  }
  EXPECT_THAT(content_of(files, "scripts/kafka.service"),
              HasSubstr("cluster x'; reboot y %%i $(id)\n"));
}

TEST(Scripts, TheTestTopicHasAPartitionOnEachBroker) {
  const auto files = render("scripts", spec_text("  new: true\n"));
  EXPECT_THAT(content_of(files, "scripts/produce.sh"), HasSubstr("ASSIGNMENT=2:3,3:2 "));
  EXPECT_THAT(content_of(files, "scripts/nodes.sh"), HasSubstr("[broker-node1]=controller\n"));
}

}  // namespace
}  // namespace portway::render
