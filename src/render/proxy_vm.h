#pragma once

#include <string>

#include "base/result.h"
#include "render/targets.h"

namespace portway::render {

// One VM of the proxy fleet on Google Cloud.
struct ProxyVm {
  std::string unit;            // portway.service
  std::string configuration;   // the portway.yaml that `portway serve` reads there
  std::string startup_script;  // installs both and starts it; whole, as the VM's metadata has it
};

// An error is the operator's and names the field of portway.yaml; "no_files" when there is no proxy
// or no cloud in the plan.
Result<ProxyVm> make_proxy_vm(const RenderInput& input);

// What `portway serve` needs of the spec, and nothing else: a change that does not concern it (a
// consumer, a limit of the fleet) leaves the text as it is, so no VM is replaced for it. The admin
// pages are bound on every address: health checks come from outside of the VM.
plan::Spec serve_spec(const plan::Spec& spec);

}  // namespace portway::render
