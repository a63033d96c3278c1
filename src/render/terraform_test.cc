#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "plan/golden_testing.h"
#include "render/render_testing.h"

namespace portway::render {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kNode3 =
    "    - {id: 3, address: 10.64.0.4, zone: us-west1-c, instance: broker-node3}\n";

std::string example(const std::string& name) {
  return plan::read_source_file("src/plan/examples/" + name + ".yaml");
}

std::string file(const std::string& spec, const std::string& path) {
  const auto files = TestInput(spec).render("terraform");
  if (!files) {
    ADD_FAILURE() << files.error().message;
    return {};
  }
  return content_of(*files, path);
}

std::string refusal(const std::string& spec) {
  const auto files = TestInput(spec).render("terraform");
  return files ? "none" : files.error().code;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> list;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    list.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return list;
}

// The lines that `after` has more, where it has all of `before` in the same order around one or
// more gaps; a failure where it has not.
std::vector<std::string> added(const std::string& before, const std::string& after) {
  const std::vector<std::string> old_lines = lines(before);
  std::vector<std::string> more;
  size_t at = 0;
  for (const std::string& line : lines(after)) {
    if (at < old_lines.size() && old_lines[at] == line) {
      ++at;
    } else {
      more.push_back(line);
    }
  }
  EXPECT_EQ(at, old_lines.size()) << "changed: " << (at < old_lines.size() ? old_lines[at] : "");
  return more;
}

// A fourth node in a zone that has one already: the bootstrap servers stay.
std::string with_node4(std::string spec) {
  const size_t at = spec.find("    - {id: 3, ");
  const size_t end = spec.find('\n', at) + 1;
  return spec.insert(end, "    - {id: 4, address: 10.64.0.5, zone: us-west1-a}\n");
}

class TerraformStable : public testing::TestWithParam<const char*> {};

TEST_P(TerraformStable, NodeMoreIsItsEntriesMore) {
  const std::string three = example(GetParam());
  const auto before = TestInput(three).render("terraform");
  const auto after = TestInput(with_node4(three)).render("terraform");
  ASSERT_TRUE(before && after);
  ASSERT_EQ(before->size(), after->size());
  size_t entries = 0;
  for (size_t i = 0; i < before->size(); ++i) {
    const RenderedFile& old_file = (*before)[i];
    SCOPED_TRACE(old_file.path);
    ASSERT_EQ(old_file.path, (*after)[i].path);
    const std::vector<std::string> more = added(old_file.content, (*after)[i].content);
    if (more.empty()) continue;
    EXPECT_TRUE(old_file.path.ends_with("/variables.tf"));
    for (const std::string& line : more) {
      entries += line.ends_with("4\" = {");
      EXPECT_THAT(line, Not(testing::ContainsRegex("[-\"b](node)?[123][\".]"))) << line;
    }
  }
  EXPECT_GT(entries, 0u);
}

INSTANTIATE_TEST_SUITE_P(, TerraformStable,
                         testing::Values("method1", "method2", "two-projects", "two-projects-proxy",
                                         "existing-cluster"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// Brokers only get endpoints; a VM is made for a controller too.
TEST(Terraform, ControllersAreNoEndpoints) {
  std::string spec = with_node4(example("method1"));
  spec = replaced(spec, "10.64.0.5, ", "10.64.0.5, roles: [controller], ");
  EXPECT_THAT(file(spec, "terraform/cluster/variables.tf"), HasSubstr("broker-node4"));
  const std::string mapping = file(spec, "terraform/port-mapping/variables.tf");
  EXPECT_THAT(mapping, Not(HasSubstr("broker-node4")));
  EXPECT_THAT(mapping, Not(HasSubstr("EXTERNAL-4")));
}

TEST(Terraform, BothMethodsShareOneNetworkAndOneConsumer) {
  std::string spec = example("two-projects");
  spec = replaced(spec, "    method: port-mapping\n    advertise: \"b{id}.def",
                  "    advertise: \"b{id}.def");
  spec = replaced(spec, "    listen_port: 39093\n", "");
  for (const char* module : {"port-mapping", "proxy"}) {
    const std::string main = file(spec, std::string("terraform/") + module + "/main.tf");
    EXPECT_THAT(main, HasSubstr("data \"google_compute_network\" \"kafka\""));
    EXPECT_THAT(main, Not(HasSubstr("resource \"google_compute_network\"")));
  }
  EXPECT_THAT(file(spec, "terraform/cluster/network.tf"),
              HasSubstr("resource \"google_compute_network\" \"kafka\""));
  const std::string consumer = file(spec, "terraform/consumer/variables.tf");
  EXPECT_THAT(consumer, HasSubstr("serviceAttachments/kafka-psc\""));
  EXPECT_THAT(consumer, HasSubstr("serviceAttachments/kafka-proxy-psc\""));
}

// One name cannot lead to two endpoints: the second listener is said, not lost.
TEST(Terraform, SameNameBehindTwoAttachmentsIsOneRecord) {
  std::string spec = example("two-projects");
  spec = replaced(spec, "    method: port-mapping\n    advertise: \"b{id}.def",
                  "    advertise: \"b{id}.abc");
  spec = replaced(spec, "    listen_port: 39093\n", "");
  EXPECT_THAT(file(spec, "terraform/consumer/variables.tf"),
              HasSubstr("    # EXTERNAL (not EXTERNAL2: its endpoint is kafka-proxy-psc).\n"
                        "    \"*.abc.us-west1.gcp.3199745.tidbcloud.com\" = {\n"
                        "      domain   = \"abc.us-west1.gcp.3199745.tidbcloud.com\"\n"
                        "      endpoint = \"kafka-psc\"\n"
                        "    }\n"
                        "  }\n"));
}

std::string advertising(const std::string& name) {
  return replaced(example("method2"), "b{id}.abc.us-west1.gcp.3199745.tidbcloud.com", name);
}

TEST(Terraform, RecordIsWhatStandsAfterTheId) {
  EXPECT_THAT(file(advertising("kafka.b{id}.example.com"), "terraform/consumer/variables.tf"),
              HasSubstr("\"*.example.com\" = {\n      domain   = \"example.com\"\n"));
  EXPECT_THAT(file(advertising("kafka.example.com"), "terraform/consumer/variables.tf"),
              HasSubstr("\"kafka.example.com\" = {\n      domain   = \"kafka.example.com\"\n"));
  EXPECT_THAT(file(advertising("10.1.2.3"), "terraform/consumer/variables.tf"),
              HasSubstr("  default = {\n  }\n"));
}

TEST(Terraform, TimesOfLoadBalancerFollowThoseOfServe) {
  std::string spec = example("method2");
  spec = replaced(spec, "serve:\n", "serve:\n  drain_notice: 20s\n  drain_timeout: 90500ms\n");
  const std::string variables = file(spec, "terraform/proxy/variables.tf");
  EXPECT_THAT(variables, testing::ContainsRegex("\"connection_draining_timeout_sec\" [^}]*"
                                                "default     = 111\n"));
  EXPECT_THAT(variables, testing::ContainsRegex("\"health_interval_sec\" [^}]*default     = 5\n"));
}

TEST(Terraform, ExistingNetworkAndMissingSubnet) {
  std::string spec = example("method2");
  spec = replaced(spec, "10.64.0.0/18, existing: true", "10.64.0.0/18");
  const std::string network = file(spec, "terraform/cluster/network.tf");
  EXPECT_THAT(network, HasSubstr("data \"google_compute_network\" \"kafka\""));
  EXPECT_THAT(network, HasSubstr("resource \"google_compute_subnetwork\" \"brokers\""));
  EXPECT_THAT(network, HasSubstr("network       = data.google_compute_network.kafka.id\n"));
  EXPECT_THAT(file(spec, "terraform/cluster/variables.tf"), Not(HasSubstr("nodes")));
}

TEST(Terraform, RefusesWhatItCannotMake) {
  const std::string method1 = example("method1");
  const std::string existing = example("existing-cluster");
  EXPECT_EQ(refusal(existing.substr(0, existing.find("\ncloud:"))), "no_files");
  EXPECT_EQ(refusal(replaced(existing, "\ncloud:\n", "\ncloud:\n  provider: aws\n")), "provider");
  EXPECT_EQ(refusal(replaced(method1, "address: 10.64.0.3", "address: broker2.example.com")),
            "bad_address");
  EXPECT_EQ(refusal(replaced(method1, "address: 10.64.0.3", "address: 10.65.0.3")), "bad_address");
  EXPECT_EQ(refusal(replaced(existing, "zone: us-west1-b, ", "")), "zone");
  EXPECT_EQ(refusal(replaced(existing, "ids: 1-64", "ids: 11-64")), "no_nodes");
  EXPECT_EQ(refusal(replaced(example("method2"), "admin: 0.0.0.0:9080", "admin: off")), "no_admin");
}

// A node without a place on the port mapping needs no zone.
TEST(Terraform, NodesWithoutPlaceAreNoBusinessOfPortMapping) {
  std::string spec = example("existing-cluster");
  spec = replaced(spec, kNode3, "    - {id: 3, address: 10.64.0.4, roles: [controller]}\n");
  EXPECT_THAT(file(spec, "terraform/port-mapping/variables.tf"), Not(HasSubstr("broker-node3")));
}

}  // namespace
}  // namespace portway::render
