#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portway::plan {

// One word of a command, and the line on which it begins.
struct CommandWord {
  std::string text;
  int line = 0;

  bool operator==(const CommandWord&) const = default;
};

// The flags of the first `kafka-proxy server` in a shell script, a unit file's ExecStart or a
// command line: the words behind "server", without redirections. Words are taken apart as a shell
// does: quotes, backslashes, comments, lines that go on after a backslash; variables stay as they
// are. When no command is kafka-proxy's, those of the first command whose words begin with a hyphen
// are returned.
std::vector<CommandWord> kafka_proxy_flags_of(std::string_view script);

}  // namespace portway::plan
