#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "plan/golden_testing.h"
#include "render/pod_config.h"
#include "render/render_testing.h"

namespace portway::render {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string method2() { return plan::read_source_file("src/plan/examples/method2.yaml"); }

RenderedFiles rendered(const std::string& text) {
  const auto files = TestInput(text).render("kubernetes");
  if (files) return *files;
  ADD_FAILURE() << files.error().message;
  return {};
}

Error refusal(const std::string& text) {
  const auto files = TestInput(text).render("kubernetes");
  if (!files) return files.error();
  ADD_FAILURE() << "not refused";
  return {};
}

std::string without(const std::string& text, std::string_view block) {
  return text.substr(0, text.find(block));
}

// Pods are not the machine that the file speaks of, and the plan is the same all the same.
TEST(PodConfig, ServesTheSamePlanOnEveryAddress) {
  const TestInput input(replaced(method2(), "admin: 0.0.0.0:9080",
                                 "admin: 127.0.0.1:9444\n  listen: 10.64.0.9\n  workers: 3"));
  const std::string config = pod_config(input.spec(), input.deployment());
  const auto served = plan::parse_spec(config, "portway.yaml");
  ASSERT_TRUE(served) << served.error().message;
  EXPECT_EQ(served->serve.listen, std::vector<std::string>{"0.0.0.0"});
  EXPECT_EQ(to_string(*served->serve.admin), "0.0.0.0:9444");
  EXPECT_EQ(served->serve.workers, 3u);
  EXPECT_EQ(served->cluster.bootstrap, input.spec().cluster.bootstrap);
  EXPECT_EQ(plan::make_port_plan(*served).external_listeners,
            plan::make_port_plan(input.spec()).external_listeners);
}

// Who may connect is the service attachment's business: no pod has to be rolled for it.
TEST(PodConfig, DoesNotChangeWithWhatPodsDoNotUse) {
  const TestInput before(method2());
  const std::string config = pod_config(before.spec(), before.deployment());
  for (const auto& [from, to] :
       {std::pair{"[tidbcloud-prod-000]", "[tidbcloud-prod-000, tidbcloud-prod-001]"},
        std::pair{"kafka_version: 3.7.1", "kafka_version: 4.3.0"},
        std::pair{"{id: 3, address: 10.64.0.4, zone: us-west1-c}",
                  "{id: 3, address: 10.64.0.4, zone: us-west1-b}"},
        std::pair{"name: brokers-subnet", "name: other-subnet"}}) {
    const TestInput after(replaced(method2(), from, to));
    EXPECT_EQ(pod_config(after.spec(), after.deployment()), config) << to;
  }
  const TestInput wider(replaced(method2(), "ids: 1-64", "ids: 1-80"));
  EXPECT_NE(pod_config(wider.spec(), wider.deployment()), config);
}

TEST(Kubernetes, ChangedPlanRollsThePods) {
  const auto hash = [](const std::string& text) {
    const std::string deployment =
        content_of(rendered(text), "kubernetes/manifests/30-deployment.yaml");
    const size_t at = deployment.find("checksum/config: ");
    return deployment.substr(at, deployment.find('\n', at) - at);
  };
  EXPECT_EQ(hash(method2()), hash(method2()));
  EXPECT_NE(hash(method2()), hash(replaced(method2(), "ids: 1-64", "ids: 1-65")));
}

TEST(Kubernetes, PodsHaveTimeToDrain) {
  const std::string text = replaced(method2(), "admin: 0.0.0.0:9080",
                                    "admin: 0.0.0.0:9080\n  drain_notice: 1500ms\n  "
                                    "drain_timeout: 2m");
  const RenderedFiles files = rendered(text);
  EXPECT_THAT(content_of(files, "kubernetes/manifests/30-deployment.yaml"),
              HasSubstr("terminationGracePeriodSeconds: 162\n"));  // 15 + 2 + 120 + 10
  EXPECT_THAT(content_of(files, "kubernetes/chart/values.yaml"),
              HasSubstr("gracePeriodSeconds: 162\n"));
}

TEST(Kubernetes, ServiceHasEveryPortOfEveryListener) {
  const std::string text =
      replaced(plan::read_source_file("src/plan/examples/two-projects-proxy.yaml"),
               "\ncloud:", "\nkubernetes: {image: example.com/portway:1, name: \"yes\"}\n\ncloud:");
  const RenderedFiles files = rendered(text);
  const std::string service = content_of(files, "kubernetes/manifests/60-service.yaml");
  for (const int port : {9092, 9155, 9192, 9255}) {
    EXPECT_THAT(service, HasSubstr("port: " + std::to_string(port) + "\n"));
  }
  for (const int port : {9091, 9156, 9191, 9256}) {
    EXPECT_THAT(service, Not(HasSubstr("port: " + std::to_string(port) + "\n")));
  }
  EXPECT_THAT(service, HasSubstr("  name: \"yes\"\n"));  // a name, whatever it looks like
  const std::string attachment =
      content_of(files, "kubernetes/manifests/80-serviceattachment.yaml");
  EXPECT_THAT(attachment, HasSubstr("tidbcloud-prod-000"));
  EXPECT_THAT(attachment, HasSubstr("tidbcloud-prod-001"));
}

TEST(Kubernetes, GlobalAccessAndLowPortsAreSaidWhereNeeded) {
  const std::string global = "internal-load-balancer-allow-global-access: \"true\"";
  const std::string low = "net.ipv4.ip_unprivileged_port_start";
  const RenderedFiles plain = rendered(method2());
  EXPECT_THAT(content_of(plain, "kubernetes/manifests/60-service.yaml"), Not(HasSubstr(global)));
  EXPECT_THAT(content_of(plain, "kubernetes/manifests/30-deployment.yaml"), Not(HasSubstr(low)));
  const RenderedFiles other =
      rendered(replaced(replaced(method2(), "first: 9092", "first: 1000"), "network_existing: true",
                        "network_existing: true\n  global_access: true"));
  EXPECT_THAT(content_of(other, "kubernetes/manifests/60-service.yaml"), HasSubstr(global));
  EXPECT_THAT(content_of(other, "kubernetes/manifests/30-deployment.yaml"), HasSubstr(low));
  EXPECT_THAT(content_of(other, "kubernetes/chart/values.yaml"), HasSubstr("hasLowPorts: true"));
}

// Every branch of the templates: two listeners, ports below 1024, single ports, global access, no
// consumers, names that YAML would take for something else. The files are checked as those of the
// examples.
TEST(Kubernetes, ExtremesAreAsExpected) {
  const std::string folder = "src/render/testdata/kubernetes-extremes";
  const RenderedFiles files = rendered(plan::read_source_file(folder + ".yaml"));
  for (const RenderedFile& file : files) {
    const std::string path = folder + "/" + file.path;
    std::filesystem::create_directories(
        std::filesystem::path(plan::source_path(path)).parent_path());
    plan::expect_golden(path, file.content);
  }
}

TEST(Kubernetes, RefusesWhatItCannotRender) {
  EXPECT_EQ(refusal(plan::read_source_file("src/plan/examples/method1.yaml")).code, "no_files");
  const Error no_block = refusal(without(method2(), "\nkubernetes:"));
  EXPECT_EQ(no_block.code, "no_files");
  EXPECT_THAT(no_block.message, HasSubstr("image"));
  const Error no_cloud =
      refusal(without(method2(), "\ncloud:") + "\nkubernetes: {image: example.com/portway:1}\n");
  EXPECT_EQ(no_cloud.code, "no_cloud");
  EXPECT_THAT(no_cloud.message, HasSubstr("cloud: {project: "));
  EXPECT_EQ(refusal(replaced(method2(), "project: my-kafka-project\n",
                             "project: my-kafka-project\n  provider: aws\n"))
                .code,
            "other_cloud");
  EXPECT_EQ(refusal(method2() + "  replicas_min: 9\n").code, "replicas");
}

TEST(Kubernetes, RefusesPortsThatAServiceCannotHave) {
  const Error many = refusal(replaced(method2(), "ids: 1-64", "ids: 1-4000"));
  EXPECT_EQ(many.code, "too_many_ports");
  EXPECT_THAT(many.message, HasSubstr("4000 ports"));
  EXPECT_THAT(many.message, HasSubstr("ports.ids"));
  const Error few = refusal(replaced(method2(), "ids: 1-64", "ids: 1-5"));
  EXPECT_EQ(few.code, "too_few_ports");
  EXPECT_THAT(few.message, HasSubstr("1-64"));
  EXPECT_EQ(rendered(replaced(method2(), "ids: 1-64", "ids: 1-6")).empty(), false);
  const Error taken = refusal(replaced(replaced(method2(), "admin: 0.0.0.0:9080", "admin: off"),
                                       "first: 9092", "first: 9050"));
  EXPECT_EQ(taken.code, "admin_port_taken");
  EXPECT_THAT(taken.message, HasSubstr("9114"));
}

}  // namespace
}  // namespace portway::render
