#include "render/targets.h"

namespace portway::render {

Result<RenderedFiles> render_docs(const RenderInput&) {
  return fail(Fault::kSelf, "no_target", "portway render docs is not there yet");
}

}  // namespace portway::render
