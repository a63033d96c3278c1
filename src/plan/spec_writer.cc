#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/spec.h"
#include "plan/spec_fields.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

template <typename List, typename ToText>
std::string list_of(const List& list, ToText to_text) {
  std::string text = "[";
  for (const auto& item : list) {
    if (text.size() > 1) text += ", ";
    text += to_text(item);
  }
  return text + "]";
}

std::string block_text(const PortBlock& block) {
  std::string text =
      fmt::format("{{first: {}, ids: {}", block.first, list_of(block.ids, [](const IdRange& range) {
                    return yaml_quoted(id_ranges_text({range}));
                  }));
  if (block.ids.size() == 1) {
    text = fmt::format("{{first: {}, ids: {}", block.first, id_ranges_text(block.ids));
  }
  if (block.advertised_first != block.first) {
    text += fmt::format(", advertised_first: {}", block.advertised_first);
  }
  return text + "}";
}

// Writes the fields of one block that differ from their defaults. `path` is the block's in the
// table of fields; a block without lines is left out.
class BlockWriter {
 public:
  BlockWriter(std::string path, int indent) : path_(std::move(path)), indent_(indent) {}

  void word(std::string_view key, std::string_view plain) { value(key, plain, std::string(plain)); }
  void text(std::string_view key, std::string_view plain) { value(key, plain, yaml_quoted(plain)); }
  void flag(std::string_view key, bool is_set) { word(key, is_set ? "true" : "false"); }
  void quantity(std::string_view key, uint32_t amount) {
    const Field& field = field_of(key);
    if (parse_quantity(field, field.fallback) == int64_t{amount}) return;
    word(key, field.type == FieldType::kDuration ? duration_text(amount)
              : field.type == FieldType::kSize   ? size_text(amount)
                                                 : std::to_string(amount));
  }
  void texts(std::string_view key, const std::vector<std::string>& list) {
    const std::string plain = list_of(list, [](const std::string& item) { return item; });
    const std::string bare = list.size() == 1 ? list.front() : plain;
    if (field_of(key).fallback == bare) return;
    value(key, plain, list_of(list, yaml_quoted));
  }
  void value(std::string_view key, std::string_view plain, const std::string& written) {
    if (field_of(key).fallback == plain) return;
    lines_ += fmt::format("{:{}}{}: {}\n", "", indent_, key, written);
  }
  void block(std::string_view key, const BlockWriter& inner) {
    if (inner.lines_.empty()) return;
    lines_ += fmt::format("{:{}}{}:\n{}", "", indent_, key, inner.lines_);
  }
  BlockWriter inner(std::string_view key) const {
    return {path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key),
            path_.empty() ? indent_ : indent_ + 2};
  }

  const std::string& lines() const { return lines_; }

 private:
  const Field& field_of(std::string_view key) const {
    return *find_field(fmt::format("{}.{}", path_, key));
  }

  std::string path_;
  int indent_;
  std::string lines_;
};

void write_listener(std::string& text, const ExternalListenerSpec& listener,
                    Security internal_security) {
  text += fmt::format("  - name: {}\n", yaml_quoted(listener.name));
  text += fmt::format("    advertise: {}\n", yaml_quoted(listener.advertise));
  if (listener.ports.size() == 1) {
    text += fmt::format("    ports: {}\n", block_text(listener.ports.front()));
  } else if (!listener.ports.empty()) {
    text += "    ports:\n";
    for (const PortBlock& block : listener.ports) {
      text += fmt::format("      - {}\n", block_text(block));
    }
  }
  if (!listener.brokers.empty()) text += "    brokers:\n";
  for (const auto& [id, exception] : listener.brokers) {
    if (exception.port == exception.advertised_port) {
      text += fmt::format("      {}: {}\n", id, exception.port);
    } else {
      text += fmt::format("      {}: {{port: {}, advertised_port: {}}}\n", id, exception.port,
                          exception.advertised_port);
    }
  }
  if (listener.bootstrap_port) {
    text += fmt::format("    bootstrap_port: {}\n", *listener.bootstrap_port);
  }
  BlockWriter writer("external_listeners[]", 4);
  writer.quantity("connections_max", listener.connections_max);
  writer.word("method", method_name(listener.method));
  writer.quantity("listen_port", listener.listen_port);
  const Security implied =
      listener.method == Method::kProxy ? internal_security : Security::kPlaintext;
  if (listener.security != implied) writer.word("security", security_name(listener.security));
  writer.texts("sasl_mechanisms", listener.sasl_mechanisms);
  writer.texts("consumers", listener.consumers);
  writer.quantity("connection_limit", listener.connection_limit);
  text += writer.lines();
}

