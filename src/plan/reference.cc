#include "plan/reference.h"

#include <fmt/format.h>

#include <string_view>

#include "plan/kafka_proxy_flags.h"
#include "plan/spec.h"
#include "plan/spec_fields.h"

namespace portway::plan {
namespace {

constexpr std::string_view kConfigurationIntro =
    R"(<!-- Written from src/plan/spec_fields.cc: PORTWAY_UPDATE_GOLDEN=1 plan_tests. -->
# Configuration

Everything follows from one file, `portway.yaml`. This is a whole one for `portway serve`:

```yaml
cluster:
  bootstrap: ["10.64.0.2:9092", "10.64.0.3:9092", "10.64.0.4:9092"]
external_listeners:
  - name: EXTERNAL
    advertise: "b{id}.abc.us-west1.gcp.3199745.tidbcloud.com"
    ports: {first: 9092, ids: 1-64}
```

Clients are told that broker 1 is at `b1.abc...:9092`, broker 4 at `b4.abc...:9095`, and so on to
broker 64. The port follows from the id alone, so that every replica of Portway says the same.

`portway check -c portway.yaml` shows what is wrong with a file, and `portway plan -c portway.yaml`
the ports that follow from it.

`portway render` and most checks need to know more: the nodes, who may connect, and the cloud.
`portway init` writes such a file by asking, and `portway init --example method1` (or `method2`,
`two-projects`, `two-projects-proxy`, `existing-cluster`) writes a whole one to begin with. Editors
complete and explain its keys with [portway.schema.json](portway.schema.json); its first line then
is

```yaml
# yaml-language-server: $schema=portway.schema.json
```

## How values are written

- **Durations** are a number with a unit: `500ms`, `60s`, `5m`, `2h`. A bare `0` turns off what
  can be turned off.
- **Sizes** are bytes, or a number with a unit: `64KiB`, `100MiB`, `1GiB`.
- **Broker ids** are one id, a range or several: `7`, `1-64`, `1-3,101-103`, `[1-3, 101-103]`.
- A list of one value may be written as the value alone.
- Keys that are not known are errors, and so are keys that come twice. Anchors, aliases and tags of
  YAML are not supported. A file has at most 1 MiB.

)";

constexpr std::string_view kConfigurationRules = R"(
## Ports that follow from the file

- `port(id) = first + (id - lowest id of the block)`. In a block with the ids `1-3,101-103` and
  `first: 9092`, broker 3 is at 9094 and broker 101 at 9192: the ids in between keep their room.
- An entry of `brokers` stands in for what `ports` says of that broker, or gives a place to one that
  no block has.
- Ports that nothing between clients and Portway changes need no `advertised_first`.
- A broker whose id has no place is left out of the answers that clients get. The log, the metrics
  and `/readyz` say which range to widen.

These are found when the file is read, with both places named: a port bound twice (in one external
listener, in two, or by `serve.admin`), an advertised address of two brokers in one external
listener, an id in two blocks, a port above 65535, a host name that is none.

## Reading the file again

SIGHUP makes `portway serve` read the file again. External listeners, ports and brokers may come and
go without touching other connections. A file that is not valid is refused and the old one stays.
Fields under `serve` take effect at the next start.
)";

constexpr std::string_view kKafkaProxyIntro =
    R"(<!-- Written from src/plan/kafka_proxy_flags.cc: PORTWAY_UPDATE_GOLDEN=1 plan_tests. -->
# Coming from kafka-proxy

`portway server` takes the command line of grepplabs/kafka-proxy {0} as it is: put `portway` in
the place of `kafka-proxy`. All 99 flags are known by name.

```sh
portway server \
  --bootstrap-server-mapping "10.64.0.2:9092,0.0.0.0:9092,b1.abc.example.com:9092" \
  --dynamic-sequential-min-port=9093 \
  --dynamic-advertised-listener=brokers.abc.example.com
```

`portway convert` with the same flags prints a `portway.yaml` for `portway serve`, which can do
more. kafka-proxy's mappings go by address and Portway's port plan by broker id: name the ids with
`--broker-id ADDRESS=ID`, or compare those that `convert` assumes (it says so) with your cluster's.

```sh
portway convert --broker-id 10.64.0.2:9092=1 --bootstrap-server-mapping ... > portway.yaml
portway check -c portway.yaml && portway plan -c portway.yaml
```

## What is different

- **Sequential ports** are given in ascending order of broker ids, not in the order of a response. A
  broker keeps its port when others join and when its address changes. Replicas that meet
  brokers at different times can still disagree: use `--deterministic-listeners`, or
  `portway serve`.
- **A broker without a place** (no port left, a port that is taken, dynamic listeners disabled) is
  left out with a warning, until it can have one: a port that is taken is tried again at every
  refresh of the topology. kafka-proxy fails the response for everyone.
