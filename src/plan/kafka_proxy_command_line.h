#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/kafka_proxy_flags.h"

namespace portway::plan {

// Values written as the Go programs around kafka-proxy read them.
std::optional<int64_t> parse_go_integer(std::string_view text);      // 10, -3, 0x1f, 0b1, 0o17
std::optional<int64_t> parse_go_duration_us(std::string_view text);  // 1h30m, 1.5s, 300ms, 0, -1s
std::optional<bool> parse_go_bool(std::string_view text);  // 1, t, T, TRUE, true, True, ...

// An environment variable; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// A command line of `kafka-proxy server`, every value checked against its flag's type. What the
// values mean is kafka_proxy_settings.h's concern.
class KafkaProxyCommandLine {
 public:
  bool help_wanted = false;
  std::vector<std::string> warnings;

  // Whether the flag has another value than kafka-proxy's default.
  bool differs(std::string_view flag) const;
  // The value of a flag that may be given once; the last one counts, as in kafka-proxy.
  std::string text(std::string_view flag) const;
  bool truth(std::string_view flag) const;
  int64_t number(std::string_view flag) const;
  int64_t duration_ms(std::string_view flag) const;  // rounded up
  // The values of a flag that may be given several times; slices are taken apart at their commas.
  std::vector<std::string> list(std::string_view flag) const;

  void set(const KafkaProxyFlag& flag, std::string value);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> given_;
};

// Reads the words after `server`. The three mapping flags fall back to their environment variables,
// each by itself (kafka-proxy v0.4.3 looks at the wrong flag here). The error (operator,
// "bad_flags") has a line for each wrong flag and never shows the value of a secret one.
Result<KafkaProxyCommandLine> parse_kafka_proxy_command_line(std::span<const std::string> words,
                                                             const Environment& environment);

}  // namespace portway::plan
