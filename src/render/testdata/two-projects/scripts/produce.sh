#!/usr/bin/env bash
# Writes test messages to every broker, and counts that they arrived; made by portway render
# scripts. Works inside and through the private endpoint.
set -euo pipefail

usage() {
  cat <<END
usage: produce.sh BROKER_LIST

Makes the topic with a partition on each broker (partition 0 is led by the first broker, and so on),
writes MESSAGES messages with acks=all, in turn to each partition, and compares the partitions' ends
before and after. A broker that cannot be reached, or does not get its share, fails the test.

BROKER_LIST   host:port,host:port of the listener under test, such as
              10.64.0.2:9092,10.64.0.3:9092,10.64.0.4:9092  (INTERNAL)
              b1.abc.us-west1.gcp.3199745.tidbcloud.com:9093,b2.abc.us-west1.gcp.3199745.tidbcloud.com:9094,b3.abc.us-west1.gcp.3199745.tidbcloud.com:9095  (EXTERNAL)
              b1.def.us-west1.gcp.3199745.tidbcloud.com:9193,b2.def.us-west1.gcp.3199745.tidbcloud.com:9194,b3.def.us-west1.gcp.3199745.tidbcloud.com:9195  (EXTERNAL2)

Environment, with defaults:
  KAFKA_HOME=       the folder of Kafka's tools: $NAME beside this script, or in /opt/kafka
  TOPIC=test-topic
  MESSAGES=10
  KAFKA_CLIENT_CONFIG=   client properties (security.protocol, sasl.jaas.config, ...)

Exit codes: 0 every message arrived; 1 not; 2 usage.
END
}

TOOLS_VERSION=${TOOLS_VERSION:-3.7.1}
NAME=kafka_2.13-$TOOLS_VERSION
PARTITIONS=3
ASSIGNMENT=1:2:3,2:3:1,3:1:2  # broker ids of each partition's replicas, the leader first
# Kafka's producers send a record with the Nth of these keys to partition N (by murmur2).
KEYS=(k2 k3 k0)
TOPIC=${TOPIC:-test-topic}
MESSAGES=${MESSAGES:-10}
TOOL_SECONDS=120

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
if (($# != 1)) || [[ $1 != *:* ]] || ! [[ $MESSAGES =~ ^[1-9][0-9]*$ ]]; then
  usage >&2
  exit 2
fi
BROKER_LIST=$1
[ -x "$KAFKA_HOME/bin/kafka-topics.sh" ] || fail "there are no Kafka tools in $KAFKA_HOME"

# Kafka 4.2 renamed options of the console tools (KIP-1147) and warns about the old ones.
is_since_4_2() {
  local major minor
  IFS=. read -r major minor _ <<<"$TOOLS_VERSION"
  ((major > 4 || (major == 4 && minor >= 2)))
}

if is_since_4_2; then
  READER_OPTION=--reader-property PRODUCER_CONFIG_OPTION=--command-config
else
  READER_OPTION=--property PRODUCER_CONFIG_OPTION=--producer.config
fi
admin_config=() producer_config=()
if [ -n "${KAFKA_CLIENT_CONFIG:-}" ]; then
  admin_config=(--command-config "$KAFKA_CLIENT_CONFIG")
  producer_config=("$PRODUCER_CONFIG_OPTION" "$KAFKA_CLIENT_CONFIG")
fi

tool() { timeout "$TOOL_SECONDS" "$KAFKA_HOME/bin/$1" --bootstrap-server "$BROKER_LIST" "${@:2}"; }

create_topic() {
  echo "Creating topic if it does not exist..."
  tool kafka-topics.sh "${admin_config[@]}" --create --topic "$TOPIC" --if-not-exists \
    --replica-assignment "$ASSIGNMENT" ||
    fail "the topic $TOPIC could not be made; are all brokers up?"
}

# Sets ends[PARTITION]: the offset that the partition's next message gets.
read_ends() {
  local output topic partition offset
  ends=()
  output=$(tool kafka-get-offsets.sh "${admin_config[@]}" --topic "$TOPIC") ||
    fail "the ends of $TOPIC's partitions could not be asked for"
  while IFS=: read -r topic partition offset; do
    if [ "$topic" = "$TOPIC" ] && [[ $offset =~ ^[0-9]+$ ]]; then ends[partition]=$offset; fi
  done <<<"$output"
  ((${#ends[@]} == PARTITIONS)) ||
    fail "$TOPIC has ${#ends[@]} partitions with a leader, not $PARTITIONS; choose another TOPIC," \
      "or delete it, if that is not what is wrong with the cluster"
}

messages() {
  local number
  for ((number = 1; number <= MESSAGES; number++)); do
    printf 'Create Test message %d (partition %d)\n' "$number" $(((number - 1) % PARTITIONS)) >&2
    printf '%s:Test message %d\n' "${KEYS[(number - 1) % PARTITIONS]}" "$number"
  done
}

# The console producer ends with 0 even if nothing arrived, so its status proves nothing.
produce_messages() {
  echo "Producing messages to the topic..."
  messages | tool kafka-console-producer.sh "${producer_config[@]}" --topic "$TOPIC" --sync \
    --request-required-acks all "$READER_OPTION" parse.key=true \
    "$READER_OPTION" key.separator=: >/dev/null || fail "the producer failed"
}

check_ends() {
  local before=("${ends[@]}") partition expected missing=0
  read_ends
  for ((partition = 0; partition < PARTITIONS; partition++)); do
    expected=$((before[partition] + (MESSAGES + PARTITIONS - 1 - partition) / PARTITIONS))
    if ((ends[partition] < expected)); then
      printf 'error: partition %d ends at %d, not at %d\n' "$partition" "${ends[partition]}" \
        "$expected" >&2
      missing=1
    fi
  done
  ((missing == 0)) || exit 1
  echo "All $MESSAGES messages arrived, on all $PARTITIONS partitions."
}

create_topic
read_ends
produce_messages
check_ends
