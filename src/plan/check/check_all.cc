#include "plan/check/check_all.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "plan/check/check_brokers.h"
#include "plan/check/check_kafka_proxy.h"
#include "plan/check/check_plan.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFolderFilesMax = 10'000;

void check_properties(const CheckInput& input, const LoadedSpec* loaded,
                      std::vector<Finding>& findings) {
  const std::optional<KafkaVersion> version =
      loaded == nullptr ? std::nullopt : std::optional(kafka_version(loaded->spec));
  std::vector<BrokerFile> brokers;
  for (const PropertiesText& text : input.properties) {
    auto broker = read_broker_file(text.file.text, text.file.name, findings);
    if (!broker) continue;
    check_broker(*broker, version ? &*version : nullptr, findings);
    const bool says_node_id = broker->node_id.has_value();
    if (!says_node_id) broker->node_id = text.node_id;  // what the plan says of it can be compared
    if (text.node_id && says_node_id && *text.node_id != *broker->node_id) {
      BrokerReport(text.file.name, findings)
          .add(Check::kNodeIdDiffers, broker->entry("node.id"), "node.id",
               fmt::format("{} here, and the file was given for node {}", *broker->node_id,
                           *text.node_id));
    }
    brokers.push_back(std::move(*broker));
  }
  check_brokers_together(brokers, findings);
  if (loaded != nullptr && !brokers.empty()) {
    check_brokers_by_plan(brokers, input.is_whole_cluster, *loaded, input.spec->name, findings);
  }
}

// At most one byte more than any of these files may have; the parsers say so.
Result<std::string> read_text(const std::string& path) {
  std::error_code error;
  std::ifstream file(path, std::ios::binary);
  std::string text(kPropertiesBytesMax + 1, '\0');
  const bool is_folder = fs::is_directory(path, error);
  if (is_folder || !file ||
      (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof())) {
    return fail(Fault::kOperator, "properties_unreadable",
                fmt::format("{}: cannot be read; is it there, a file, and readable?", path));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

Result<void> add_file(const std::string& path, std::optional<int32_t> id, CheckInput& input) {
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  input.properties.push_back({{path, std::move(*text)}, id});
  return {};
}

Result<void> add_folder(const std::string& path, CheckInput& input) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".properties") files.push_back(at->path().string());
    if (files.size() > kFolderFilesMax) break;
  }
  if (error || files.empty() || files.size() > kFolderFilesMax) {
    return fail(Fault::kOperator, "properties_unreadable",
                fmt::format("{}: {}; name a folder with the nodes' *.properties, or ID=PATH for "
                            "each of them",
                            path,
                            error           ? error.message()
                            : files.empty() ? "no *.properties in it"
                                            : "too many files"));
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    if (auto added = add_file(file, std::nullopt, input); !added) return added;
  }
  input.is_whole_cluster = true;
  return {};
}

}  // namespace

std::vector<Finding> check_all(const CheckInput& input) {
  std::vector<Finding> findings;
  std::optional<LoadedSpec> loaded;
  if (input.spec) {
    auto read = read_spec(input.spec->text);
    if (read) {
      loaded = std::move(*read);
      findings = check_plan(*loaded, input.spec->name);
    } else {
      for (Problem& problem : read.error()) {
        findings.push_back({problem.code,
                            input.spec->name,
                            problem.place,
                            std::move(problem.key),
                            std::move(problem.message),
                            {}});
      }
    }
  }
  check_properties(input, loaded ? &*loaded : nullptr, findings);
  if (input.kafka_proxy) {
    check_kafka_proxy(input.kafka_proxy->text, input.kafka_proxy->name,
                      loaded ? &loaded->spec : nullptr, findings);
  }
  sort_findings(findings);
  return findings;
}

Result<void> add_properties(const std::string& where, CheckInput& input) {
  std::error_code error;
  if (fs::is_directory(where, error)) return add_folder(where, input);
  const size_t equals = where.find('=');
  const auto id = parse_id_range(std::string_view(where).substr(0, equals));
  if (equals != std::string::npos && id && id->first == id->last) {
    return add_file(where.substr(equals + 1), id->first, input);
  }
  return add_file(where, std::nullopt, input);
}

Result<void> set_kafka_proxy(const std::string& where, CheckInput& input) {
  if (where.find("--") != std::string::npos) {
    input.kafka_proxy = NamedText{"kafka-proxy", where};
    std::error_code error;
    if (!fs::exists(where, error)) return {};
  }
  auto text = read_text(where);
  if (!text) return tl::unexpected(text.error());
  input.kafka_proxy = NamedText{where, std::move(*text)};
  return {};
}

}  // namespace portway::plan
