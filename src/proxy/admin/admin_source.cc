#include "proxy/admin/admin_source.h"

namespace portway::proxy {

std::string_view topology_state_name(TopologyState state) {
  switch (state) {
    case TopologyState::kUnknown:
      return "unknown";
    case TopologyState::kKnown:
      return "known";
    case TopologyState::kNeedsAuthentication:
      return "needs_authentication";
  }
  return "unknown";
}

}  // namespace portway::proxy
