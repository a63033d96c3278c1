#include "render/kubernetes_values.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <string>
#include <string_view>

#include "render/pod_config.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint16_t kUnprivilegedPortMin = 1024;

const char* true_or_false(bool is_true) { return is_true ? "true" : "false"; }

uint32_t whole_seconds(uint32_t ms) { return (ms + 999) / 1000; }

std::string sha256_hex(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

// Every line of a text below a YAML block scalar, without the newline at its end.
std::string indented(std::string_view text, size_t spaces) {
  std::string result;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) result += std::string(spaces, ' ') + std::string(text.substr(0, end));
    result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (result.ends_with('\n')) result.pop_back();
  return result;
}

void add_ports(Json& values, const std::vector<plan::PortRange>& ranges) {
  size_t count = 0;
  values["port_ranges"] = Json::array();
  values["ports"] = Json::array();
  for (const plan::PortRange& range : ranges) {
    values["port_ranges"].push_back({{"from", range.first},
                                     {"to", range.last},
                                     {"is_one", range.first == range.last},
                                     {"text", to_string(range)}});
    for (uint32_t port = range.first; port <= range.last; ++port, ++count) {
      values["ports"].push_back({{"port", port}});
    }
  }
  values["port_count"] = count;
  const bool has_low_ports = ranges.front().first < kUnprivilegedPortMin;
  values["has_low_ports"] = has_low_ports;
  values["low_ports_text"] = true_or_false(has_low_ports);
}

void add_consumers(Json& values, const std::vector<plan::Consumer>& consumers) {
  values["consumers"] = Json::array();
  for (const plan::Consumer& consumer : consumers) {
    values["consumers"].push_back(
        {{"project", consumer.project}, {"limit", consumer.connection_limit}});
  }
  values["has_consumers"] = !consumers.empty();
}

void add_drain(Json& values, const plan::ServeSpec& serve) {
  const uint32_t notice = whole_seconds(serve.drain_notice_ms);
  const uint32_t timeout = whole_seconds(serve.drain_timeout_ms);
  values["endpoint_notice_seconds"] = kEndpointNoticeSeconds;
  values["drain_notice_seconds"] = notice;
  values["drain_timeout_seconds"] = timeout;
  values["grace_reserve_seconds"] = kGraceReserveSeconds;
  values["grace_seconds"] = kEndpointNoticeSeconds + notice + timeout + kGraceReserveSeconds;
}

}  // namespace

Json kubernetes_values(const RenderInput& input) {
  const plan::KubernetesSpec& kubernetes = *input.spec.kubernetes;
  const plan::CloudSpec& cloud = *input.spec.cloud;
  const plan::Exposure& exposure = *input.deployment.proxy;
  const std::string config = pod_config(input.spec, input.deployment);
  Json values = {
      {"cluster", input.spec.cluster.name},
      {"namespace", kubernetes.namespace_name},
      {"name", kubernetes.name},
      {"image", kubernetes.image},
      {"replicas_min", kubernetes.replicas_min},
      {"replicas_max", kubernetes.replicas_max},
      {"admin_port", input.deployment.health_port},
      {"config_in_manifest", indented(config, 4)},
      {"config_in_values", indented(config, 2)},
      {"config_hash", sha256_hex(config)},
      {"project", cloud.project},
      {"region", cloud.region},
      {"network", cloud.network},
      {"subnet", cloud.subnet.name},
      {"global_access", cloud.global_access},
      {"global_access_text", true_or_false(cloud.global_access)},
      {"service_attachment", exposure.service_attachment},
      {"nat_subnet", exposure.nat_subnet.name},
      {"nat_range", exposure.nat_subnet.range},
  };
  add_ports(values, exposure.client_ports);
  add_consumers(values, exposure.consumers);
  add_drain(values, input.spec.serve);
  return values;
}

}  // namespace portway::render
