#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace portway::plan {

// How a flag of kafka-proxy takes its value; the names of the Go library that reads them (pflag).
enum class FlagType : uint8_t {
  kBool,            // --flag, --flag=true, --flag=false; never a separate word
  kString,          //
  kInt,             // 63 bits; 0x, 0o and 0b are understood
  kUint16,          //
  kUint64,          //
  kDuration,        // 300ms, 1.5s, 1h30m
  kIntSlice,        // 1,2,3; given several times they add up
  kStringSlice,     // a,b,c; given several times they add up
  kStringArray,     // one value each; given several times they add up
  kStringToString,  // a=1,b=2
};

enum class FlagStatus : uint8_t {
  kWorks,     // with kafka-proxy's meaning
  kNoEffect,  // taken; nothing depends on it in Portway, and a warning says so
  kRefused,   // unless its value is kafka-proxy's default
};

// One flag of `kafka-proxy server`. The command line is read by this table and the page
// docs/kafka-proxy.md is written from it.
struct KafkaProxyFlag {
  std::string_view name;  // without the hyphens
  FlagType type;
  std::string_view fallback;  // kafka-proxy's default
  FlagStatus status;
  bool is_secret;            // its value is never printed
  std::string_view meaning;  // what it does in `portway server`, or why it does nothing
  std::string_view moving;   // where it went in portway.yaml; empty: nowhere
};

// All flags of kafka-proxy v0.4.3: 99.
std::span<const KafkaProxyFlag> kafka_proxy_flags();
inline constexpr std::string_view kKafkaProxyVersion = "v0.4.3";

const KafkaProxyFlag* find_kafka_proxy_flag(std::string_view name);

std::string_view flag_type_name(FlagType type);

}  // namespace portway::plan
