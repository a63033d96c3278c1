#include "render/targets.h"

namespace portway::render {
namespace {

constexpr Target kTargets[] = {
    {"kafka", "server.properties of every node, new or edited in place", render_kafka},
    {"scripts", "install, start, stop, restart and test the brokers", render_scripts},
    {"gcloud", "create, inspect and remove the cloud's side with gcloud", render_gcloud},
    {"terraform", "the same as Terraform modules, and the consumer's side", render_terraform},
    {"kubernetes", "the proxy fleet on GKE: manifests and a Helm chart", render_kubernetes},
    {"proxy", "the proxy on a VM: start-up script and systemd unit", render_proxy},
    {"docs", "a run book for this very plan, in Markdown", render_docs},
};

}  // namespace

std::span<const Target> targets() { return kTargets; }

const Target* find_target(std::string_view name) {
  for (const Target& target : kTargets) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

}  // namespace portway::render
