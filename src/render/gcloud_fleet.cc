#include "render/gcloud_fleet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/sha.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/deployment.h"
#include "plan/values.h"
#include "render/template.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

// Booting, fetching the executable and learning the brokers, before a VM counts as dead.
constexpr int kInitialDelayS = 300;

// What Compute Engine leaves a VM that is shut down, about (Compute Engine: "Deleting VMs").
constexpr uint32_t kShutdownMs = 80'000;

// Where idle connections are forgotten: the load balancer's and the VPC's tracking, 10 minutes.
constexpr uint32_t kIdleLimitMs = 600'000;

constexpr size_t kHashBytes = 5;  // ten hexadecimal digits of a template's name

std::vector<std::string> template_flags(const plan::ProxyFleetSpec& fleet) {
  std::vector<std::string> flags = {
      "--no-address",
      "--machine-type=" + fleet.machine_type,
      fmt::format("--tags={}", plan::kProxyTag),
      "--image-family=debian-12",
      "--image-project=debian-cloud",
      "--metadata=enable-oslogin=TRUE",
      "--metadata-from-file=startup-script=startup.sh",
  };
  if (fleet.binary.starts_with("gs://")) {
    flags.push_back("--scopes=storage-ro,logging-write,monitoring-write");
  } else {
    flags.push_back("--no-service-account");
    flags.push_back("--no-scopes");
  }
  return flags;
}

std::string short_hash(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (size_t i = 0; i < kHashBytes; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

Json notes(const plan::Spec& spec) {
  const plan::ProxyFleetSpec& fleet = spec.cloud->proxy;
  Json list = Json::array();
  const auto add = [&list](std::string note) { list.push_back({{"note", std::move(note)}}); };
  if (fleet.binary.starts_with("gs://")) {
    add("The default service account has to be allowed to read the executable's bucket\n"
        "  (roles/storage.objectViewer).");
  } else {
    add("The VMs have no external address: the executable's host is reached through Cloud NAT.");
  }
  if (fleet.binary_sha256.empty()) {
    add("The executable is not checked: say cloud.proxy.binary_sha256.");
  }
  if (fleet.replicas_min < 2) {
    add("With cloud.proxy.replicas_min: 1 a failed VM is an outage until its successor is ready.");
  }
  if (spec.serve.keep_alive_ms == 0 || spec.serve.keep_alive_ms >= kIdleLimitMs) {
    add("serve.keep_alive should be well below 10 minutes: idle connections are forgotten then,\n"
        "  and the next request on one is lost.");
  }
  if (uint64_t{spec.serve.drain_notice_ms} + spec.serve.drain_timeout_ms > kShutdownMs) {
    add("A VM that is deleted has about 90 s to shut down: a longer drain is cut off there.");
  }
  return list;
}

std::string broker_ports(const plan::Spec& spec) {
  std::set<uint16_t> ports;
  for (const HostPort& server : spec.cluster.bootstrap) ports.insert(server.port);
  return fmt::format("{}", fmt::join(ports, ", "));
}

}  // namespace

Json gcloud_fleet(const RenderInput& input, const ProxyVm& vm) {
  const plan::CloudSpec& cloud = *input.spec.cloud;
  const plan::ProxyFleetSpec& fleet = cloud.proxy;
  const std::vector<std::string> flags = template_flags(fleet);
  const std::string content = fmt::format("{}\n{}\n{}\n{}", cloud.network, cloud.subnet.name,
                                          fmt::join(flags, "\n"), vm.startup_script);
  std::vector<std::string> words;
  for (const std::string& flag : flags) words.push_back(shell_word(flag));
  Json remarks = notes(input.spec);
  Json values = {{"instance_group", fleet.instance_group},
                 {"instance_template", fleet.instance_template},
                 {"template_name", fleet.instance_template + "-" + short_hash(content)},
                 {"template_flags", fmt::format("{}", fmt::join(words, " \\\n      "))},
                 {"zones", fmt::format("{}", fmt::join(cloud.zones, ","))},
                 {"zones_count", cloud.zones.size()},
                 {"replicas_min", fleet.replicas_min},
                 {"replicas_max", fleet.replicas_max},
                 {"initial_delay_s", kInitialDelayS},
                 {"health_check", fleet.health_check},
                 {"liveness_check", fleet.health_check + "-live"},
                 {"health_port", input.deployment.health_port},
                 {"health_interval_s", input.deployment.health_interval_s},
                 {"drain_notice", plan::duration_text(input.spec.serve.drain_notice_ms)},
                 {"draining_s", input.deployment.draining_s},
                 {"is_binary_in_storage", fleet.binary.starts_with("gs://")},
                 {"broker_ports", broker_ports(input.spec)},
                 {"has_notes", !remarks.empty()}};
  values["notes"] = std::move(remarks);
  return values;
}

}  // namespace portway::render
