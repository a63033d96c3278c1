#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "net/system.h"

namespace portway::proxy {

// A pipe that carries spliced bytes from one socket to the other. `bytes` are in it now.
struct BodyPipe {
  net::Pipe ends;
  size_t bytes = 0;
};

// The pipes of one worker: at most kPipesMax, made when first needed. When there is none, bytes are
// copied. A pipe that is given back with bytes left in it is closed, never reused. One thread.
class PipePool {
 public:
  // Two descriptors each. Only connections in the middle of a large body hold one.
  static constexpr size_t kPipesMax = 64;
  // Bodies are moved in pieces of this size; at 1 MiB the pipe's size decides the cost per byte.
  static constexpr size_t kPipeBytes = 1 << 20;

  explicit PipePool(net::System& system) : system_(system) {}
  ~PipePool();

  // nullptr: all are in use, or none can be made.
  std::unique_ptr<BodyPipe> take();
  void give_back(std::unique_ptr<BodyPipe> pipe);

 private:
  void close(const BodyPipe& pipe);

  net::System& system_;
  std::vector<std::unique_ptr<BodyPipe>> idle_;
  size_t made_ = 0;
};

}  // namespace portway::proxy
