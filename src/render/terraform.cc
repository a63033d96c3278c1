#include "render/targets.h"

namespace portway::render {

Result<RenderedFiles> render_terraform(const RenderInput&) {
  return fail(Fault::kSelf, "no_target", "portway render terraform is not there yet");
}

}  // namespace portway::render