void write_serve(BlockWriter& writer, const ServeSpec& serve) {
  writer.texts("listen", serve.listen);
  const std::string admin = serve.admin ? to_string(*serve.admin) : "off";
  writer.value("admin", admin, serve.admin ? yaml_quoted(admin) : admin);
  writer.word("workers", serve.workers == 0 ? "auto" : std::to_string(serve.workers));
  writer.word("log_format", serve.log_format);
  writer.word("log_level", serve.log_level);
  writer.text("client_id", serve.client_id);
  writer.quantity("keep_alive", serve.keep_alive_ms);
  writer.quantity("dial_timeout", serve.dial_timeout_ms);
  writer.quantity("first_byte_timeout", serve.first_byte_timeout_ms);
  writer.quantity("idle_timeout", serve.idle_timeout_ms);
  writer.quantity("drain_notice", serve.drain_notice_ms);
  writer.quantity("drain_timeout", serve.drain_timeout_ms);
  writer.quantity("topology_refresh", serve.topology_refresh_ms);
  writer.quantity("connections_max", serve.connections_max);
  writer.quantity("requests_in_flight_max", serve.requests_in_flight_max);
  writer.quantity("request_bytes_max", serve.request_bytes_max);
  writer.quantity("response_bytes_max", serve.response_bytes_max);
  writer.quantity("splice_bytes_min", serve.splice_bytes_min);
  writer.quantity("receive_buffer_bytes", serve.receive_buffer_bytes);
  writer.quantity("send_buffer_bytes", serve.send_buffer_bytes);
  writer.word("forbidden_api_keys",
              list_of(serve.forbidden_api_keys, [](int16_t key) { return std::to_string(key); }));
}

std::string node_text(const NodeSpec& node) {
  std::string text = fmt::format("    - {{id: {}, address: {}", node.id, yaml_quoted(node.address));
  if (!node.zone.empty()) text += fmt::format(", zone: {}", node.zone);
  text += fmt::format(", instance: {}", node.instance);
  if (!node.is_broker || !node.is_controller) {
    text += fmt::format(", roles: [{}]", node.is_broker ? "broker" : "controller");
  }
  return text + "}\n";
}

BlockWriter inside_listener(const BlockWriter& listeners, std::string_view key,
                            const InsideListenerSpec& listener) {
  BlockWriter writer = listeners.inner(key);
  writer.text("name", listener.name);
  writer.quantity("port", listener.port);
  writer.word("security", security_name(listener.security));
  return writer;
}

std::string cluster_text(const ClusterSpec& cluster) {
  std::string text = fmt::format(
      "cluster:\n  name: {}\n  bootstrap: {}\n", yaml_quoted(cluster.name),
      list_of(cluster.bootstrap, [](const HostPort& at) { return yaml_quoted(to_string(at)); }));
  BlockWriter writer("cluster", 2);
  writer.text("kafka_version", cluster.kafka_version);
  writer.flag("new", cluster.is_new);
  writer.text("id", cluster.id);
  writer.text("log_dirs", cluster.log_dirs);
  BlockWriter listeners = writer.inner("listeners");
  listeners.block("internal", inside_listener(listeners, "internal", cluster.internal));
  listeners.block("controller", inside_listener(listeners, "controller", cluster.controller));
  writer.block("listeners", listeners);
  text += writer.lines();
  if (!cluster.nodes.empty()) text += "  nodes:\n";
  for (const NodeSpec& node : cluster.nodes) text += node_text(node);
  return text;
}

