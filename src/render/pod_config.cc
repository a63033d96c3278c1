#include "render/pod_config.h"

#include <cstdlib>
#include <utility>

#include "plan/spec_defaults.h"

namespace portway::render {
namespace {

constexpr const char* kAnyAddress = "0.0.0.0";

}  // namespace

std::string pod_config(const plan::Spec& spec, const plan::Deployment& deployment) {
  auto served = plan::spec_to_serve(spec);
  if (!served) std::abort();  // the caller has seen that there is something to serve
  served->cloud.reset();
  served->kubernetes.reset();
  const plan::ClusterSpec nothing_said = plan::default_cluster();
  served->cluster.nodes.clear();  // bootstrap names those to ask
  served->cluster.is_new = false;
  served->cluster.id.clear();
  served->cluster.log_dirs = nothing_said.log_dirs;
  served->cluster.kafka_version = nothing_said.kafka_version;
  served->cluster.controller = nothing_said.controller;
  const plan::ExternalListenerSpec plain = plan::default_external_listener();
  for (plan::ExternalListenerSpec& listener : served->external_listeners) {
    listener.consumers.clear();
    listener.connection_limit = plain.connection_limit;
  }
  served->serve.listen = {kAnyAddress};
  served->serve.admin = HostPort{kAnyAddress, deployment.health_port};
  return plan::to_yaml(*served);
}

}  // namespace portway::render