- **Ports of brokers that left** are closed.
- **SIGTERM** drains: requests in flight are answered before connections close.
- **The health page** says whether Portway is alive; `/readyz` says whether it can serve.
- **Metrics** have Portway's names: see [metrics.md](metrics.md).
- **Timeouts**: a connection that sends nothing for 60 s after connecting, or is silent for 30
  minutes later, is closed. There is no deadline for a message.
- **Api keys** above {1} cannot be forbidden.
- **Random ports** (no `--dynamic-sequential-min-port`) work, with a warning.
- **Words that are no flags** are ignored with a warning; a mapping's listen address must be an IP
  address, or `localhost`, or nothing before the colon.

The environment variables `BOOTSTRAP_SERVER_MAPPING`, `EXTERNAL_SERVER_MAPPING` and
`DIAL_ADDRESS_MAPPING` (values separated by spaces) stand in for flags that are not given, each by
itself. Passwords are never printed.

Exit codes: 0 after a signal, 1 when a port cannot be bound, 2 when a flag is wrong.

## Flags

A flag that is not supported yet is refused, unless it has kafka-proxy's default value.

)";

bool is_section(FieldType type) {
  return type == FieldType::kMapping || type == FieldType::kMappings ||
         type == FieldType::kOneOrMoreMappings || type == FieldType::kBrokers;
}

// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

std::string code_cell(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("`{}`", cell(text));
}

// What may be written for a field.
std::string values_of(const Field& field) {
  const TextForm* form = text_form(field);
  switch (field.type) {
    case FieldType::kNumber:
    case FieldType::kPort:
    case FieldType::kDuration:
    case FieldType::kSize: {
      std::string text =
          fmt::format("{} to {}", bound_text(field, field.least), bound_text(field, field.most));
      return field.choices.empty() ? text : fmt::format("{}, or `{}`", text, field.choices);
    }
    case FieldType::kChoice: {
      std::string text;
      for (const char c : field.choices) text += c == '|' ? std::string("`, `") : std::string(1, c);
      return fmt::format("`{}`", text);
    }
    case FieldType::kText:
      return form != nullptr ? std::string(form->words)
                             : fmt::format("{} to {} characters", field.least, field.most);
    case FieldType::kTexts:
      return fmt::format("{} to {} values{}{}", field.least, field.most,
                         form != nullptr ? ": " : "", form != nullptr ? form->words : "");
    case FieldType::kFlag:
      return "`true`, `false`";
    case FieldType::kRange:
      return "an IPv4 range";
    case FieldType::kAddress:
      return fmt::format("address:port, or `{}`", field.choices);
    case FieldType::kIds:
      return "ids from 0 to 2147483647";
    default:
      return "";
  }
}

std::string rows_below(std::string_view parent) {
  std::string rows;
  for (const std::string_view key : keys_below(parent)) {
    const Field& field = *find_field(fmt::format("{}.{}", parent, key));
    const std::string fallback = field.required ? "required" : code_cell(field.fallback);
    rows += fmt::format("| `{}` | {} | {} | {} | {} |\n", key, cell(field.meaning), fallback,
                        values_of(field), code_cell(field.example));
  }
  return rows;
}

std::string section(const Field& field) {
  std::string_view below = field.path;
  std::string children(below);
  if (field.type != FieldType::kMapping) children += "[]";
  return fmt::format(
      "## `{}`\n\n{}{}\n\n| key | meaning | default | values | example "
      "|\n|---|---|---|---|---|\n{}\n",
      field.path, field.meaning, field.required ? " Required." : "", rows_below(children));
}

std::string_view status_text(FlagStatus status) {
  switch (status) {
    case FlagStatus::kWorks:
      return "works";
    case FlagStatus::kNoEffect:
      return "taken, no effect";
    case FlagStatus::kRefused:
      return "not supported yet";
  }
  return "";
}

}  // namespace

std::string configuration_reference() {
  std::string text(kConfigurationIntro);
  for (const Field& field : spec_fields()) {
    if (is_section(field.type)) text += section(field);
  }
  text += fmt::format(
      "Limits over the whole file: {} external listeners, {} bound ports (each counted once for "
      "every address of `serve.listen`).\n",
      kExternalListenersMax, kBoundPortsMax);
  return text.append(kConfigurationRules);
}

std::string kafka_proxy_reference() {
  std::string text =
      fmt::format(fmt::runtime(kKafkaProxyIntro), kKafkaProxyVersion, kForbiddenApiKeyMax);
  text += "| flag | value | default | in `portway server` | what it does | in `portway.yaml` |\n";
  text += "|---|---|---|---|---|---|\n";
  for (const KafkaProxyFlag& flag : kafka_proxy_flags()) {
    text += fmt::format("| `--{}` | {} | {} | {} | {} | {} |\n", flag.name,
                        flag_type_name(flag.type), code_cell(flag.fallback),
                        status_text(flag.status), cell(flag.meaning), cell(flag.moving));
  }
  return text;
}

}  // namespace portway::plan