void write_bastion(BlockWriter& writer, const BastionSpec& bastion) {
  writer.flag("wanted", bastion.is_wanted);
  writer.text("name", bastion.name);
  writer.text("zone", bastion.zone);
  writer.text("machine_type", bastion.machine_type);
  writer.text("subnet", bastion.subnet.name);
  writer.text("range", bastion.subnet.range);
}

void write_port_mapping(BlockWriter& writer, const PortMappingSpec& spec) {
  writer.text("network_endpoint_group", spec.network_endpoint_group);
  writer.text("load_balancer", spec.load_balancer);
  writer.text("service_attachment", spec.service_attachment);
  writer.text("firewall_rule", spec.firewall_rule);
  writer.text("nat_subnet", spec.nat_subnet.name);
  writer.text("nat_range", spec.nat_subnet.range);
}

void write_proxy_fleet(BlockWriter& writer, const ProxyFleetSpec& spec) {
  writer.text("instance_group", spec.instance_group);
  writer.text("instance_template", spec.instance_template);
  writer.text("load_balancer", spec.load_balancer);
  writer.text("health_check", spec.health_check);
  writer.text("service_attachment", spec.service_attachment);
  writer.text("firewall_rule", spec.firewall_rule);
  writer.text("nat_subnet", spec.nat_subnet.name);
  writer.text("nat_range", spec.nat_subnet.range);
  writer.text("machine_type", spec.machine_type);
  writer.quantity("replicas_min", spec.replicas_min);
  writer.quantity("replicas_max", spec.replicas_max);
  writer.text("binary", spec.binary);
  writer.text("binary_sha256", spec.binary_sha256);
}

std::string cloud_text(const CloudSpec& cloud) {
  BlockWriter writer("cloud", 2);
  writer.word("provider", provider_name(cloud.provider));
  writer.text("project", cloud.project);
  writer.text("region", cloud.region);
  writer.texts("zones", cloud.zones);
  writer.text("network", cloud.network);
  writer.flag("network_existing", cloud.network_is_existing);
  BlockWriter subnet = writer.inner("subnet");
  subnet.text("name", cloud.subnet.name);
  subnet.text("range", cloud.subnet.range);
  subnet.flag("existing", cloud.subnet.is_existing);
  writer.block("subnet", subnet);
  writer.flag("global_access", cloud.global_access);
  writer.text("node_machine_type", cloud.node_machine_type);
  writer.quantity("node_disk_gb", cloud.node_disk_gb);
  BlockWriter bastion = writer.inner("bastion");
  write_bastion(bastion, cloud.bastion);
  writer.block("bastion", bastion);
  BlockWriter port_mapping = writer.inner("port_mapping");
  write_port_mapping(port_mapping, cloud.port_mapping);
  writer.block("port_mapping", port_mapping);
  BlockWriter proxy = writer.inner("proxy");
  write_proxy_fleet(proxy, cloud.proxy);
  writer.block("proxy", proxy);
  return "\ncloud:\n" + writer.lines();
}

std::string kubernetes_text(const KubernetesSpec& kubernetes) {
  BlockWriter writer("kubernetes", 2);
  writer.text("namespace", kubernetes.namespace_name);
  writer.text("name", kubernetes.name);
  writer.text("image", kubernetes.image);
  writer.quantity("replicas_min", kubernetes.replicas_min);
  writer.quantity("replicas_max", kubernetes.replicas_max);
  return "\nkubernetes:\n" + writer.lines();
}

}  // namespace

std::string to_yaml(const Spec& spec) {
  std::string text = cluster_text(spec.cluster);
  text += "\nexternal_listeners:\n";
  for (const ExternalListenerSpec& listener : spec.external_listeners) {
    write_listener(text, listener, spec.cluster.internal.security);
  }
  BlockWriter serve("serve", 2);
  write_serve(serve, spec.serve);
  if (!serve.lines().empty()) text += "\nserve:\n" + serve.lines();
  if (spec.cloud) text += cloud_text(*spec.cloud);
  if (spec.kubernetes) text += kubernetes_text(*spec.kubernetes);
  return text;
}

}  // namespace portway::plan
