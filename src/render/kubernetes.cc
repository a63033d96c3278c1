#include <fmt/format.h>

#include "render/kubernetes_values.h"
#include "render/targets.h"
#include "render/template.h"

namespace portway::render {
namespace {

constexpr std::string_view kManifests[] = {
    "00-namespace.yaml",  "10-serviceaccount.yaml",      "20-configmap.yaml",
    "30-deployment.yaml", "40-poddisruptionbudget.yaml", "50-horizontalpodautoscaler.yaml",
    "60-service.yaml",    "70-networkpolicy.yaml",       "80-serviceattachment.yaml",
};

// Filled here, for this plan.
constexpr std::string_view kChartFiles[] = {"Chart.yaml", "values.yaml"};

// Filled by Helm from values.yaml: written as they are.
constexpr std::string_view kChartTemplates[] = {
    "NOTES.txt",
    "_helpers.tpl",
    "serviceaccount.yaml",
    "configmap.yaml",
    "deployment.yaml",
    "poddisruptionbudget.yaml",
    "horizontalpodautoscaler.yaml",
    "service.yaml",
    "networkpolicy.yaml",
    "serviceattachment.yaml",
};

// The node ports of a cluster (30000-32767, one for each port of every Service) and kubectl's copy
// of an object in its own annotations (256 KiB) would do for some 2,700 ports; but every node has
// rules for each of them. A port mapping NEG holds as many, too.
constexpr size_t kServicePortsMax = 1000;

// GKE lists the ports of a load balancer that has at most five, and lets all through beyond:
// growing past five replaces a forwarding rule that the service attachment holds on to.
constexpr size_t kListedPortsMax = 5;

size_t count_of(const std::vector<plan::PortRange>& ranges) {
  size_t count = 0;
  for (const plan::PortRange& range : ranges) count += size_t{range.last} - range.first + 1;
  return count;
}

std::string text_of(const std::vector<plan::PortRange>& ranges) {
  std::string text;
  for (const plan::PortRange& range : ranges) {
    text += (text.empty() ? "" : ", ") + to_string(range);
  }
  return text;
}

Result<void> check_ports(const plan::Deployment& deployment) {
  const std::vector<plan::PortRange>& ranges = deployment.proxy->client_ports;
  const size_t count = count_of(ranges);
  if (count > kServicePortsMax) {
    return fail(Fault::kOperator, "too_many_ports",
                fmt::format("external_listeners: {} ports ({}) for one Service of Kubernetes; at "
                            "most {}: narrow ports.ids to the broker ids that the cluster can have",
                            count, text_of(ranges), kServicePortsMax));
  }
  if (count <= kListedPortsMax) {
    return fail(
        Fault::kOperator, "too_few_ports",
        fmt::format("external_listeners: {} ports ({}); on GKE a Service needs more than {} "
                    "from the start, since the load balancer has to be made anew when it "
                    "grows past that: widen ports.ids, for example to 1-64",
                    count, text_of(ranges), kListedPortsMax));
  }
  for (const plan::PortRange& range : ranges) {
    if (deployment.health_port < range.first || deployment.health_port > range.last) continue;
    return fail(Fault::kOperator, "admin_port_taken",
                fmt::format("serve.admin: pods answer /readyz at port {}, which is also a port of "
                            "{}; write for example serve.admin: 0.0.0.0:{}",
                            deployment.health_port, to_string(range),
                            range.last < 65535 ? range.last + 1 : range.first - 1));
  }
  return {};
}

Result<void> check(const RenderInput& input) {
  if (!input.deployment.proxy) {
    return fail(Fault::kOperator, "no_files",
                "no external listener has the method proxy: there are no proxies to run on "
                "Kubernetes");
  }
  if (!input.spec.kubernetes) {
    return fail(Fault::kOperator, "no_files",
                "there is no kubernetes block; write for example kubernetes: {image: "
                "us-west1-docker.pkg.dev/my-kafka-project/portway/portway:0.1.0}");
  }
  if (!input.spec.cloud) {
    return fail(Fault::kOperator, "no_cloud",
                "cloud: missing; the service attachment needs the project, the region and the NAT "
                "subnet: write for example cloud: {project: my-kafka-project, region: us-west1}");
  }
  if (input.spec.cloud->provider != plan::CloudProvider::kGcp) {
    return fail(Fault::kOperator, "other_cloud",
                fmt::format("cloud.provider: {}; manifests are rendered for gcp (GKE) only",
                            provider_name(input.spec.cloud->provider)));
  }
  const plan::KubernetesSpec& kubernetes = *input.spec.kubernetes;
  if (kubernetes.replicas_min > kubernetes.replicas_max) {
    return fail(Fault::kOperator, "replicas",
                fmt::format("kubernetes.replicas_min: {} is more than replicas_max, which is {}; "
                            "raise the latter",
                            kubernetes.replicas_min, kubernetes.replicas_max));
  }
  return check_ports(input.deployment);
}

}  // namespace

Result<RenderedFiles> render_kubernetes(const RenderInput& input) {
  if (auto fine = check(input); !fine) return tl::unexpected(fine.error());
  const auto values = kubernetes_values(input);
  RenderedFiles files;
  for (const std::string_view name : kManifests) {
    const std::string path = fmt::format("kubernetes/manifests/{}", name);
    files.push_back({path, fill(path, values)});
  }
  for (const std::string_view name : kChartFiles) {
    const std::string path = fmt::format("kubernetes/chart/{}", name);
    files.push_back({path, fill(path, values)});
  }
  for (const std::string_view name : kChartTemplates) {
    const std::string path = fmt::format("kubernetes/chart/templates/{}", name);
    files.push_back({path, std::string(template_text(path))});
  }
  return files;
}

}  // namespace portway::render
