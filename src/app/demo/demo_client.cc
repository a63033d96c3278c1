#include "app/demo/demo_client.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <utility>

namespace portway::app {
namespace {

constexpr int kPollMs = 100;
constexpr int kPollsMax = kDemoStepTimeoutMs / kPollMs;

tl::unexpected<Error> failed(std::string what) {
  return fail(Fault::kBroker, "demo_client_failed", std::move(what));
}

int on_connect(int socket, const sockaddr* address, int length, const char* broker, void* network) {
  return static_cast<PrivateNetwork*>(network)->connect_socket(
      socket, address, static_cast<socklen_t>(length), broker);
}

// The message's own pointer is the DemoMessage to fill.
void on_delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  auto& delivered = *static_cast<DemoMessage*>(message->_private);
  delivered.partition = message->partition;
  delivered.offset = message->offset;
  delivered.broker_id = rd_kafka_message_broker_id(message);
}

using Settings = std::vector<std::pair<const char*, std::string>>;

struct MetadataDeleter {
  void operator()(const struct rd_kafka_metadata* metadata) const {
    rd_kafka_metadata_destroy(metadata);
  }
};
using Metadata = std::unique_ptr<const struct rd_kafka_metadata, MetadataDeleter>;

struct TopicDeleter {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
using Topic = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

struct MessageDeleter {
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using Message = std::unique_ptr<rd_kafka_message_t, MessageDeleter>;

struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter>;

// The topic's partitions all have leaders: nothing is left to wait for.
bool is_complete(const struct rd_kafka_metadata& metadata) {
  if (metadata.topic_cnt != 1 || metadata.topics[0].partition_cnt == 0) return false;
  const rd_kafka_metadata_topic& topic = metadata.topics[0];
  for (int i = 0; i < topic.partition_cnt; ++i) {
    if (topic.partitions[i].leader < 0) return false;
  }
  return topic.err == RD_KAFKA_RESP_ERR_NO_ERROR;
}

TopicView view_of(const struct rd_kafka_metadata& metadata) {
  TopicView view;
  for (int i = 0; i < metadata.broker_cnt; ++i) {
    const rd_kafka_metadata_broker& broker = metadata.brokers[i];
    view.brokers.push_back({broker.id, {broker.host, static_cast<uint16_t>(broker.port)}});
  }
  const rd_kafka_metadata_topic& topic = metadata.topics[0];
  view.leaders.resize(static_cast<size_t>(topic.partition_cnt), -1);
  for (int i = 0; i < topic.partition_cnt; ++i) {
    view.leaders.at(static_cast<size_t>(topic.partitions[i].id)) = topic.partitions[i].leader;
  }
  return view;
}

}  // namespace

// One client instance of librdkafka.
class DemoClient::Handle {
 public:
  static Result<std::unique_ptr<Handle>> make(rd_kafka_type_t type, const HostPort& bootstrap,
                                              PrivateNetwork& network, const Settings& settings) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    std::array<char, 512> why{};
    Settings all = {{"bootstrap.servers", to_string(bootstrap)},
                    {"broker.address.family", "v4"},
                    {"client.id", "portway-demo"}};
    all.insert(all.end(), settings.begin(), settings.end());
    for (const auto& [key, value] : all) {
      if (rd_kafka_conf_set(conf, key, value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK) {
        rd_kafka_conf_destroy(conf);
        return failed(fmt::format("librdkafka does not take {}={}: {}", key, value, why.data()));
      }
    }
    rd_kafka_conf_set_opaque(conf, &network);
    rd_kafka_conf_set_connect_cb(conf, on_connect);
    rd_kafka_conf_set_log_cb(conf, nullptr);
    if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf, on_delivered);
    rd_kafka_t* client = rd_kafka_new(type, conf, why.data(), why.size());
    if (client == nullptr) {
      rd_kafka_conf_destroy(conf);
      return failed(fmt::format("librdkafka gives no client: {}", why.data()));
    }
    return std::unique_ptr<Handle>(new Handle(client));
  }

