#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/host_port.h"
#include "render/kafka_edit.h"
#include "render/partition_keys.h"
#include "render/targets.h"
#include "render/template.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMessagesMin = 10;     // the document's
constexpr size_t kPartitionsMax = 100;  // of the test topic; each is read on its own
constexpr size_t kPartitionsDefault = 3;
constexpr size_t kReplicasMax = 3;
constexpr size_t kExampleServers = 3;

std::string sha256_hex(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

class Scripts {
 public:
  explicit Scripts(const RenderInput& input) : input_(input), cluster_(input.spec.cluster) {
    for (const plan::NodeSpec& node : cluster_.nodes) {
      if (node.is_broker) brokers_.push_back(&node);
      // The controllers of a cluster that runs have nothing to do with external listeners.
      if (node.is_broker || cluster_.is_new) nodes_.push_back(&node);
    }
    is_edit_ = !cluster_.is_new && input.deployment.port_mapping.has_value();
  }

  Result<RenderedFiles> files() {
    const bool changes_brokers = cluster_.is_new || is_edit_;
    if (changes_brokers && brokers_.empty()) {
      return fail(Fault::kOperator, "no_brokers",
                  "cluster.nodes: no node is a broker; list the cluster's nodes");
    }
    values_ = common_values();
    add_test_values();
    add("install.sh");
    if (cluster_.is_new) {
      for (const char* name : {"start.sh", "stop.sh"}) add(name);
      add("kafka.service", false);
    }
    if (changes_brokers) {
      const auto added = add_node_values();
      if (!added) return tl::unexpected(added.error());
      add("nodes.sh", false);
      for (const char* name : {"copy-to-brokers.sh", "rolling-restart.sh"}) add(name);
    }
    for (const char* name : {"produce.sh", "consume.sh"}) add(name);
    return std::move(files_);
  }

 private:
  void add(const std::string& name, bool is_executable = true) {
    const std::string path = "scripts/" + name;
    files_.push_back({path, fill(path, values_), is_executable});
  }

  Json common_values() const {
    const plan::KafkaVersion version = plan::kafka_version(input_.spec);
    const std::string text = fmt::format("{}.{}.{}", version.major, version.minor,
                                         version.patch);  // as archives have it
    const bool has_gcloud =
        input_.spec.cloud && input_.spec.cloud->provider == plan::CloudProvider::kGcp;
    return {
        {"version", text},
        {"home", "/opt/kafka/kafka_2.13-" + text},
        {"url", fmt::format("https://archive.apache.org/dist/kafka/{0}/kafka_2.13-{0}.tgz", text)},
        {"cluster", cluster_.name},
        {"has_cluster_id", cluster_.is_new},
        {"cluster_id", input_.deployment.cluster_id},
        {"log_dirs", cluster_.log_dirs},
        {"is_new", cluster_.is_new},
        {"is_edit", is_edit_},
        {"has_gcloud", has_gcloud},
        {"way", has_gcloud ? "gcloud" : "ssh"},
        {"project", has_gcloud ? input_.spec.cloud->project : ""}};
  }

  // What produce.sh and consume.sh need: a partition on each broker, and a key for each partition.
  void add_test_values() {
    const size_t partitions =
        brokers_.empty() ? kPartitionsDefault : std::min(brokers_.size(), kPartitionsMax);
    values_["partitions"] = partitions;
    values_["messages"] = std::max(kMessagesMin, partitions);
    values_["keys"] = fmt::format("{}", fmt::join(partition_keys(partitions), " "));
    values_["has_brokers"] = !brokers_.empty();
    values_["assignment"] = assignment(partitions);
    values_["examples"] = examples();
  }

  // "1:2:3,2:3:1,3:1:2", as kafka-topics.sh --replica-assignment has it.
  std::string assignment(size_t partitions) const {
    std::string text;
    for (size_t i = 0; i < partitions && !brokers_.empty(); ++i) {
      for (size_t j = 0; j < std::min(brokers_.size(), kReplicasMax); ++j) {
        text += j > 0 ? ":" : (i > 0 ? "," : "");
        text += std::to_string(brokers_[(i + j) % brokers_.size()]->id);
      }
    }
    return text;
  }

  Json examples() const {
    Json list = Json::array();
    if (!brokers_.empty()) {
      list.push_back(
          {{"servers", inside_servers(kExampleServers)}, {"name", cluster_.internal.name}});
    }
    for (size_t i = 0; i < input_.spec.external_listeners.size(); ++i) {
      std::vector<std::string> servers;
      for (const HostPort& server : plan::bootstrap_servers(input_.spec, i)) {
        servers.push_back(to_string(server));
      }
      list.push_back({{"servers", fmt::format("{}", fmt::join(servers, ","))},
                      {"name", input_.spec.external_listeners[i].name}});
    }
    return list;
  }

  std::string inside_servers(size_t count) const {
    std::vector<std::string> servers;
    for (const plan::NodeSpec* node : brokers_) {
      if (servers.size() == count) break;
      servers.push_back(to_string(HostPort{node->address, cluster_.internal.port}));
    }
    return fmt::format("{}", fmt::join(servers, ","));
  }

  Result<void> add_node_values() {
    values_["nodes"] = Json::array();
    for (const plan::NodeSpec* node : nodes_) {
      auto values = node_values(*node);
      if (!values) return tl::unexpected(values.error());
      values_["nodes"].push_back(std::move(*values));
    }
    values_["bootstrap"] = inside_servers(brokers_.size());
    values_["internal_port"] = cluster_.internal.port;
    values_["internal_security"] = std::string(plan::security_name(cluster_.internal.security));
    values_["controller_port"] = cluster_.controller.port;
    values_["listeners"] = Json::array();
    values_["places"] = Json::array();
    if (!input_.deployment.port_mapping) return {};
    for (const size_t index : input_.deployment.port_mapping->external_listeners) {
      const plan::ExternalListenerSpec& listener = input_.spec.external_listeners[index];
      values_["listeners"].push_back({{"name", listener.name},
                                      {"port", listener.listen_port},
                                      {"security", std::string(security_name(listener.security))}});
    }
    for (const plan::BrokerPlace& place : input_.deployment.port_mapping->places) {
      values_["places"].push_back(
          {{"instance", cluster_.nodes[place.node].instance},
           {"name", input_.spec.external_listeners[place.external_listener].name},
           {"advertised", to_string(place.advertised)}});
    }
    return {};
  }

  Result<Json> node_values(const plan::NodeSpec& node) const {
    std::string roles = node.is_broker ? "broker" : "controller";
    if (node.is_broker && node.is_controller) roles += "+controller";
    Json values = {{"instance", node.instance}, {"id", node.id},  {"address", node.address},
                   {"zone", node.zone},         {"roles", roles}, {"has_config", false}};
    const auto own = input_.server_properties.find(node.id);
    if (!is_edit_ || own == input_.server_properties.end()) return values;
    const auto planned = edited_properties(input_, node, own->second);
    if (!planned) return tl::unexpected(planned.error());
    values["has_config"] = true;
    values["own_sha256"] = sha256_hex(own->second);
    values["planned_sha256"] = sha256_hex(*planned);
    return values;
  }

  const RenderInput& input_;
  const plan::ClusterSpec& cluster_;
  std::vector<const plan::NodeSpec*> brokers_;
  std::vector<const plan::NodeSpec*> nodes_;  // those that the scripts set up or restart
  bool is_edit_ = false;
  Json values_;
  RenderedFiles files_;
};

}  // namespace

Result<RenderedFiles> render_scripts(const RenderInput& input) { return Scripts(input).files(); }

}  // namespace portway::render
