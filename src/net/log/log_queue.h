#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace portway {

// Lines on their way to a reader that may be slow: a thread of its own writes them, oldest first,
// so that whoever logs never waits for it.
class LogQueue {
 public:
  // What waits at most: some minutes of the worst that the limiter lets through.
  static constexpr size_t kBytesMax = 1 << 20;

  using Write = std::function<void(std::string_view line)>;

  // `write` is called on the queue's thread and may block for any time; it must be fit to be called
  // until the process ends.
  LogQueue(Write write, uint32_t flush_ms);

  // Waits until all is written, for at most `flush_ms`. What a reader does not take by then stays
  // with the thread, which is left behind.
  ~LogQueue();
  LogQueue(const LogQueue&) = delete;
  LogQueue& operator=(const LogQueue&) = delete;

  // Any thread. False: the queue is full and the line is lost.
  bool push(std::string line);

 private:
  struct State;

  const std::shared_ptr<State> state_;  // shared with a thread that is left behind
  const uint32_t flush_ms_;
  std::thread thread_;
};

}  // namespace portway
