#include "app/demo/demo.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands.h"
#include "base/log.h"

namespace portway::app {

void add_demo_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("demo", "Embedded brokers, the proxy and a client: see it work");
  command->footer(
      "Needs nothing installed and no configuration; takes a few seconds. Exit code 0 when every\n"
      "message came back, every broker was reached through its port and no inside address was "
      "seen.");
  command->callback([] {
    configure_logging(LogFormat::kLogfmt, LogLevel::kWarning);
    if (!run_demo({}, std::cout)) finish(kExitFoundWrong);
  });
}

}  // namespace portway::app
