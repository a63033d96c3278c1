#include "proxy/serve.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "app/commands.h"
#include "app/logging.h"
#include "app/spec_option.h"
#include "net/process.h"

namespace portway::app {
namespace {

proxy::ServerInput input_of(plan::Spec spec, const std::string& path) {
  proxy::ServerInput input;
  // The plan follows from the file alone: the same answer whatever brokers there are.
  input.plan = [plan = plan::make_port_plan(spec)](const std::map<int32_t, HostPort>&) {
    return plan;
  };
  input.reload = [path]() -> Result<proxy::ServerInput> {
    auto fresh = plan::load_spec(path);
    if (fresh) fresh = plan::spec_to_serve(std::move(*fresh));
    if (!fresh) return tl::unexpected(fresh.error());
    return input_of(std::move(*fresh), path);
  };
  input.spec = std::move(spec);
  if (input.spec.serve.workers == 0) input.spec.serve.workers = net::usable_processors();
  return input;
}

}  // namespace

void add_serve_command(CLI::App& app, Console& console) {
  CLI::App* command = app.add_subcommand("serve", "Run the proxy");
  const auto path = std::make_shared<std::string>();
  add_spec_option(*command, *path);
  command->footer(
      "Logs go to standard error. Where serve.admin says, HTTP answers /livez, /readyz, /metrics\n"
      "and /status.\n"
      "Signals: SIGTERM drains and exits (a second one exits at once), SIGHUP reads FILE again.\n"
      "See docs/configuration.md for every field of FILE.");
  command->callback([path, &console] {
    auto spec = plan::spec_to_serve(load_spec_or_finish(*path, console));
    if (!spec) {
      console.error << *path << ": " << spec.error().message << "\n";
      finish(kExitBadUsage);
    }
    configure_logging_by(spec->serve);
    if (const auto served = proxy::serve(input_of(std::move(*spec), *path)); !served) {
      console.error << "portway serve: " << served.error().message << "\n";
      finish(kExitFoundWrong);
    }
  });
}

}  // namespace portway::app
