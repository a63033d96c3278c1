#pragma once

#include <ostream>

namespace portway::app {

// Where a command writes: results to `out`, what went wrong to `error`.
struct Console {
  std::ostream& out;
  std::ostream& error;
  bool may_ask = false;  // somebody sits before standard input and can answer
};

// Exit codes of every command.
inline constexpr int kExitFine = 0;
inline constexpr int kExitFoundWrong = 1;  // the command ran and found something wrong
inline constexpr int kExitBadUsage = 2;    // flags or a configuration that cannot be used

// Ends a command from inside its CLI11 callback with this exit code.
[[noreturn]] void finish(int exit_code);

}  // namespace portway::app
