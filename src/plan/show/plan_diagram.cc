#include "plan/show/plan_diagram.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "plan/show/console_card.h"

namespace portway::plan {
namespace {

constexpr size_t kBrokersShownMax = 12;
constexpr const char* kConsumerColor = "#e8f0fe";
constexpr const char* kProducerColor = "#f1f8e9";
constexpr const char* kListenerColors[] = {"#1a73e8", "#188038", "#b06000", "#8430ce"};

const char* color_of(size_t listener) {
  return kListenerColors[listener % std::size(kListenerColors)];
}

// Text inside an HTML-like label of DOT.
std::string html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// A box with a title and lines below it; lines are HTML already.
std::string box(std::string_view title, const std::vector<std::string>& lines) {
  std::string rows = fmt::format("<TR><TD ALIGN=\"LEFT\"><B>{}</B></TD></TR>", html(title));
  for (const std::string& line : lines) rows += line;
  return fmt::format(
      "<<TABLE BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"3\" "
      "BGCOLOR=\"white\" COLOR=\"#5f6368\">{}</TABLE>>",
      rows);
}

std::string line(std::string_view text) {
  return fmt::format("<TR><TD ALIGN=\"LEFT\">{}</TD></TR>", html(text));
}

std::string port_line(std::string_view port_name, std::string_view color, std::string_view text) {
  return fmt::format("<TR><TD ALIGN=\"LEFT\" PORT=\"{}\"><FONT COLOR=\"{}\">{}</FONT></TD></TR>",
                     port_name, color, html(text));
}

class Diagram {
 public:
  Diagram(const Spec& spec, const Deployment& deployment) : spec_(spec), deployment_(deployment) {}

  std::string text() {
    out_ = fmt::format(
        "digraph portway {{\n  rankdir=LR;\n  nodesep=0.25;\n  ranksep=0.7;\n"
        "  node [shape=plain, fontname=\"Helvetica\", fontsize=11];\n"
        "  edge [fontname=\"Helvetica\", fontsize=9, color=\"#5f6368\"];\n"
        "  graph [fontname=\"Helvetica\", fontsize=13, labeljust=l, labelloc=t,\n"
        "         label=\"{}\"];\n",
        quoted_text(
            fmt::format("Kafka cluster {}: which port leads to which broker", spec_.cluster.name)));
    write_consumers();
    write_producer();
    return out_ + "}\n";
  }

 private:
  static std::string quoted_text(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
    return escaped;
  }

  void write_consumers() {
    out_ += fmt::format(
        "  subgraph cluster_consumer {{\n    label=\"consumer's VPC\";\n    style=filled;\n"
        "    color=\"{}\";\n",
        kConsumerColor);
    for (size_t i = 0; i < spec_.external_listeners.size(); ++i) write_endpoint(i);
    out_ += "  }\n";
  }

  void write_endpoint(size_t index) {
    const ExternalListenerSpec& listener = spec_.external_listeners[index];
    std::vector<std::string> lines;
    for (size_t i = 0; i < listener.consumers.size() && i < 3; ++i) {
      lines.push_back(line("project " + listener.consumers[i]));
    }
    if (listener.consumers.size() > 3) {
      lines.push_back(line(fmt::format("and {} more projects", listener.consumers.size() - 3)));
    }
    lines.push_back(line(listener.advertise + " leads here"));
    lines.push_back(line("bootstrap ports " + bootstrap_ports(spec_, index)));
    out_ += fmt::format("    endpoint{} [label={}];\n", index,
                        box(fmt::format("private endpoint for {}", listener.name), lines));
  }

  void write_producer() {
    std::string label = "Kafka's VPC";
    if (spec_.cloud) {
      label = fmt::format("VPC network {}, project {}, {}", spec_.cloud->network,
                          spec_.cloud->project, spec_.cloud->region);
    }
    out_ += fmt::format(
        "  subgraph cluster_producer {{\n    label=\"{}\";\n    style=filled;\n    color=\"{}\";\n",
        quoted_text(label), kProducerColor);
    for (const Exposure* exposure : exposures(deployment_)) write_exposure(*exposure);
    write_brokers();
    out_ += "  }\n";
    for (const Exposure* exposure : exposures(deployment_)) write_edges(*exposure);
  }

  static std::string id_of(const Exposure& exposure) {
    return exposure.method == Method::kProxy ? "proxy" : "mapping";
  }

  void write_exposure(const Exposure& exposure) {
    const std::string id = id_of(exposure);
    if (spec_.cloud) {
      out_ += fmt::format("    {}_attachment [label={}];\n", id,
                          box("service attachment " + exposure.service_attachment,
                              {line(fmt::format("NAT subnet {} {}", exposure.nat_subnet.name,
                                                exposure.nat_subnet.range))}));
      out_ += fmt::format("    {}_balancer [label={}];\n", id,
                          box("load balancer " + exposure.load_balancer,
                              {line("internal passthrough, all ports")}));
    }
    out_ += fmt::format("    {} [label={}];\n", id, box(title_of(exposure), port_lines(exposure)));
  }

