#pragma once

#include <string>

#include "base/result.h"
#include "plan/spec.h"
#include "render/targets.h"

namespace portway::render {

// The user's own server.properties of a broker of a running cluster, with the external listeners of
// the plan added: listeners, advertised.listeners, listener.security.protocol.map and what the
// listeners' security needs. Everything else stays byte for byte, and a file that has all of it
// already is not changed. An external listener that is there with other values is set to the
// plan's. What Kafka takes for granted while a key is absent is written out with the key, because
// it no longer holds then.
//
// Errors (operator): "bad_properties" and "bad_property_value" (it cannot be read), and
// "contradiction": the file is that of another node, or a value stands in the way of the plan's.
// Each names file, line, key, value and what would be right.
Result<std::string> edited_properties(const RenderInput& input, const plan::NodeSpec& node,
                                      const std::string& text);

// What edited_properties would add, for a broker whose file was not given.
Result<std::string> external_listener_fragment(const RenderInput& input,
                                               const plan::NodeSpec& node);

// What a listener of the node binds to take connections to all of its addresses: "0.0.0.0" takes no
// IPv6 connection, "::" takes both kinds.
std::string any_address(const plan::NodeSpec& node);

}  // namespace portway::render
