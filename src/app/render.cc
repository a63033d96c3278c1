#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "app/cluster_files.h"
#include "app/commands.h"
#include "app/spec_option.h"
#include "plan/check/check_all.h"
#include "render/output_folder.h"
#include "render/targets.h"

namespace portway::app {
namespace {

constexpr const char* kAll = "all";

struct RenderOptions {
  std::string target;
  std::string path;
  std::string folder;
  std::vector<std::string> properties;
};

std::string target_list() {
  std::string text;
  for (const render::Target& target : render::targets()) {
    text += fmt::format("  {:<12}{}\n", target.name, target.meaning);
  }
  return text + "  all         every target for which this plan has files\n";
}

[[noreturn]] void give_up(const Error& error, Console& console) {
  console.error << error.message << "\n";
  finish(error.fault == Fault::kOperator ? kExitBadUsage : kExitFoundWrong);
}

void add_files(const render::Target& target, const render::RenderInput& input, bool may_be_none,
               render::RenderedFiles& files, Console& console) {
  auto rendered = target.render(input);
  if (rendered) {
    for (render::RenderedFile& file : *rendered) files.push_back(std::move(file));
  } else if (may_be_none && rendered.error().code == "no_files") {
    console.error << fmt::format("{}: {}\n", target.name, rendered.error().message);
  } else {
    give_up({rendered.error().fault, rendered.error().code,
             fmt::format("{}: {}", target.name, rendered.error().message)},
            console);
  }
}

void report(const std::vector<render::WrittenFile>& written, const std::string& folder,
            Console& console) {
  size_t unchanged = 0;
  for (const render::WrittenFile& file : written) {
    if (file.outcome == render::Outcome::kUnchanged) {
      ++unchanged;
      continue;
    }
    console.out << fmt::format("{}  {}/{}\n",
                               file.outcome == render::Outcome::kCreated ? "created" : "changed",
                               folder, file.path);
  }
  console.out << fmt::format("{} files in {}, {} of them as they were\n", written.size(), folder,
                             unchanged);
}

plan::CheckInput read_input(const RenderOptions& options, Console& console) {
  plan::CheckInput input;
  auto text = plan::read_spec_file(options.path);
  if (!text) give_up(text.error(), console);
  input.spec = plan::NamedText{options.path, std::move(*text)};
  for (const std::string& where : options.properties) {
    if (const auto added = plan::add_properties(where, input); !added) {
      give_up(added.error(), console);
    }
  }
  return input;
}

// Files from a plan with an error in it would carry the error into the cloud. What the user's own
// server.properties lack is another matter: it is what the rendered ones mend.
void check_plan(const plan::CheckInput& input, Console& console) {
  plan::CheckInput plan_alone;
  plan_alone.spec = input.spec;
  const std::vector<plan::Finding> findings = plan::check_all(plan_alone);
  const plan::FindingCounts counts = plan::count(findings);
  if (counts.errors > 0) {
    console.error << plan::findings_text(findings) << "Nothing is written.\n";
    finish(kExitFoundWrong);
  }
  for (const plan::Finding& finding : findings) {
    if (plan::check_info(finding.check).severity == plan::Severity::kWarning) {
      console.error << plan::finding_line(finding) << "\n";
    }
  }
}

void render_files(const RenderOptions& options, Console& console) {
  const bool all = options.target == kAll;
  const render::Target* target = render::find_target(options.target);
  if (!all && target == nullptr) {
    console.error << fmt::format("portway render: there is no target '{}'; there are:\n{}",
                                 options.target, target_list());
    finish(kExitBadUsage);
  }
  const plan::CheckInput read = read_input(options, console);
  const auto spec = plan::parse_spec(read.spec->text, read.spec->name);
  if (!spec) give_up(spec.error(), console);
  check_plan(read, console);
  const plan::Deployment deployment = plan::make_deployment(*spec);
  auto properties = properties_by_node(read, *spec);
  if (!properties) give_up(properties.error(), console);
  const render::RenderInput input{*spec, deployment, read.spec->text, std::move(*properties)};

  render::RenderedFiles files;
  if (all) {
    for (const render::Target& one : render::targets()) {
      add_files(one, input, true, files, console);
    }
  } else {
    add_files(*target, input, false, files, console);
  }
  const auto written = render::write_files(options.folder, files);
  if (!written) give_up(written.error(), console);
  report(*written, options.folder, console);
}

}  // namespace

void add_render_command(CLI::App& app, Console& console) {
  CLI::App* command =
      app.add_subcommand("render", "Write the files that the plan needs: brokers, cloud, proxies");
  const auto options = std::make_shared<RenderOptions>();
  command->add_option("TARGET", options->target, "What to write; see below")->required();
  add_spec_option(*command, options->path);
  command->add_option("-o,--output", options->folder, "Where to, a folder")
      ->type_name("DIR")
      ->required();
  command
      ->add_option("--properties", options->properties,
                   "An existing cluster's own server.properties: a folder of them, or ID=FILE; may "
                   "be given several times")
      ->type_name("PATH");
  command->footer("TARGET is one of\n" + target_list() +
                  "\nThe same configuration gives the same files: what did not change is not "
                  "touched. Files in\n"
                  "DIR that are not rendered are left alone. Exits with 2 if the configuration is "
                  "not valid or\n"
                  "lacks what the target needs.");
  command->callback([options, &console] { render_files(*options, console); });
}

}  // namespace portway::app
