#pragma once

#include <string>

#include "base/result.h"
#include "plan/spec.h"
#include "render/targets.h"

namespace portway::render {

// The server.properties of one node of a new cluster, complete. Kafka demands other keys of each
// role: a controller advertises nothing, and a broker that is no controller has no controller
// listener and names it all the same. The quorum is static (controller.quorum.voters), which 3.x
// and 4.x both take. Errors are those of listener_settings.
Result<std::string> new_node_properties(const RenderInput& input, const plan::NodeSpec& node);

}  // namespace portway::render
