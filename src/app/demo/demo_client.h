#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/demo/private_network.h"
#include "base/host_port.h"
#include "base/result.h"

namespace portway::app {

// A broker as a Metadata answer named it.
struct NamedBroker {
  int32_t id = 0;
  HostPort address;
};

struct TopicView {
  std::vector<NamedBroker> brokers;
  std::vector<int32_t> leaders;  // by partition
};

// One message, as written or as read: `broker_id` is the broker that took or gave it.
struct DemoMessage {
  std::string text;
  int32_t partition = 0;
  int64_t offset = 0;
  int32_t broker_id = -1;
};

// librdkafka as an application uses it, which knows one address of the cluster and lives in a
// PrivateNetwork. Every call waits for its outcome, at most kDemoStepTimeoutMs; errors (broker,
// "demo_client_failed") say what did not happen. One thread.
class DemoClient {
 public:
  // `network` must outlive the client.
  DemoClient(HostPort bootstrap, PrivateNetwork& network);
  ~DemoClient();
  DemoClient(const DemoClient&) = delete;
  DemoClient& operator=(const DemoClient&) = delete;

  // Brokers, and the topic's leaders; makes the topic where brokers make topics on first mention.
  Result<TopicView> look_at(const std::string& topic);

  // Writes the texts to partitions 0, 1, ..., partitions - 1, 0, ... and waits for all to be
  // acknowledged. In the order of the texts.
  Result<std::vector<DemoMessage>> produce(const std::string& topic, int partitions,
                                           const std::vector<std::string>& texts);

  // Reads `count` messages from the topic's beginning, as a member of a consumer group.
  Result<std::vector<DemoMessage>> consume(const std::string& topic, size_t count);

 private:
  class Handle;
  Result<Handle*> producer();

  HostPort bootstrap_;
  PrivateNetwork& network_;
  std::unique_ptr<Handle> producer_;
};

inline constexpr int kDemoStepTimeoutMs = 30'000;

}  // namespace portway::app
