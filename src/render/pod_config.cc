#include "render/pod_config.h"

#include "render/proxy_vm.h"

namespace portway::render {
namespace {

constexpr const char* kAnyAddress = "0.0.0.0";

}  // namespace

std::string pod_config(const plan::Spec& spec, const plan::Deployment& deployment) {
  plan::Spec served = serve_spec(spec);
  served.serve.listen = {kAnyAddress};
  served.serve.admin = HostPort{kAnyAddress, deployment.health_port};
  return plan::to_yaml(served);
}

}  // namespace portway::render
