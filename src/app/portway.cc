#include "app/portway.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "app/commands.h"
#include "plan/values.h"

namespace portway::app {
namespace {

constexpr const char* kDescription =
    "Portway gives a self-hosted Kafka cluster one private address: every broker behind its own "
    "port.";

constexpr const char* kFooter =
    "Start here:\n"
    "  portway demo                    see it work, with nothing installed\n"
    "  portway init                    write a portway.yaml\n"
    "  portway check -c portway.yaml   what is wrong with a configuration\n"
    "  portway plan -c portway.yaml    which port leads to which broker\n"
    "  portway render all -o DIR       the files that it needs: brokers, cloud, proxies\n"
    "  portway serve -c portway.yaml   run the proxy\n"
    "Coming from kafka-proxy: `portway server` takes its flags, `portway convert` writes them as "
    "a\n"
    "portway.yaml.\n"
    "\n"
    "Exit codes: 0 fine, 1 found something wrong, 2 bad usage or configuration.";

void add_commands(CLI::App& app, Console& console) {
  add_init_command(app, console);
  add_plan_command(app, console);
  add_check_command(app, console);
  add_diff_command(app, console);
  add_render_command(app, console);
  add_serve_command(app, console);
  add_server_command(app, console);
  add_convert_command(app, console);
  add_schema_command(app, console);
  add_demo_command(app);
  add_version_command(app, console);
}

std::vector<std::string_view> command_names(const CLI::App& app) {
  static const std::function<bool(const CLI::App*)> kAll;
  std::vector<std::string_view> names;
  for (const CLI::App* command : app.get_subcommands(kAll)) names.push_back(command->get_name());
  return names;
}

int refuse_command(const CLI::App& app, const std::string& word, Console& console) {
  const auto names = command_names(app);
  const auto near = plan::nearest(word, names);
  console.error << fmt::format("portway: this version has no command '{}'{}; there are: {}\n", word,
                               near ? fmt::format(" (did you mean {}?)", *near) : "",
                               fmt::join(names, ", "));
  return kExitBadUsage;
}

}  // namespace

void finish(int exit_code) { throw CLI::RuntimeError(exit_code); }

int run_portway(const std::vector<std::string>& words, Console& console) {
  CLI::App app(kDescription, "portway");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.get_formatter()->column_width(32);
  add_commands(app, console);

  const std::string first = words.empty() ? std::string() : words.front();
  // kafka-proxy's flags are read by kafka-proxy's rules, which are not CLI11's.
  if (first == "server") return run_server({words.begin() + 1, words.end()}, console);
  if (first == "convert") return run_convert({words.begin() + 1, words.end()}, console);
  const auto names = command_names(app);
  if (!first.empty() && !first.starts_with('-') &&
      std::find(names.begin(), names.end(), first) == names.end()) {
    return refuse_command(app, first, console);
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // the last word first
    return kExitFine;
  } catch (const CLI::RuntimeError& finished) {
    return finished.get_exit_code();
  } catch (const CLI::ParseError& error) {
    return app.exit(error, console.out, console.error) == 0 ? kExitFine : kExitBadUsage;
  }
}

}  // namespace portway::app
