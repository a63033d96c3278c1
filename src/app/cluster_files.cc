#include "app/cluster_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "plan/properties/properties_file.h"
#include "plan/values.h"

namespace portway::app {
namespace {

tl::unexpected<Error> bad(const std::string& file, const std::string& what) {
  return fail(Fault::kOperator, "bad_properties_file",
              fmt::format("--properties: {} {}", file, what));
}

std::optional<int32_t> own_id(const plan::PropertiesFile& file) {
  for (const char* key : {"node.id", "broker.id"}) {
    const plan::PropertiesEntry* entry = plan::find_property(file, key);
    if (entry == nullptr) continue;
    const auto id = plan::parse_id_range(entry->value);
    if (id && id->first == id->last) return id->first;
  }
  return std::nullopt;
}

Result<int32_t> node_of(const plan::PropertiesText& properties) {
  if (properties.node_id) return *properties.node_id;
  const std::string& name = properties.file.name;
  const auto parsed = plan::parse_properties(properties.file.text, name);
  if (!parsed) return tl::unexpected(parsed.error());
  if (const auto id = own_id(*parsed)) return *id;
  return bad(name, "has neither node.id nor broker.id; say whose it is: ID=" + name);
}

bool has_node(const plan::Spec& spec, int32_t id) {
  const auto& nodes = spec.cluster.nodes;
  return std::any_of(nodes.begin(), nodes.end(),
                     [id](const plan::NodeSpec& node) { return node.id == id; });
}

}  // namespace

Result<std::map<int32_t, std::string>> properties_by_node(const plan::CheckInput& input,
                                                          const plan::Spec& spec) {
  std::map<int32_t, std::string> texts;
  for (const plan::PropertiesText& properties : input.properties) {
    const auto id = node_of(properties);
    if (!id) return tl::unexpected(id.error());
    if (!has_node(spec, *id)) {
      return bad(properties.file.name,
                 fmt::format("is that of node {}, which cluster.nodes does not have", *id));
    }
    if (!texts.emplace(*id, properties.file.text).second) {
      return bad(properties.file.name, fmt::format("is a second file for node {}", *id));
    }
  }
  return texts;
}

}  // namespace portway::app
