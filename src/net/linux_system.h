#pragma once

#include <memory>

#include "net/system.h"

namespace portway::net {

// System over Linux: epoll, edge-triggered; splice(2); getaddrinfo(3). From the first one on
// SIGPIPE does nothing in this process, unless it has a handler: splice(2) to a socket whose peer
// is gone would end the process, and has no flag against it. Error (self, "out_of_descriptors"):
// epoll or the wake-up descriptor cannot be made.
Result<std::unique_ptr<System>> make_linux_system();

}  // namespace portway::net