  std::string title_of(const Exposure& exposure) const {
    if (exposure.method == Method::kPortMapping) {
      return spec_.cloud ? "port mapping NEG " + spec_.cloud->port_mapping.network_endpoint_group
                         : "port mapping";
    }
    if (!spec_.cloud) return "portway serve";
    return fmt::format("portway serve: {} to {} replicas, {}", spec_.cloud->proxy.replicas_min,
                       spec_.cloud->proxy.replicas_max, spec_.cloud->proxy.instance_group);
  }

  std::vector<std::string> port_lines(const Exposure& exposure) const {
    std::vector<std::string> lines;
    for (const size_t index : exposure.external_listeners) {
      const ExternalListenerSpec& listener = spec_.external_listeners[index];
      if (listener.bootstrap_port) {
        lines.push_back(port_line(fmt::format("b{}", index), color_of(index),
                                  fmt::format("{}: any broker", *listener.bootstrap_port)));
      }
      size_t hidden = 0;
      for (const BrokerPlace& place : exposure.places) {
        if (place.external_listener != index) continue;
        if (place.node >= kBrokersShownMax) {
          ++hidden;
          continue;
        }
        lines.push_back(port_line(port_name(place), color_of(index), port_text(place)));
      }
      if (hidden > 0) lines.push_back(line(fmt::format("and {} more brokers", hidden)));
      lines.push_back(room_line(index));
    }
    return lines;
  }

  std::string room_line(size_t index) const {
    std::string ids;
    for (const PortBlock& block : spec_.external_listeners[index].ports) {
      for (const IdRange& range : block.ids) {
        ids += fmt::format("{}{}", ids.empty() ? "" : ",", range.first);
        if (range.last != range.first) ids += fmt::format("-{}", range.last);
      }
    }
    const std::string& name = spec_.external_listeners[index].name;
    return line(ids.empty() ? name : fmt::format("{} has places for brokers {}", name, ids));
  }

  static std::string port_name(const BrokerPlace& place) {
    return fmt::format("p{}_{}", place.external_listener, place.broker_id);
  }

  std::string port_text(const BrokerPlace& place) const {
    if (place.vm_port != 0) {
      return fmt::format("{} to {}:{}", place.client_port, spec_.cluster.nodes[place.node].instance,
                         place.vm_port);
    }
    return fmt::format("{} to broker {}", place.proxy_port, place.broker_id);
  }

  void write_brokers() {
    const std::vector<NodeSpec>& nodes = spec_.cluster.nodes;
    size_t shown = 0;
    for (const NodeSpec& node : nodes) {
      if (shown++ == kBrokersShownMax) break;
      std::vector<std::string> lines;
      if (!node.zone.empty())
        lines.push_back(line(fmt::format("{}, {}", node.instance, node.zone)));
      if (node.is_broker) {
        lines.push_back(line(fmt::format("{} {}:{}", spec_.cluster.internal.name, node.address,
                                         spec_.cluster.internal.port)));
      }
      for (const ExternalListenerSpec& listener : spec_.external_listeners) {
        if (listener.method == Method::kProxy || !node.is_broker) continue;
        lines.push_back(line(fmt::format("{} listens on {}", listener.name, listener.listen_port)));
      }
      out_ += fmt::format(
          "    broker{} [label={}];\n", node.id,
          box(fmt::format("{} {}", node.is_broker ? "broker" : "controller", node.id), lines));
    }
    if (nodes.empty()) {
      out_ += fmt::format("    brokers [label={}];\n",
                          box("brokers", {line("learnt from " + bootstrap_text())}));
    } else if (nodes.size() > kBrokersShownMax) {
      out_ +=
          fmt::format("    more [label={}];\n",
                      box(fmt::format("and {} more nodes", nodes.size() - kBrokersShownMax), {}));
    }
  }

  std::string bootstrap_text() const {
    const std::vector<HostPort>& bootstrap = spec_.cluster.bootstrap;
    std::string text = to_string(bootstrap.front());
    if (bootstrap.size() > 1) text += fmt::format(" and {} more", bootstrap.size() - 1);
    return text;
  }

  void write_edges(const Exposure& exposure) {
    const std::string id = id_of(exposure);
    const std::string entry = spec_.cloud ? id + "_attachment" : id;
    for (const size_t index : exposure.external_listeners) {
      out_ += fmt::format("  endpoint{} -> {} [color=\"{}\"];\n", index, entry, color_of(index));
    }
    if (spec_.cloud) {
      out_ += fmt::format("  {0}_attachment -> {0}_balancer;\n  {0}_balancer -> {0};\n", id);
    }
    for (const BrokerPlace& place : exposure.places) {
      if (place.node >= kBrokersShownMax) continue;
      out_ += fmt::format("  {}:{} -> broker{} [color=\"{}\"];\n", id, port_name(place),
                          place.broker_id, color_of(place.external_listener));
    }
    if (spec_.cluster.nodes.empty()) out_ += fmt::format("  {} -> brokers;\n", id);
  }

  const Spec& spec_;
  const Deployment& deployment_;
  std::string out_;
};

}  // namespace

std::string plan_diagram(const Spec& spec, const Deployment& deployment) {
  return Diagram(spec, deployment).text();
}

}  // namespace portway::plan
