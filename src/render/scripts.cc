#include "render/targets.h"

namespace portway::render {

Result<RenderedFiles> render_scripts(const RenderInput&) {
  return fail(Fault::kSelf, "no_target", "portway render scripts is not there yet");
}

}  // namespace portway::render
