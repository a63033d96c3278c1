#include "render/proxy_vm.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "plan/spec_defaults.h"
#include "render/google_cloud.h"
#include "render/template.h"

namespace portway::render {
namespace {

constexpr size_t kMetadataValueBytesMax = 256 * 1024;  // Compute Engine: "metadata entries" limits

// Two failures at the shortest interval of a health check, 1 s, and some time to be acted upon.
constexpr uint32_t kDrainNoticeMinMs = 3000;

// From the end of the drain until systemd kills: what is cut has to be closed and logged.
constexpr uint32_t kStopMarginS = 10;

// Descriptors, as docs/operations.md counts them. Workers follow the VM's processors unless given:
// enough for a large VM.
constexpr uint64_t kWorkersOfAuto = 64;
constexpr uint64_t kPipeDescriptorsPerWorker = 128;
constexpr uint64_t kOtherDescriptors = 1024;
constexpr uint16_t kFirstUnprivilegedPort = 1024;

uint32_t seconds(uint64_t milliseconds) {
  return static_cast<uint32_t>((milliseconds + 999) / 1000);
}

uint64_t descriptors(const RenderInput& input) {
  const plan::ServeSpec& serve = input.spec.serve;
  const uint64_t workers = serve.workers == 0 ? kWorkersOfAuto : serve.workers;
  uint64_t ports = 0;
  for (const plan::PortRange& range : input.deployment.proxy->client_ports) {
    ports += uint64_t{range.last} - range.first + 1;
  }
  return 2 * uint64_t{serve.connections_max} +
         workers * (ports * serve.listen.size() + kPipeDescriptorsPerWorker) + kOtherDescriptors;
}

bool has_low_port(const RenderInput& input) {
  const auto& ports = input.deployment.proxy->client_ports;
  return input.deployment.health_port < kFirstUnprivilegedPort ||
         std::any_of(ports.begin(), ports.end(), [](const plan::PortRange& range) {
           return range.first < kFirstUnprivilegedPort;
         });
}

Result<void> check_plan(const RenderInput& input) {
  if (const auto done = check_google_cloud(input, "proxy"); !done) return done;
  const plan::Spec& spec = input.spec;
  if (!input.deployment.proxy) {
    return fail(Fault::kOperator, "no_files",
                "no external listener has the method proxy: there is no proxy to start");
  }
  if (spec.cloud->proxy.binary.empty()) {
    return fail(Fault::kOperator, "no_binary",
                "cloud.proxy.binary: missing; a new VM has to fetch the portway executable from "
                "somewhere: write for example gs://my-bucket/portway-0.1.0");
  }
  if (!spec.serve.admin) {
    return fail(Fault::kOperator, "no_admin",
                "serve.admin: off leaves health checks nothing to ask; write 0.0.0.0:9080");
  }
  const auto& listen = spec.serve.listen;
  if (std::find(listen.begin(), listen.end(), "0.0.0.0") == listen.end()) {
    return fail(Fault::kOperator, "listen_address",
                fmt::format("serve.listen: {} is not among the addresses of every VM, and what the "
                            "load balancer passes on bears the address of its forwarding rule; "
                            "write 0.0.0.0",
                            listen.front()));
  }
  if (spec.serve.drain_notice_ms < kDrainNoticeMinMs) {
    return fail(Fault::kOperator, "drain_notice",
                fmt::format("serve.drain_notice: {} ms is over before the load balancer has "
                            "noticed; write {}s at least, 5s is the default",
                            spec.serve.drain_notice_ms, kDrainNoticeMinMs / 1000));
  }
  return {};
}

std::string configuration(const plan::Spec& spec) {
  return "# What portway serve needs of the plan, on each VM of the fleet. Rendered: change the\n"
         "# plan's own portway.yaml, render again, and let the instance group replace its VMs.\n" +
         plan::to_yaml(serve_spec(spec));
}

}  // namespace

plan::Spec serve_spec(const plan::Spec& spec) {
  plan::Spec reduced = spec;
  reduced.cluster = plan::default_cluster();
  reduced.cluster.name = spec.cluster.name;
  reduced.cluster.bootstrap = spec.cluster.bootstrap;
  reduced.cluster.internal = spec.cluster.internal;
  std::erase_if(reduced.external_listeners, [](const plan::ExternalListenerSpec& listener) {
    return listener.method != plan::Method::kProxy;
  });
  for (plan::ExternalListenerSpec& listener : reduced.external_listeners) {
    listener.consumers.clear();
    listener.connection_limit = plan::default_external_listener().connection_limit;
  }
  if (reduced.serve.admin) reduced.serve.admin->host = "0.0.0.0";
  reduced.cloud.reset();
  reduced.kubernetes.reset();
  return reduced;
}

Result<ProxyVm> make_proxy_vm(const RenderInput& input) {
  if (const auto done = check_plan(input); !done) return tl::unexpected(done.error());
  const plan::ServeSpec& serve = input.spec.serve;
  const plan::ProxyFleetSpec& fleet = input.spec.cloud->proxy;
  const uint32_t drain_s = seconds(uint64_t{serve.drain_notice_ms} + serve.drain_timeout_ms);
  ProxyVm vm;
  vm.unit = fill("proxy/portway.service", {{"drain_s", drain_s},
                                           {"timeout_stop_s", drain_s + kStopMarginS},
                                           {"descriptors", descriptors(input)},
                                           {"has_low_port", has_low_port(input)}});
  vm.configuration = configuration(input.spec);
  vm.startup_script =
      fill("proxy/startup.sh", {{"binary", fleet.binary},
                                {"binary_sha256", fleet.binary_sha256},
                                {"is_binary_in_storage", fleet.binary.starts_with("gs://")},
                                {"configuration", vm.configuration},
                                {"unit", vm.unit}});
  if (vm.startup_script.size() <= kMetadataValueBytesMax) return vm;
  return fail(
      Fault::kOperator, "metadata_too_large",
      fmt::format("external_listeners: the start-up script of the proxies has {} bytes, and "
                  "a value of a VM's metadata {} at most; have fewer external listeners, "
                  "blocks of ports or exceptions",
                  vm.startup_script.size(), kMetadataValueBytesMax));
}

}  // namespace portway::render
