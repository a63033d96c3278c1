#include "render/targets.h"

namespace portway::render {

Result<RenderedFiles> render_kafka(const RenderInput&) {
  return fail(Fault::kSelf, "no_target", "portway render kafka is not there yet");
}

}  // namespace portway::render
