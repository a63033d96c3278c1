#include <gtest/gtest.h>

#include <string>

#include "plan/golden_testing.h"
#include "render/render_testing.h"

namespace portway::render {
namespace {

std::string example(const std::string& name) {
  return plan::read_source_file("src/plan/examples/" + name + ".yaml");
}

std::string file_of(const std::string& text, std::string_view path) {
  const auto files = TestInput(text).render("gcloud");
  return files ? content_of(*files, path) : files.error().message;
}

std::string refusal(const std::string& text) {
  const auto files = TestInput(text).render("gcloud");
  return files ? "rendered" : files.error().code;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string template_name(const std::string& text) {
  const std::string fleet = file_of(text, "gcloud/proxy/fleet.sh");
  const size_t at = fleet.find("\ntemplate=");
  EXPECT_NE(at, std::string::npos) << fleet;
  return fleet.substr(at + 1, fleet.find('\n', at + 1) - at - 1);
}

const std::string kBinary = "binary: gs://my-kafka-project-portway/portway-0.1.0";

// A plan with both methods.
std::string mixed() {
  return replaced(example("two-projects-proxy"), "  - name: EXTERNAL\n",
                  "  - name: MAPPED\n    method: port-mapping\n"
                  "    advertise: \"b{id}.ghi.us-west1.gcp.3199745.tidbcloud.com\"\n"
                  "    ports: {first: 9093, ids: 1-64}\n    consumers: [tidbcloud-prod-002]\n"
                  "  - name: EXTERNAL\n");
}

TEST(RenderGcloud, ScriptsMayBeRunAndSourcedFilesNot) {
  const auto files = TestInput(mixed()).render("gcloud");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files->size(), 10u);
  for (const RenderedFile& file : *files) {
    EXPECT_EQ(file.is_executable, file.content.starts_with("#!")) << file.path;
  }
}

TEST(RenderGcloud, OnlyTheMethodsOfThePlan) {
  for (const auto& [name, count] : {std::pair{"method1", 5u}, std::pair{"method2", 7u}}) {
    const auto files = TestInput(example(name)).render("gcloud");
    ASSERT_TRUE(files) << files.error().message;
    EXPECT_EQ(files->size(), count) << name;
  }
}

TEST(RenderGcloud, WhatBothMethodsUseGoesWithTheLast) {
  const std::string mapping = file_of(mixed(), "gcloud/port-mapping/teardown.sh");
  EXPECT_TRUE(has(mapping, "lookup name 'networks subnets' proxy-psc-subnet")) << mapping;
  const std::string proxy = file_of(mixed(), "gcloud/proxy/teardown.sh");
  EXPECT_TRUE(has(proxy, "lookup name 'networks subnets' psc-subnet")) << proxy;
  EXPECT_FALSE(
      has(file_of(example("method1"), "gcloud/port-mapping/teardown.sh"), "what both methods"));
}

TEST(RenderGcloud, ATemplateIsNamedByItsContent) {
  const std::string plan = example("method2");
  const std::string name = template_name(plan);
  EXPECT_EQ(template_name(plan), name);
  EXPECT_EQ(template_name(replaced(plan, kBinary, kBinary + "\n    replicas_max: 9")), name);
  EXPECT_NE(template_name(replaced(plan, kBinary, kBinary + "1")), name);
  EXPECT_NE(template_name(replaced(plan, kBinary, kBinary + "\n    machine_type: e2-small")), name);
  EXPECT_NE(template_name(replaced(plan, "{first: 9092,", "{first: 9093,")), name);
}

TEST(RenderGcloud, GlobalAccessIsAskedForBeforeTheAttachment) {
  const std::string on = replaced(example("method1"), "  region: us-west1\n",
                                  "  region: us-west1\n  global_access: true\n");
  const std::string create = file_of(on, "gcloud/port-mapping/create.sh");
  const size_t rule = create.find("\"$load_balancer\" on ");
  ASSERT_NE(rule, std::string::npos) << create;
  EXPECT_LT(rule, create.find("\nservice_attachment "));
}

// A cluster's name is free text: it ends neither a word nor a comment.
TEST(RenderGcloud, AClusterNameIsTakenForText) {
  const std::string odd =
      replaced(example("method1"), "name: orders", "name: \"a'b) $(reboot) `x`\"");
  EXPECT_TRUE(has(file_of(odd, "gcloud/common.sh"),
                  "\nmark='Made by Portway (Kafka cluster a-b----reboot---x-)'\n"));
}

TEST(RenderGcloud, NotesWhatTheFleetNeeds) {
  const std::string plan = example("method2");
  const std::string odd =
      replaced(replaced(plan, kBinary, "binary: https://files.example.com/p\n    replicas_min: 1"),
               "admin: 0.0.0.0:9080", "admin: 0.0.0.0:9080\n  keep_alive: 0\n  drain_timeout: 10m");
  const std::string create = file_of(odd, "gcloud/proxy/create.sh");
  for (const char* part :
       {"Cloud NAT", "binary_sha256", "replicas_min: 1", "serve.keep_alive", "about 90 s"}) {
    EXPECT_TRUE(has(create, part)) << part;
  }
  EXPECT_TRUE(has(create, "--connection-draining-timeout=605"));
  EXPECT_TRUE(has(file_of(odd, "gcloud/proxy/fleet.sh"), "--no-service-account"));
}

TEST(RenderGcloud, RefusesWhatCannotBeMade) {
  const std::string mapping = example("existing-cluster");
  const std::string proxy = example("method2");
  EXPECT_EQ(refusal(mapping), "rendered");
  EXPECT_EQ(refusal(mapping.substr(0, mapping.find("\ncloud:"))), "no_files");
  EXPECT_EQ(refusal(replaced(mapping, "cloud:\n", "cloud:\n  provider: azure\n")), "provider");
  EXPECT_EQ(refusal(replaced(mapping, "    consumers: [tidbcloud-prod-000]\n", "")),
            "no_consumers");
  EXPECT_EQ(refusal(replaced(mapping, "zone: us-west1-b, ", "")), "zone");
  EXPECT_EQ(refusal(replaced(mapping, "us-west1-b", "us-east1-b")), "zone");
  EXPECT_EQ(refusal(replaced(mapping, "ids: 1-64", "ids: 1-2")), "no_place");
  EXPECT_EQ(refusal(replaced(proxy, kBinary, "replicas_max: 3")), "no_binary");
  EXPECT_EQ(refusal(replaced(proxy, kBinary, kBinary + "\n    replicas_max: 1")), "replicas");
  EXPECT_EQ(refusal(replaced(mixed(), kBinary, kBinary + "\n    nat_subnet: psc-subnet")),
            "same_name");
  EXPECT_EQ(
      refusal(replaced(proxy, kBinary, kBinary + "\n    health_check: h" + std::string(60, 'c'))),
      "long_name");
}

TEST(RenderGcloud, PortMappingNeedsNodes) {
  const std::string plan = example("existing-cluster");
  const size_t nodes = plan.find("  nodes:");
  const size_t end = plan.find("\nexternal_listeners:");
  const std::string without =
      plan.substr(0, nodes) + "  bootstrap: [\"10.64.0.2:9092\"]\n" + plan.substr(end);
  EXPECT_EQ(refusal(without), "no_nodes");
}

}  // namespace
}  // namespace portway::render
