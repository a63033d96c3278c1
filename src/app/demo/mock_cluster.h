#pragma once

#include <cstddef>
#include <map>
#include <memory>

#include "base/host_port.h"
#include "base/result.h"

namespace portway::app {

// A Kafka cluster inside this process: librdkafka's mock brokers, ids 1 to n, each on a port of
// 127.0.0.1 that the system chose. Topics are made on first mention. One thread.
class MockCluster {
 public:
  static Result<std::unique_ptr<MockCluster>> start(int brokers);

  ~MockCluster();
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  // Broker id -> the address that the broker itself advertises.
  const std::map<int, HostPort>& brokers() const { return brokers_; }

  // A mock broker's leaders are spread at random: makes partition p's leader broker 1 + p mod n, so
  // that a client with n partitions needs every broker.
  Result<void> spread_leaders(const char* topic, int partitions);

 private:
  struct Handles;
  explicit MockCluster(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
  std::map<int, HostPort> brokers_;
};

}  // namespace portway::app
