#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portway::render {

// 32-bit MurmurHash2 as Kafka's clients compute it (org.apache.kafka.common.utils.Utils.murmur2).
uint32_t kafka_murmur2(std::string_view bytes);

// A record key for each of `partitions` (1 and more) partitions: Kafka's default partitioner, since
// 0.9 and in every client that follows it, sends a record with the Nth key to partition N. Kafka's
// console producer cannot be told a partition, only a key. The keys are words of a letter and
// digits; the same for the same count.
std::vector<std::string> partition_keys(size_t partitions);

}  // namespace portway::render
