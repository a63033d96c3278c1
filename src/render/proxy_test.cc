#include <gtest/gtest.h>

#include <string>

#include "plan/golden_testing.h"
#include "plan/port_plan.h"
#include "plan/spec.h"
#include "render/proxy_vm.h"
#include "render/render_testing.h"

namespace portway::render {
namespace {

std::string example(const std::string& name) {
  return plan::read_source_file("src/plan/examples/" + name + ".yaml");
}

const std::string kAdmin = "admin: 0.0.0.0:9080";

std::string method2_with(const std::string& serve) {
  return replaced(example("method2"), kAdmin, kAdmin + "\n  " + serve);
}

std::string startup_of(const std::string& text) {
  const auto files = TestInput(text).render("proxy");
  return files ? content_of(*files, "proxy/startup.sh") : files.error().message;
}

std::string unit_of(const std::string& text) {
  const auto files = TestInput(text).render("proxy");
  return files ? content_of(*files, "proxy/portway.service") : files.error().message;
}

std::string refusal(const std::string& text) {
  const auto files = TestInput(text).render("proxy");
  return files ? "rendered" : files.error().code;
}

TEST(RenderProxy, RunsTheSamePortPlan) {
  for (const std::string name : {"method2", "two-projects-proxy"}) {
    const TestInput input(example(name));
    const auto files = input.render("proxy");
    ASSERT_TRUE(files) << files.error().message;
    const auto spec = plan::parse_spec(content_of(*files, "proxy/portway.yaml"), "portway.yaml");
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(make_port_plan(*spec), make_port_plan(input.spec()));
    EXPECT_EQ(spec->cluster.bootstrap, input.spec().cluster.bootstrap);
    EXPECT_EQ(spec->serve, input.spec().serve);
  }
}

TEST(RenderProxy, LeavesOutPortMappings) {
  const std::string mixed = replaced(
      example("two-projects-proxy"), "  - name: EXTERNAL\n",
      "  - name: MAPPED\n    method: port-mapping\n    advertise: \"b{id}.ghi.example.com\"\n"
      "    ports: {first: 9093, ids: 1-64}\n    consumers: [tidbcloud-prod-002]\n"
      "  - name: EXTERNAL\n");
  const std::string startup = startup_of(mixed);
  EXPECT_EQ(startup.find("MAPPED"), std::string::npos) << startup;
  EXPECT_EQ(startup, startup_of(example("two-projects-proxy")));
}

// What does not concern `portway serve` replaces no VM.
TEST(RenderProxy, StaysTheSameWhenOthersChange) {
  const std::string startup = startup_of(example("method2"));
  for (const auto& [from, to] : {std::pair{"[tidbcloud-prod-000]", "[tidbcloud-prod-001]"},
                                 std::pair{"kafka_version: 3.7.1", "kafka_version: 4.3.0"},
                                 std::pair{"zone: us-west1-c", "zone: us-west1-b"},
                                 std::pair{"  proxy:\n", "  proxy:\n    replicas_max: 9\n"}}) {
    EXPECT_EQ(startup_of(replaced(example("method2"), from, to)), startup) << to;
  }
}

TEST(RenderProxy, HealthChecksReachTheAdminPages) {
  const std::string loopback = replaced(example("method2"), kAdmin, "admin: 127.0.0.1:9999");
  EXPECT_NE(startup_of(loopback).find("admin: \"0.0.0.0:9999\""), std::string::npos);
}

TEST(RenderProxy, FetchesAndChecksTheExecutable) {
  const std::string digest(64, 'a');
  const std::string https =
      replaced(example("method2"), "binary: gs://my-kafka-project-portway/portway-0.1.0",
               "binary: https://files.example.com/portway-0.1.0\n    binary_sha256: " + digest);
  EXPECT_NE(startup_of(https).find("\nbinary=https://files.example.com/portway-0.1.0\n"),
            std::string::npos);
  EXPECT_NE(startup_of(https).find("\nsha256=" + digest + "\n"), std::string::npos);
  EXPECT_NE(startup_of(https).find("curl --fail --location"), std::string::npos);
  EXPECT_NE(startup_of(example("method2")).find("gcloud storage cp"), std::string::npos);
}

TEST(RenderProxy, StoppingTakesAsLongAsDraining) {
  EXPECT_NE(unit_of(example("method2")).find("\nTimeoutStopSec=45\n"), std::string::npos);
  EXPECT_NE(unit_of(method2_with("drain_timeout: 90500ms")).find("\nTimeoutStopSec=106\n"),
            std::string::npos);
}

TEST(RenderProxy, DescriptorsFollowFromTheLimits) {
  // 2 x 10000, 64 workers x (64 ports + 128), 1024.
  EXPECT_NE(unit_of(example("method2")).find("\nLimitNOFILE=33312\n"), std::string::npos);
  EXPECT_NE(unit_of(method2_with("connections_max: 500")).find("\nLimitNOFILE=14312\n"),
            std::string::npos);
}

TEST(RenderProxy, OnlyLowPortsNeedACapability) {
  EXPECT_NE(unit_of(example("method2")).find("\nCapabilityBoundingSet=\n"), std::string::npos);
  const std::string low = replaced(example("method2"), "{first: 9092,", "{first: 992,");
  EXPECT_NE(unit_of(low).find("\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"), std::string::npos);
}

TEST(RenderProxy, RefusesWhatCannotRun) {
  const std::string plan = example("method2");
  EXPECT_EQ(refusal(plan), "rendered");
  EXPECT_EQ(refusal(example("method1")), "no_files");
  EXPECT_EQ(refusal(plan.substr(0, plan.find("\ncloud:"))), "no_files");
  EXPECT_EQ(refusal(replaced(plan, "cloud:\n", "cloud:\n  provider: aws\n")), "provider");
  EXPECT_EQ(refusal(replaced(
                plan, "  proxy:\n    binary: gs://my-kafka-project-portway/portway-0.1.0", "")),
            "no_binary");
  EXPECT_EQ(refusal(replaced(plan, kAdmin, "admin: off")), "no_admin");
  EXPECT_EQ(refusal(method2_with("listen: [10.64.0.9]")), "listen_address");
  EXPECT_EQ(refusal(method2_with("drain_notice: 2s")), "drain_notice");
}

TEST(RenderProxy, RefusesMoreThanMetadataHolds) {
  std::string exceptions = "    brokers:\n";
  for (int id = 20000; id < 29000; ++id) {
    exceptions += "      " + std::to_string(id) + ": {port: " + std::to_string(id) +
                  ", advertised_port: " + std::to_string(id + 10000) + "}\n";
  }
  const std::string large = replaced(example("method2"), "    consumers: [tidbcloud-prod-000]\n",
                                     exceptions + "    consumers: [tidbcloud-prod-000]\n");
  EXPECT_EQ(refusal(large), "metadata_too_large");
}

}  // namespace
}  // namespace portway::render
