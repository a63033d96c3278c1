#include <fmt/format.h>

#include "render/docs_values.h"
#include "render/targets.h"
#include "render/template.h"

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;

// Which sections the run book of this plan has, in this order. Those that are steps are numbered.
struct Section {
  std::string_view name;
  bool is_step = false;
  bool is_wanted = true;
};

std::vector<Section> sections(const Json& values) {
  const bool is_new = values["is_new"];
  const bool is_mapped = values["has_port_mapping"];
  const bool has_proxy = values["has_proxy"];
  return {
      {"introduction"},
      {"cluster_new", true, is_new},
      {"cluster_existing", true, !is_new && is_mapped},
      {"cluster_test", false, is_new || is_mapped},
      {"port_mapping", true, is_mapped},
      {"proxy", true, has_proxy},
      {"kubernetes", true, values["has_kubernetes"]},
      {"end_to_end", true},
      {"console", true},
      {"changes"},
      {"troubleshooting"},
  };
}

// Conditions leave empty lines behind; outside of fences one is enough.
std::string tidy(std::string_view text) {
  std::string result;
  bool is_fenced = false;
  bool was_empty = true;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t start = line.find_first_not_of(' ');
    if (start != std::string_view::npos && line.substr(start).starts_with("```")) {
      is_fenced = !is_fenced;
    }
    const bool is_empty = start == std::string_view::npos;
    if (is_empty && was_empty && !is_fenced) continue;
    if (!is_empty) result += line;
    result += '\n';
    was_empty = is_empty;
  }
  while (result.ends_with("\n\n")) result.pop_back();
  return result;
}

}  // namespace

Result<RenderedFiles> render_docs(const RenderInput& input) {
  if (!input.spec.cloud) {
    return fail(Fault::kOperator, "no_files",
                "there is no cloud block, and the run book is about what is made there; write for "
                "example cloud: {project: my-kafka-project, region: us-west1}");
  }
  if (input.spec.cloud->provider != plan::CloudProvider::kGcp) {
    return fail(Fault::kOperator, "other_cloud",
                fmt::format("cloud.provider: {}; run books are rendered for gcp only",
                            provider_name(input.spec.cloud->provider)));
  }
  Json values = docs_values(input);
  // Sections point to each other's steps.
  int step = 0;
  for (const Section& section : sections(values)) {
    if (section.is_wanted && section.is_step) values[fmt::format("{}_step", section.name)] = ++step;
  }
  values["cluster_step"] = 1;
  values["exposure_step"] = values[values["has_port_mapping"] ? "port_mapping_step" : "proxy_step"];
  std::string text;
  for (const Section& section : sections(values)) {
    if (!section.is_wanted) continue;
    if (section.is_step) values["step"] = values[fmt::format("{}_step", section.name)];
    text += fill(fmt::format("docs/{}.md", section.name), values) + "\n";
  }
  return RenderedFiles{{"docs/runbook.md", tidy(text)}};
}

}  // namespace portway::render
