#include "render/targets.h"

namespace portway::render {

Result<RenderedFiles> render_kubernetes(const RenderInput&) {
  return fail(Fault::kSelf, "no_target", "portway render kubernetes is not there yet");
}

}  // namespace portway::render
