#pragma once

#include <string>
#include <vector>

#include "app/console.h"

namespace CLI {
class App;
}

namespace portway::app {

// One function for each subcommand: adds it to the command line. Its callback does the work; it
// returns when all is fine and calls finish() otherwise. The console outlives the App.
void add_serve_command(CLI::App& app, Console& console);
void add_server_command(CLI::App& app, Console& console);
void add_plan_command(CLI::App& app, Console& console);
void add_check_command(CLI::App& app, Console& console);
void add_diff_command(CLI::App& app, Console& console);
void add_render_command(CLI::App& app, Console& console);
void add_schema_command(CLI::App& app, Console& console);
void add_init_command(CLI::App& app, Console& console);
void add_convert_command(CLI::App& app, Console& console);
void add_version_command(CLI::App& app, Console& console);
void add_demo_command(CLI::App& app);  // writes to standard output itself

// The commands whose words are kafka-proxy's flags and not for CLI11 to take apart: the words after
// the command's name go in as they are. Return the exit code.
int run_server(const std::vector<std::string>& words, Console& console);
int run_convert(const std::vector<std::string>& words, Console& console);

}  // namespace portway::app
