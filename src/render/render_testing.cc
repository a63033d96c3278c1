#include "render/render_testing.h"

#include <gtest/gtest.h>

#include <utility>

#include "plan/golden_testing.h"

namespace portway::render {

TestInput::TestInput(std::string text) : text_(std::move(text)) {
  auto spec = plan::parse_spec(text_, "portway.yaml");
  if (!spec) {
    ADD_FAILURE() << spec.error().message;
    return;
  }
  spec_ = std::move(*spec);
  deployment_ = plan::make_deployment(spec_);
}

TestInput TestInput::of_example(const std::string& name) {
  return TestInput(plan::read_source_file("src/plan/examples/" + name + ".yaml"));
}

Result<RenderedFiles> TestInput::render(std::string_view target) const {
  return find_target(target)->render(input());
}

std::string content_of(const RenderedFiles& files, std::string_view path) {
  for (const RenderedFile& file : files) {
    if (file.path == path) return file.content;
  }
  ADD_FAILURE() << "there is no " << path;
  return {};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    ADD_FAILURE() << "not once: " << from;
    return text;
  }
  return text.replace(at, from.size(), to);
}

}  // namespace portway::render
