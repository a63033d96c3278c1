#include "render/proxy_vm.h"
#include "render/targets.h"

namespace portway::render {

Result<RenderedFiles> render_proxy(const RenderInput& input) {
  auto vm = make_proxy_vm(input);
  if (!vm) return tl::unexpected(vm.error());
  return RenderedFiles{{"proxy/startup.sh", std::move(vm->startup_script), true},
                       {"proxy/portway.service", std::move(vm->unit), false},
                       {"proxy/portway.yaml", std::move(vm->configuration), false}};
}

}  // namespace portway::render
