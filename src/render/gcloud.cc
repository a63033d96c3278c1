#include "render/targets.h"

namespace portway::render {

Result<RenderedFiles> render_gcloud(const RenderInput&) {
  return fail(Fault::kSelf, "no_target", "portway render gcloud is not there yet");
}

}  // namespace portway::render
