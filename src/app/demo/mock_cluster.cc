#include "app/demo/mock_cluster.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <sstream>
#include <string>
#include <utility>

namespace portway::app {

struct MockCluster::Handles {
  rd_kafka_t* owner = nullptr;  // librdkafka hangs mock clusters on some client instance
  rd_kafka_mock_cluster_t* cluster = nullptr;

  ~Handles() {
    if (cluster != nullptr) rd_kafka_mock_cluster_destroy(cluster);
    if (owner != nullptr) rd_kafka_destroy(owner);
  }
};

Result<std::unique_ptr<MockCluster>> MockCluster::start(int brokers) {
  auto handles = std::make_unique<Handles>();
  std::array<char, 512> why{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, nullptr);
  handles->owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (handles->owner == nullptr) {
    return fail(Fault::kSelf, "mock_cluster_failed",
                fmt::format("librdkafka gives no client: {}", why.data()));
  }
  handles->cluster = rd_kafka_mock_cluster_new(handles->owner, brokers);
  if (handles->cluster == nullptr) {
    return fail(Fault::kSelf, "mock_cluster_failed",
                fmt::format("librdkafka gives no mock cluster of {} brokers", brokers));
  }
  std::unique_ptr<MockCluster> cluster(new MockCluster(std::move(handles)));
  // The list is in the order of the brokers' ids.
  std::istringstream list(rd_kafka_mock_cluster_bootstraps(cluster->handles_->cluster));
  std::string item;
  for (int id = 1; std::getline(list, item, ','); ++id) {
    auto address = parse_host_port(item);
    if (!address.has_value()) return tl::unexpected(address.error());
    cluster->brokers_.emplace(id, std::move(*address));
  }
  return cluster;
}

MockCluster::MockCluster(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}

MockCluster::~MockCluster() = default;

Result<void> MockCluster::spread_leaders(const char* topic, int partitions) {
  for (int partition = 0; partition < partitions; ++partition) {
    const int leader = 1 + partition % static_cast<int>(brokers_.size());
    const rd_kafka_resp_err_t error =
        rd_kafka_mock_partition_set_leader(handles_->cluster, topic, partition, leader);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail(Fault::kSelf, "mock_cluster_failed",
                  fmt::format("broker {} cannot lead {}-{}: {}", leader, topic, partition,
                              rd_kafka_err2str(error)));
    }
  }
  return {};
}

}  // namespace portway::app
