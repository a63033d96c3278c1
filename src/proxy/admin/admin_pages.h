#pragma once

#include <string>

#include "proxy/admin/admin_source.h"

namespace portway::proxy {

// What the admin HTTP server shows, as pure functions of what the proxy says. Field names of the
// JSON are stable: scripts read them.

// /readyz: whether, and if not why; each external listener with its ports and their brokers.
std::string readiness_json(const ProxyStatus& status);

// /status: the same and everything else that is known.
std::string status_json(const ProxyStatus& status);

// /: the same for people; one page without scripts or anything from elsewhere.
std::string status_html(const ProxyStatus& status);

}  // namespace portway::proxy
