#include "render/targets.h"

namespace portway::render {

Result<RenderedFiles> render_proxy(const RenderInput&) {
  return fail(Fault::kSelf, "no_target", "portway render proxy is not there yet");
}

}  // namespace portway::render
