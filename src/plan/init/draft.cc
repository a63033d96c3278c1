#include "plan/init/draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr int32_t kRoomForBrokers = 64;
constexpr int kProxyFirstPort = 9092;
constexpr int kMappedFirstPort = 9093;  // as the document has it: 9092 is no client port
constexpr const char* kExistingRange = "10.64.0.0/18";

struct DraftNode {
  int32_t id = 0;
  std::string address;
  std::string zone;
};

Result<DraftNode> parse_node(const std::string& text) {
  const size_t equals = text.find('=');
  const size_t at = text.find('@');
  const auto id = parse_id_range(std::string_view(text).substr(0, equals));
  if (equals == std::string::npos || !id || id->first != id->last) {
    return fail(Fault::kOperator, "bad_answer",
                fmt::format("'{}' is not ID=ADDRESS or ID=ADDRESS@ZONE; write for example "
                            "1=10.64.0.2@us-west1-a",
                            text));
  }
  DraftNode node;
  node.id = id->first;
  node.address = text.substr(equals + 1, at == std::string::npos ? at : at - equals - 1);
  if (at != std::string::npos) node.zone = text.substr(at + 1);
  return node;
}

std::string node_lines(const std::vector<DraftNode>& nodes) {
  std::string lines;
  for (const DraftNode& node : nodes) {
    lines += fmt::format("    - {{id: {}, address: {}", node.id, yaml_quoted(node.address));
    if (!node.zone.empty()) lines += fmt::format(", zone: {}", yaml_quoted(node.zone));
    lines += "}\n";
  }
  return lines;
}

std::string cluster_lines(const Draft& draft, const std::vector<DraftNode>& nodes) {
  std::string lines =
      fmt::format("cluster:\n  name: {}\n  kafka_version: {}\n", yaml_quoted(draft.cluster_name),
                  yaml_quoted(draft.kafka_version));
  if (draft.is_new) {
    lines += fmt::format("  new: true\n  id: {}   # random; never use one id for two clusters\n",
                         yaml_quoted(draft.cluster_id));
  }
  return lines + "  nodes:\n" + node_lines(nodes);
}

std::string listener_lines(const Draft& draft, const std::vector<DraftNode>& nodes) {
  const bool is_mapped = draft.method == Method::kPortMapping;
  int32_t first_id = nodes.front().id;
  int32_t last_id = nodes.front().id;
  for (const DraftNode& node : nodes) {
    first_id = std::min(first_id, node.id);
    last_id = std::max(last_id, node.id);
  }
  const int64_t room_end = std::max(int64_t{first_id} + kRoomForBrokers - 1, int64_t{last_id});
  std::string lines = fmt::format(
      "\nexternal_listeners:\n  - name: EXTERNAL\n    method: {}\n    advertise: {}\n"
      "    ports: {{first: {}, ids: {}-{}}}   # room for brokers to come costs nothing\n",
      method_name(draft.method), yaml_quoted(draft.advertise),
      is_mapped ? kMappedFirstPort : kProxyFirstPort, first_id,
      std::min(room_end, int64_t{2'147'483'647}));
  if (is_mapped) lines += "    listen_port: 39092   # what every broker binds for it\n";
  if (!draft.consumers.empty()) {
    std::string list;
    for (const std::string& consumer : draft.consumers) {
      list += (list.empty() ? "" : ", ") + yaml_quoted(consumer);
    }
    lines += fmt::format("    consumers: [{}]   # who may connect\n", list);
  }
  return lines;
}

std::string cloud_lines(const Draft& draft) {
  std::string lines = fmt::format("\ncloud:\n  project: {}\n  region: {}\n",
                                  yaml_quoted(draft.project), yaml_quoted(draft.region));
  if (!draft.is_new) {
    lines += fmt::format(
        "  network: kafka-vpc      # the network and the subnet that the brokers are in\n"
        "  network_existing: true\n"
        "  subnet: {{name: brokers-subnet, range: {}, existing: true}}\n",
        kExistingRange);
  }
  if (draft.method == Method::kProxy && !draft.binary.empty()) {
    lines += fmt::format("  proxy:\n    binary: {}\n", yaml_quoted(draft.binary));
  }
  return lines;
}

}  // namespace

Result<std::string> draft_yaml(const Draft& draft) {
  std::vector<DraftNode> nodes;
  for (const std::string& text : draft.nodes) {
    const auto node = parse_node(text);
    if (!node) return tl::unexpected(node.error());
    nodes.push_back(*node);
  }
  if (nodes.empty()) {
    return fail(Fault::kOperator, "bad_answer",
                "no node is given; write for example 1=10.64.0.2@us-west1-a");
  }
  std::string text = cluster_lines(draft, nodes) + listener_lines(draft, nodes);
  if (draft.method == Method::kProxy) {
    text += "\nserve:\n  admin: 0.0.0.0:9080   # health checks ask /readyz there\n";
  }
  if (!draft.project.empty()) text += cloud_lines(draft);
  const auto spec = parse_spec(text, "the new file");
  if (!spec) return fail(Fault::kOperator, "bad_answer", spec.error().message);
  return text;
}

}  // namespace portway::plan
