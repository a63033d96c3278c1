#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/kafka_proxy_words.h"
#include "base/host_port.h"
#include "base/result.h"
#include "plan/kafka_proxy_convert.h"
#include "plan/values.h"

namespace portway::app {
namespace {

constexpr const char* kAbout = "Write a kafka-proxy command line as a portway.yaml";

constexpr const char* kHelp =
    "Write a kafka-proxy command line as a portway.yaml\n"
    "Usage: portway convert [--broker-id ADDRESS=ID]... FLAGS...\n\n"
    "FLAGS are those of `kafka-proxy server`; the words ./kafka-proxy server before them may "
    "stay.\n"
    "The file goes to standard output. What was assumed, what changes and what is lost stands in\n"
    "its first lines.\n\n"
    "  --broker-id ADDRESS=ID   the id of the broker at ADDRESS of a --bootstrap-server-mapping,\n"
    "                           such as 10.64.0.2:9092=1; without it ids count from 1 in the "
    "order\n"
    "                           of the mappings\n";

struct ConvertWords {
  std::map<HostPort, int32_t> broker_ids;
  std::vector<std::string> flags;
};

Result<void> add_broker_id(const std::string& text, ConvertWords& into) {
  const size_t equals = text.rfind('=');
  const std::string_view all = text;
  const auto address = parse_host_port(all.substr(0, equals));
  const auto id =
      equals == std::string::npos ? std::nullopt : plan::parse_id_range(all.substr(equals + 1));
  if (!address || !id || id->first != id->last) {
    return fail(Fault::kOperator, "bad_broker_id",
                fmt::format("--broker-id: '{}' is not ADDRESS=ID; write for example "
                            "10.64.0.2:9092=1",
                            text));
  }
  into.broker_ids[*address] = id->first;
  return {};
}

// Takes what is convert's own out of the words.
Result<ConvertWords> split(const std::vector<std::string>& words) {
  static constexpr std::string_view kOption = "--broker-id";
  ConvertWords result;
  size_t i = 0;
  while (i < words.size() && !words[i].starts_with('-')) ++i;  // "./kafka-proxy", "server"
  for (; i < words.size(); ++i) {
    const std::string& word = words[i];
    Result<void> added;
    if (word == kOption) {
      added = add_broker_id(i + 1 < words.size() ? words[++i] : "", result);
    } else if (word.starts_with("--broker-id=")) {
      added = add_broker_id(word.substr(kOption.size() + 1), result);
    } else {
      result.flags.push_back(word);
    }
    if (!added) return tl::unexpected(added.error());
  }
  return result;
}

Result<plan::Conversion> convert(const std::vector<std::string>& words) {
  const auto parts = split(words);
  if (!parts) return tl::unexpected(parts.error());
  const auto settings = read_kafka_proxy_words(parts->flags);
  if (!settings) return tl::unexpected(settings.error());
  return plan::convert_kafka_proxy(*settings, parts->broker_ids);
}

}  // namespace

void add_convert_command(CLI::App& app, Console&) {
  // For the list of commands: the words go to run_convert() without CLI11.
  app.add_subcommand("convert", kAbout);
}

int run_convert(const std::vector<std::string>& words, Console& console) {
  if (help_wanted(words)) {
    console.out << kHelp;
    return kExitFine;
  }
  const auto conversion = convert(words);
  if (!conversion) {
    console.error << conversion.error().message << "\nSee portway convert --help.\n";
    return kExitBadUsage;
  }
  console.out << plan::to_yaml(*conversion);
  return kExitFine;
}

}  // namespace portway::app
