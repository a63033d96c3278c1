// What is not refused as portway.yaml is checked and rendered without crashing, twice to the same
// bytes, and no rendered file has a byte that only a broken quotation could have let through.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "plan/deployment.h"
#include "plan/spec.h"
#include "render/targets.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// A spec's texts have no line ends, so that none of a rendered file comes from them: the number of
// lines follows from the plan alone.
void check_files(const portway::render::RenderedFiles& files,
                 const portway::render::RenderedFiles& again) {
  require(files.size() == again.size());
  for (size_t i = 0; i < files.size(); ++i) {
    require(files[i].path == again[i].path && files[i].content == again[i].content);
    require(files[i].path.find("..") == std::string::npos && files[i].path.front() != '/');
    require(files[i].content.find('\0') == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto spec = portway::plan::parse_spec(text, "f");
  if (!spec) return 0;
  const auto deployment = portway::plan::make_deployment(*spec);
  const portway::render::RenderInput input{*spec, deployment, std::string(text)};
  for (const portway::render::Target& target : portway::render::targets()) {
    const auto files = target.render(input);
    const auto again = target.render(input);
    require(files.has_value() == again.has_value());
    if (files) {
      check_files(*files, *again);
    } else {
      require(!files.error().message.empty());
    }
  }
  return 0;
}
