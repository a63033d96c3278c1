#include "proxy/pipe_pool.h"

namespace portway::proxy {

PipePool::~PipePool() {
  for (const auto& pipe : idle_) close(*pipe);
}

std::unique_ptr<BodyPipe> PipePool::take() {
  if (!idle_.empty()) {
    std::unique_ptr<BodyPipe> pipe = std::move(idle_.back());
    idle_.pop_back();
    return pipe;
  }
  if (made_ == kPipesMax) return nullptr;
  const auto ends = system_.make_pipe(kPipeBytes);
  if (!ends) return nullptr;
  ++made_;
  return std::make_unique<BodyPipe>(BodyPipe{*ends, 0});
}

void PipePool::give_back(std::unique_ptr<BodyPipe> pipe) {
  if (pipe->bytes == 0) {
    idle_.push_back(std::move(pipe));
    return;
  }
  close(*pipe);
  --made_;
}

void PipePool::close(const BodyPipe& pipe) {
  system_.close(pipe.ends.read_end);
  system_.close(pipe.ends.write_end);
}

}  // namespace portway::proxy
