#!/usr/bin/env bash
# Reads the newest test messages back from every partition; made by portway render scripts. Works
# inside and through the private endpoint.
set -euo pipefail

usage() {
  cat <<END
usage: consume.sh BROKER_LIST

Reads up to LAST of the newest messages of each partition of the topic, partition by partition and
without a consumer group, and ends as soon as it has them. A partition that cannot be read, or holds nothing, fails the test.

BROKER_LIST   host:port,host:port of the listener under test, such as
{{#examples}}
              {{{servers}}}  ({{{name}}})
{{/examples}}

Environment, with defaults:
  KAFKA_HOME=       the folder of Kafka's tools: $NAME beside this script, or in /opt/kafka
  TOPIC=test-topic
  LAST={{messages}}
  KAFKA_CLIENT_CONFIG=   client properties (security.protocol, sasl.jaas.config, ...)

Exit codes: 0 every partition was read; 1 not; 2 usage.
END
}

TOOLS_VERSION=${TOOLS_VERSION:-{{version}}}
NAME=kafka_2.13-$TOOLS_VERSION
PARTITIONS={{partitions}}
TOPIC=${TOPIC:-test-topic}
LAST=${LAST:-{{messages}}}
TOOL_SECONDS=120
READ_MS=30000  # without a message, though there are some: gives up

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ -z "${KAFKA_HOME:-}" ]; then
  KAFKA_HOME=$here/$NAME
  [ -d "$KAFKA_HOME" ] || KAFKA_HOME=/opt/kafka/$NAME
fi

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

case ${1:-} in
  -h | --help)
    usage
    exit 0
    ;;
esac
if (($# != 1)) || [[ $1 != *:* ]] || ! [[ $LAST =~ ^[1-9][0-9]*$ ]]; then
  usage >&2
  exit 2
fi
BROKER_LIST=$1
[ -x "$KAFKA_HOME/bin/kafka-console-consumer.sh" ] || fail "there are no Kafka tools in $KAFKA_HOME"

# Kafka 4.2 renamed options of the console tools (KIP-1147) and warns about the old ones.
is_since_4_2() {
  local major minor
  IFS=. read -r major minor _ <<<"$TOOLS_VERSION"
  ((major > 4 || (major == 4 && minor >= 2)))
}

if is_since_4_2; then CONSUMER_CONFIG_OPTION=--command-config
else CONSUMER_CONFIG_OPTION=--consumer.config; fi
admin_config=() consumer_config=()
if [ -n "${KAFKA_CLIENT_CONFIG:-}" ]; then
  admin_config=(--command-config "$KAFKA_CLIENT_CONFIG")
  consumer_config=("$CONSUMER_CONFIG_OPTION" "$KAFKA_CLIENT_CONFIG")
fi

tool() { timeout "$TOOL_SECONDS" "$KAFKA_HOME/bin/$1" --bootstrap-server "$BROKER_LIST" "${@:2}"; }

# offsets TIME: "PARTITION OFFSET" a line; TIME is earliest or latest.
offsets() {
  local output topic partition offset
  output=$(tool kafka-get-offsets.sh "${admin_config[@]}" --topic "$TOPIC" --time "$1") ||
    fail "the offsets of $TOPIC could not be asked for; produce.sh makes the topic"
  while IFS=: read -r topic partition offset; do
    if [ "$topic" = "$TOPIC" ] && [[ $offset =~ ^[0-9]+$ ]]; then echo "$partition $offset"; fi
  done <<<"$output"
}

# The consumer counts as it should: with a number to stop at it needs no timeout to end, and a
# timeout, which it calls success, shows in the count.
consume_partition() {  # PARTITION FIRST COUNT
  local output count
  output=$(tool kafka-console-consumer.sh "${consumer_config[@]}" --topic "$TOPIC" \
    --partition "$1" --offset "$2" --max-messages "$3" --timeout-ms "$READ_MS") || true
  count=$(grep -c . <<<"$output" || true)
  if [ -n "$output" ]; then printf '%s\n' "$output"; fi
  if ((count == $3)); then return; fi
  printf 'error: partition %d: %d of %d messages from offset %d on\n' "$1" "$count" "$3" "$2" >&2
  return 1
}

echo "Consuming messages from the topic..."
latest=$(offsets latest)
earliest=$(offsets earliest)
declare -A first=()
while read -r partition offset; do
  [ -z "$partition" ] || first[$partition]=$offset
done <<<"$earliest"

partitions=0 total=0 failed=false
while read -r partition end; do
  [ -n "$partition" ] || continue
  begin=${first[$partition]:-0}
  if ((end - begin > LAST)); then begin=$((end - LAST)); fi
  partitions=$((partitions + 1)) total=$((total + end - begin))
  if ((end == begin)); then
    printf 'error: partition %d holds no message\n' "$partition" >&2
    failed=true
  elif ! consume_partition "$partition" "$begin" $((end - begin)); then
    failed=true
  fi
done <<<"$latest"

((partitions == PARTITIONS)) ||
  fail "$TOPIC has $partitions partitions with a leader, not $PARTITIONS"
! $failed || exit 1
echo "Processed a total of $total messages from all $PARTITIONS partitions."
