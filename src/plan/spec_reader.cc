#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "plan/check/catalog.h"
#include "plan/cloud_reader.h"
#include "plan/cluster_reader.h"
#include "plan/external_listener_reader.h"
#include "plan/section.h"
#include "plan/spec.h"
#include "plan/spec_checks.h"
#include "plan/spec_fields.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr size_t kProblemsShownMax = 50;

struct ServeQuantity {
  std::string_view key;
  uint32_t ServeSpec::*member;
};
constexpr ServeQuantity kServeQuantities[] = {
    {"keep_alive", &ServeSpec::keep_alive_ms},
    {"dial_timeout", &ServeSpec::dial_timeout_ms},
    {"first_byte_timeout", &ServeSpec::first_byte_timeout_ms},
    {"idle_timeout", &ServeSpec::idle_timeout_ms},
    {"drain_notice", &ServeSpec::drain_notice_ms},
    {"drain_timeout", &ServeSpec::drain_timeout_ms},
    {"topology_refresh", &ServeSpec::topology_refresh_ms},
    {"connections_max", &ServeSpec::connections_max},
    {"requests_in_flight_max", &ServeSpec::requests_in_flight_max},
    {"request_bytes_max", &ServeSpec::request_bytes_max},
    {"response_bytes_max", &ServeSpec::response_bytes_max},
    {"splice_bytes_min", &ServeSpec::splice_bytes_min},
    {"receive_buffer_bytes", &ServeSpec::receive_buffer_bytes},
    {"send_buffer_bytes", &ServeSpec::send_buffer_bytes},
};

// Values of the file into a Spec. Each function reads one block; problems are collected, and what
// could not be read is left at its default, so that one pass finds all there are.
class Reader {
 public:
  Spec read(const YamlNode& root) {
    const Section top(root, "", "", findings_);
    spec_.cluster = read_cluster(top.mapping("cluster"), findings_);
    if (top.has("cloud")) spec_.cloud = read_cloud(top.mapping("cloud"), spec_.cluster.nodes);
    complete_cluster(spec_.cluster, spec_.cloud);
    for (const Section& listener : top.mappings("external_listeners")) {
      spec_.external_listeners.push_back(
          read_external_listener(listener, spec_.cluster.internal.security, findings_));
    }
    read_serve(top.mapping("serve"));
    if (top.has("kubernetes")) spec_.kubernetes = read_kubernetes(top.mapping("kubernetes"));
    return std::move(spec_);
  }

  Findings& findings() { return findings_; }

 private:
  void read_serve(const Section& section) {
    ServeSpec& serve = spec_.serve;
    for (const Text& text : section.texts("listen")) {
      if (is_ip_address(text.text)) {
        serve.listen.push_back(text.text);
      } else {
        findings_.add(text.place, text.key,
                      fmt::format("'{}' is not an IP address; write for example 0.0.0.0, \"::\" or "
                                  "an address of this machine",
                                  text.text));
      }
    }
    read_admin(section);
    const std::string workers = section.text("workers");
    serve.workers =
        workers == "auto" ? 0 : static_cast<uint32_t>(section.quantity_of("workers", workers));
    serve.log_format = section.choice("log_format");
    serve.log_level = section.choice("log_level");
    serve.client_id = section.text("client_id");
    for (const ServeQuantity& quantity : kServeQuantities) {
      serve.*quantity.member = static_cast<uint32_t>(section.quantity(quantity.key));
    }
    read_forbidden(section);
  }

  void read_admin(const Section& section) {
    const std::string text = section.text("admin");
    if (text == "off") return;
    const auto address = parse_host_port(text);
    if (!address) {
      section.add("admin", address.error().message);
    } else if (!is_ip_address(address->host)) {
      section.add("admin",
                  fmt::format("'{}' is not an IP address; write for example 127.0.0.1:9080",
                              address->host));
    } else {
      spec_.serve.admin = *address;
    }
  }

  void read_forbidden(const Section& section) {
    std::vector<int16_t>& keys = spec_.serve.forbidden_api_keys;
    for (const Text& text : section.texts("forbidden_api_keys")) {
      const auto key = parse_api_key(text.text);
      if (!key) {
        findings_.add(text.place, text.key, key.error().message);
      } else if (std::find(keys.begin(), keys.end(), *key) != keys.end()) {
        findings_.add(text.place, text.key, fmt::format("{} is listed twice", text.text),
                      Check::kGivenTwice);
      } else {
        keys.push_back(*key);
      }
    }
  }

  static uint16_t port(const Section& section, std::string_view key) {
    return static_cast<uint16_t>(section.quantity(key));
  }

  Findings findings_;
  Spec spec_;
};

std::string to_line(const Problem& problem, std::string_view file_name) {
  std::string line(file_name);
  if (problem.place.line > 0) {
    line += fmt::format(":{}:{}", problem.place.line, problem.place.column);
  }
  if (!problem.key.empty()) line += fmt::format(": {}", problem.key);
  return fmt::format("{}: {} [{}]", line, problem.message, code_text(problem.code));
}

tl::unexpected<Error> bad_spec(const std::vector<Problem>& problems, std::string_view file_name) {
  std::string message;
  for (size_t i = 0; i < problems.size() && i < kProblemsShownMax; ++i) {
    if (i > 0) message += "\n";
    message += to_line(problems[i], file_name);
  }
  if (problems.size() > kProblemsShownMax) {
    message +=
        fmt::format("\n{}: and {} more problems", file_name, problems.size() - kProblemsShownMax);
  }
  return fail(Fault::kOperator, "bad_spec", std::move(message));
}

}  // namespace

tl::expected<LoadedSpec, std::vector<Problem>> read_spec(std::string_view text) {
  const auto root = parse_yaml(text);
  if (!root) return tl::unexpected(std::vector<Problem>{root.error()});
  Reader reader;
  LoadedSpec loaded;
  loaded.spec = reader.read(*root);
  Findings& findings = reader.findings();
  // Collisions are looked for among values that could be read only: the rest would be noise.
  std::vector<Problem>& problems = findings.problems;
  if (problems.empty()) problems = check_spec(loaded.spec, findings.places);
  if (!problems.empty()) {
    std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
      return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    return tl::unexpected(std::move(problems));
  }
  loaded.places = std::move(findings.places);
  loaded.node_order = std::move(findings.node_order);
  return loaded;
}

Result<Spec> parse_spec(std::string_view text, std::string_view file_name) {
  auto loaded = read_spec(text);
  if (!loaded) return bad_spec(loaded.error(), file_name);
  return std::move(loaded->spec);
}

Result<std::string> read_spec_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  text.resize(kYamlBytesMax + 1);  // one more than allowed shows that there is more
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof()) {
    return fail(Fault::kOperator, "spec_unreadable",
                fmt::format("{}: cannot be read; is it there, a file, and readable?", path));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

Result<Spec> load_spec(const std::string& path) {
  const auto text = read_spec_file(path);
  if (!text) return tl::unexpected(text.error());
  return parse_spec(*text, path);
}

}  // namespace portway::plan
