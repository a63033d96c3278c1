#pragma once

#include <memory>

#include "net/system.h"

namespace portway::net {

// System over Linux: epoll, edge-triggered; splice(2); getaddrinfo(3).
// Error (self, "out_of_descriptors"): epoll or the wake-up descriptor cannot be made.
Result<std::unique_ptr<System>> make_linux_system();

}  // namespace portway::net
