#pragma once

#include <cstdint>

namespace portway::proxy {

// What the kernel says of this process. A figure that cannot be read is 0.
struct ProcessFacts {
  double start_unix_seconds = 0;
  double cpu_seconds = 0;
  uint64_t resident_bytes = 0;
  uint64_t open_descriptors = 0;
  uint64_t descriptors_max = 0;  // the soft limit, which is what accept() runs into
};

// Reads /proc/self and getrlimit. Any thread.
ProcessFacts read_process_facts();

}  // namespace portway::proxy
