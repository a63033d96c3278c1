#pragma once

#include <string>
#include <string_view>

#include "plan/deployment.h"
#include "plan/spec.h"
#include "render/targets.h"

namespace portway::render {

// A spec with all that targets are given, for tests.
class TestInput {
 public:
  explicit TestInput(std::string text);
  // src/plan/examples/NAME.yaml
  static TestInput of_example(const std::string& name);

  Result<RenderedFiles> render(std::string_view target) const;
  RenderInput input() const { return {spec_, deployment_, text_, {}}; }
  const plan::Spec& spec() const { return spec_; }
  const plan::Deployment& deployment() const { return deployment_; }

 private:
  std::string text_;
  plan::Spec spec_;
  plan::Deployment deployment_;
};

// The content of the file at `path`; a test failure and nothing where there is none.
std::string content_of(const RenderedFiles& files, std::string_view path);

// `text` with the one place of `from` replaced; a test failure where that is not one place.
std::string replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace portway::render
