#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/deployment.h"
#include "plan/spec.h"
#include "render/rendered_file.h"

namespace portway::render {

// What every target is made from. Views: the caller keeps them while it renders.
struct RenderInput {
  const plan::Spec& spec;
  const plan::Deployment& deployment;  // of the same spec
  std::string spec_text{};             // portway.yaml as the user wrote it

  // An existing cluster's own server.properties, by node id; those that were given.
  std::map<int32_t, std::string> server_properties{};
};

// One word of `portway render TARGET`.
struct Target {
  std::string_view name;
  std::string_view meaning;  // a line of the command's help
  Result<RenderedFiles> (*render)(const RenderInput&);
};

// All targets, in the order in which `portway render all` and its help have them.
std::span<const Target> targets();
const Target* find_target(std::string_view name);  // nullptr when there is none

// Each is a pure function: the same input, the same files. Paths begin with the target's name. An
// error is the operator's: something that the target needs is not in portway.yaml. "no_files" means
// that this plan has nothing for the target (no proxy to start, no cluster to set up); `all` then
// goes on without it.
Result<RenderedFiles> render_kafka(const RenderInput& input);
Result<RenderedFiles> render_scripts(const RenderInput& input);
Result<RenderedFiles> render_gcloud(const RenderInput& input);
Result<RenderedFiles> render_terraform(const RenderInput& input);
Result<RenderedFiles> render_kubernetes(const RenderInput& input);
Result<RenderedFiles> render_proxy(const RenderInput& input);
Result<RenderedFiles> render_docs(const RenderInput& input);

}  // namespace portway::render
