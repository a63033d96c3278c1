#pragma once

#include "plan/section.h"
#include "plan/spec.h"

namespace portway::plan {

// One entry of `external_listeners`. Through the proxy, clients speak to the brokers' internal
// listener, whose security is then theirs.
ExternalListenerSpec read_external_listener(const Section& section, Security internal_security,
                                            Findings& findings);

}  // namespace portway::plan
