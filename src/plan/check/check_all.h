#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/check/finding.h"

namespace portway::plan {

// A file as it was read; `name` is for messages.
struct NamedText {
  std::string name;
  std::string text;
};

struct PropertiesText {
  NamedText file;
  std::optional<int32_t> node_id;  // whose file it is said to be
};

// Everything that one run of the checks looks at.
struct CheckInput {
  std::optional<NamedText> spec;
  std::vector<PropertiesText> properties;
  bool is_whole_cluster = false;  // `properties` are meant to be all there are
  std::optional<NamedText> kafka_proxy;
};

// All findings, sorted: of portway.yaml as a file; then, if it could be read, of the plan; of every
// server.properties, among one another and against the plan; of the kafka-proxy command line. Pure.
std::vector<Finding> check_all(const CheckInput& input);

// Adds what `where` names: ID=PATH, a file, or a folder, of which every *.properties is taken. The
// error (operator, "properties_unreadable") says what is not there.
Result<void> add_properties(const std::string& where, CheckInput& input);

// Sets the command line: a file's text, or `where` itself when it holds flags ("--...").
Result<void> set_kafka_proxy(const std::string& where, CheckInput& input);

}  // namespace portway::plan
