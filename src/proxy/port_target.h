#pragma once

#include "plan/port_plan.h"
#include "proxy/external_listener.h"

namespace portway::proxy {

// A bound port as one worker's connections see it. Outlives the port, as they do.
struct PortTarget {
  plan::BoundPort bound;
  ExternalListener* listener = nullptr;
};

}  // namespace portway::proxy
