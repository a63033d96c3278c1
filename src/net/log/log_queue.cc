#include "net/log/log_queue.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace portway {

struct LogQueue::State {
  explicit State(Write how) : write(std::move(how)) {}

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return stopping || !lines.empty(); });
      if (lines.empty()) break;
      const std::string line = std::move(lines.front());
      lines.pop_front();
      bytes -= line.size();
      lock.unlock();
      write(line);
      lock.lock();
    }
    done = true;
    changed.notify_all();
  }

  const Write write;
  std::mutex mutex;  // guards what follows; never held while a line is written
  std::condition_variable changed;
  std::deque<std::string> lines;
  size_t bytes = 0;
  bool stopping = false;
  bool done = false;
};

LogQueue::LogQueue(Write write, uint32_t flush_ms)
    : state_(std::make_shared<State>(std::move(write))),
      flush_ms_(flush_ms),
      thread_([state = state_] { state->run(); }) {}

LogQueue::~LogQueue() {
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  state_->changed.notify_all();
  const bool done = state_->changed.wait_for(lock, std::chrono::milliseconds(flush_ms_),
                                             [this] { return state_->done; });
  lock.unlock();
  if (done) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

bool LogQueue::push(std::string line) {
  const std::lock_guard lock(state_->mutex);
  if (state_->bytes + line.size() > kBytesMax) return false;
  state_->bytes += line.size();
  state_->lines.push_back(std::move(line));
  state_->changed.notify_all();
  return true;
}

}  // namespace portway