  ~Handle() { rd_kafka_destroy(client_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  rd_kafka_t* get() const { return client_; }

 private:
  explicit Handle(rd_kafka_t* client) : client_(client) {}
  rd_kafka_t* client_;
};

DemoClient::DemoClient(HostPort bootstrap, PrivateNetwork& network)
    : bootstrap_(std::move(bootstrap)), network_(network) {}

DemoClient::~DemoClient() = default;

Result<DemoClient::Handle*> DemoClient::producer() {
  if (producer_ == nullptr) {
    auto made = Handle::make(RD_KAFKA_PRODUCER, bootstrap_, network_,
                             {{"linger.ms", "0"},
                              {"enable.idempotence", "true"},
                              {"message.timeout.ms", std::to_string(kDemoStepTimeoutMs)}});
    if (!made.has_value()) return tl::unexpected(made.error());
    producer_ = std::move(*made);
  }
  return producer_.get();
}

Result<TopicView> DemoClient::look_at(const std::string& topic) {
  const auto client = producer();
  if (!client.has_value()) return tl::unexpected(client.error());
  const Topic handle(rd_kafka_topic_new((*client)->get(), topic.c_str(), nullptr));
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  for (int waited_ms = 0; waited_ms < kDemoStepTimeoutMs; waited_ms += kPollMs) {
    const struct rd_kafka_metadata* answer = nullptr;
    constexpr bool kAllTopics = false;
    error =
        rd_kafka_metadata((*client)->get(), kAllTopics, handle.get(), &answer, kDemoStepTimeoutMs);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) break;
    const Metadata metadata(answer);
    if (is_complete(*metadata)) return view_of(*metadata);
    rd_kafka_poll((*client)->get(), kPollMs);
  }
  return failed(fmt::format("no complete Metadata for topic {} from {} within {} ms: {}", topic,
                            to_string(bootstrap_), kDemoStepTimeoutMs, rd_kafka_err2str(error)));
}

Result<std::vector<DemoMessage>> DemoClient::produce(const std::string& topic, int partitions,
                                                     const std::vector<std::string>& texts) {
  const auto client = producer();
  if (!client.has_value()) return tl::unexpected(client.error());
  const Topic handle(rd_kafka_topic_new((*client)->get(), topic.c_str(), nullptr));
  // Filled by on_delivered(): must neither move nor end before the last report.
  std::vector<DemoMessage> messages(texts.size());
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  for (size_t i = 0; i < texts.size() && error == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    messages[i].text = texts[i];
    const auto partition = static_cast<int32_t>(i % static_cast<size_t>(partitions));
    std::string payload = texts[i];  // copied by the call, which takes no const
    if (rd_kafka_produce(handle.get(), partition, RD_KAFKA_MSG_F_COPY, payload.data(),
                         payload.size(), nullptr, 0, &messages[i]) != 0) {
      error = rd_kafka_last_error();
    }
  }
  if (rd_kafka_flush((*client)->get(), kDemoStepTimeoutMs) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    producer_.reset();  // no report may come when `messages` is gone
    return failed(fmt::format("messages for topic {} were not acknowledged within {} ms", topic,
                              kDemoStepTimeoutMs));
  }
  for (const DemoMessage& message : messages) {
    if (message.broker_id >= 0) continue;
    return failed(fmt::format("\"{}\" was not taken: {}", message.text, rd_kafka_err2str(error)));
  }
  return messages;
}

Result<std::vector<DemoMessage>> DemoClient::consume(const std::string& topic, size_t count) {
  const auto client = Handle::make(RD_KAFKA_CONSUMER, bootstrap_, network_,
                                   {{"group.id", "portway-demo"},
                                    {"auto.offset.reset", "earliest"},
                                    {"fetch.wait.max.ms", "10"}});
  if (!client.has_value()) return tl::unexpected(client.error());
  rd_kafka_t* const consumer = (*client)->get();
  rd_kafka_poll_set_consumer(consumer);
  const PartitionList topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(consumer, topics.get());
  std::vector<DemoMessage> messages;
  for (int polls = 0; messages.size() < count && polls < kPollsMax; ++polls) {
    const Message message(rd_kafka_consumer_poll(consumer, kPollMs));
    if (message == nullptr || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    messages.push_back({std::string(static_cast<const char*>(message->payload), message->len),
                        message->partition, message->offset,
                        rd_kafka_message_broker_id(message.get())});
  }
  rd_kafka_consumer_close(consumer);
  if (messages.size() == count) return messages;
  return failed(fmt::format("{} of {} messages of topic {} were read within {} ms", messages.size(),
                            count, topic, kDemoStepTimeoutMs));
}

}  // namespace portway::app
