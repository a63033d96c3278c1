#pragma once

#include <iosfwd>

namespace portway::app {

struct DemoOptions {
  int brokers = 3;
  int messages = 10;
};

// The main job with nothing installed: embedded brokers, Portway before them, and a client that
// knows Portway's address only and can reach nothing else, all in this process. Writes what happens
// to `out`, as plain text that ends with a verdict. Returns whether all was right.
//
// Listens on a loopback address of this process's own.
bool run_demo(const DemoOptions& options, std::ostream& out);

}  // namespace portway::app
