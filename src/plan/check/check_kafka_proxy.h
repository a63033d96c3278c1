#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/check/command_words.h"
#include "plan/check/finding.h"
#include "plan/deployment.h"
#include "plan/kafka_proxy_settings.h"
#include "plan/spec.h"

namespace portway::plan {

// What is wrong with a kafka-proxy command line, by itself and against the plan. `spec`: null when
// there is none. `text`: a script or flags, see command_words.h. Flags that have to do with neither
// ports nor names are not judged, whether `portway server` takes them or not.
void check_kafka_proxy(std::string_view text, const std::string& name, const Spec* spec,
                       std::vector<Finding>& findings);

// Findings about one command line: each stands where the flag or value does that it is about.
class FlagReport {
 public:
  FlagReport(std::string file, std::vector<CommandWord> words, std::vector<Finding>& findings)
      : file_(std::move(file)), words_(std::move(words)), findings_(findings) {}

  // `value`: text of the word that is meant; empty: the word with the flag's name.
  void add(Check check, std::string_view flag, std::string_view value, std::string message,
           std::string instead = {});

 private:
  const std::string file_;
  const std::vector<CommandWord> words_;
  std::vector<Finding>& findings_;
};

// The second half: against the plan.
void check_kafka_proxy_by_plan(const KafkaProxySettings& settings, const Spec& spec,
                               FlagReport& report);

}  // namespace portway::plan
