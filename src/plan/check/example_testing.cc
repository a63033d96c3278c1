#include "plan/check/example_testing.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "plan/golden_testing.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr size_t kShownLinesMax = 40;

std::string language_of(const std::string& file) {
  if (file.ends_with(".yaml")) return "yaml";
  return file.ends_with(".properties") ? "properties" : "shell";
}

// Long examples are there to be long; a page shows how they begin and end.
std::string shown(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::string result;
  const bool is_long = lines.size() > kShownLinesMax;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (is_long && i == kShownLinesMax / 4) {
      result += fmt::format("# ... {} lines more ...\n", lines.size() - kShownLinesMax);
    }
    const bool is_left_out =
        is_long && i >= kShownLinesMax / 4 && i < lines.size() - kShownLinesMax * 3 / 4;
    if (!is_left_out) result += lines[i] + "\n";
  }
  return result;
}

// Files that are the same in `before` have been shown.
std::string example_part(const std::string& folder, const std::string& before) {
  std::string text;
  for (const std::string& file : example_files(folder)) {
    const bool is_shown = !before.empty() && read_source_file(folder + "/" + file) ==
                                                 read_source_file(before + "/" + file);
    if (file == "also.txt" || is_shown) continue;
    text += fmt::format("`{}`:\n\n```{}\n{}```\n\n", file, language_of(file),
                        shown(read_source_file(folder + "/" + file)));
  }
  return text;
}

}  // namespace

std::vector<std::string> example_files(const std::string& folder) {
  std::vector<std::string> files;
  const std::filesystem::path path = source_path(folder);
  if (!std::filesystem::is_directory(path)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    files.push_back(entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

CheckInput example_input(const std::string& folder) {
  CheckInput input;
  for (const std::string& file : example_files(folder)) {
    NamedText text{file, read_source_file(folder + "/" + file)};
    if (file == "portway.yaml") {
      input.spec = std::move(text);
    } else if (file == "kafka-proxy.txt") {
      input.kafka_proxy = std::move(text);
    } else if (file.ends_with(".properties")) {
      const auto id = parse_number(file.substr(0, file.find('.')));
      input.properties.push_back(
          {std::move(text), id ? std::optional(static_cast<int32_t>(*id)) : std::nullopt});
    }
  }
  input.is_whole_cluster = input.properties.size() > 1;
  return input;
}

std::string check_page(const CheckInfo& info, const std::string& examples_folder) {
  const std::string code = code_text(info.check);
  const std::string folder = examples_folder + "/" + code;
  std::string said;
  for (const Finding& finding : check_all(example_input(folder + "/broken"))) {
    if (finding.check == info.check) said += finding_line(finding) + "\n";
  }
  return fmt::format(
      "# {}: {}\n\nSeverity: {}. All codes: [README.md](README.md).\n\n{}\n\n**Instead:** {}\n\n"
      "## Broken\n\n{}`portway check` says:\n\n```\n{}```\n\n## Mended\n\n{}",
      code, info.title, severity_name(info.severity), info.why, info.remedy,
      example_part(folder + "/broken", ""), said,
      example_part(folder + "/mended", folder + "/broken"));
}

std::string check_index() {
  std::string text =
      "# What portway check finds\n\n"
      "Each code keeps its meaning for ever. Errors will not work, and `portway render` refuses\n"
      "them; warnings work until something happens; notes are worth knowing and often wanted.\n"
      "`portway check --explain PW012` says the same in the terminal.\n\n"
      "Written by the tests from the catalog and the examples in `src/plan/check`.\n";
  static constexpr std::string_view kGroups[] = {
      "portway.yaml as a file", "External listeners, the proxy and the cluster", "The cloud",
      "server.properties", "A kafka-proxy command line"};
  int group = -1;
  for (const CheckInfo& info : check_catalog()) {
    const int of = static_cast<int>(info.check) / 100;
    if (of != group) {
      group = of;
      text += fmt::format("\n## {}\n\n| code | severity | what is wrong |\n|---|---|---|\n",
                          kGroups[static_cast<size_t>(of)]);
    }
    const std::string code = code_text(info.check);
    text += fmt::format("| [{}]({}.md) | {} | {} |\n", code, code, severity_name(info.severity),
                        info.title);
  }
  return text;
}

}  // namespace portway::plan
