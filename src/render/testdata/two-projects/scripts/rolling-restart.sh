#!/usr/bin/env bash
# Restarts the nodes one at a time, so that clients keep being served; made by portway render
# scripts. Runs wherever the nodes can be reached by SSH; Kafka's tools run on the nodes.
set -euo pipefail

usage() {
  cat <<END
usage: rolling-restart.sh [--from NODE] [--only NODE] [--dry-run] [--internal-ip]

Before the first node and after each: no partition is under-replicated. After each restart: the
broker answers on its inside listener and on every external one, with the planned addresses.

  --from NODE     go on with this node, after a failure
  --only NODE     this node alone
  --dry-run       say what would be done, and look whether the cluster is ready for it
  --internal-ip   SSH to the nodes' own addresses instead of through Identity-Aware Proxy

Environment, with defaults:
  KAFKA_HOME=/opt/kafka/kafka_2.13-3.7.1   on the nodes
  KAFKA_CONFIG=/opt/kafka/config/server.properties   on the nodes
  KAFKA_CLIENT_CONFIG=   on the nodes: client properties for the inside listener, if it needs any
  RESTART='sudo systemctl restart kafka'   what restarts Kafka, on the node
  START_SECONDS=300   how long a broker may take to answer
  REPLICATION_SECONDS=1800   how long replicas may take to catch up
  ON_NODE, SUDO, STAGING   see nodes.sh

Exit codes: 0 all nodes restarted; 1 stopped at a node, which is named with what to do; 2 usage.
END
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$here/nodes.sh"

RESTART=${RESTART:-sudo systemctl restart kafka}
START_SECONDS=${START_SECONDS:-300}
REPLICATION_SECONDS=${REPLICATION_SECONDS:-1800}
TOOL_SECONDS=60
POLL_SECONDS=1

first='' only='' dry_run=false reason=''
while (($#)); do
  case $1 in
    --from | --only)
      if ! is_node "${2:-}"; then
        printf 'error: %s needs one of: %s\n' "$1" "${NODES[*]}" >&2
        exit 2
      fi
      if [ "$1" = --from ]; then first=$2; else only=$2; fi
      shift
      ;;
    --dry-run) dry_run=true ;;
    --internal-ip) TUNNEL=--internal-ip ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done

say() { printf '%s\n' "$*"; }

# stop NODE WHY: the one way out when something is not as it must be.
stop() {
  printf 'error: %s: %s\n' "$1" "$2" >&2
  printf '%s\n' "No further node is touched. When it is right again, go on with:" \
    "  $0 --from $1" >&2
  exit 1
}

# kafka_tool NODE TOOL ARGUMENT...: one of Kafka's own tools, on the node.
kafka_tool() {
  local node=$1 tool=$2 config=() line
  shift 2
  if [ -n "${KAFKA_CLIENT_CONFIG:-}" ]; then config=(--command-config "$KAFKA_CLIENT_CONFIG"); fi
  printf -v line '%q ' timeout "$TOOL_SECONDS" "$KAFKA_HOME/bin/$tool" "${config[@]}" "$@"
  on_node "$node" "$line"
}

# Sets `count`; fails when the cluster could not be asked.
count_under_replicated() {  # NODE
  local output
  output=$(kafka_tool "$1" kafka-topics.sh --bootstrap-server "$BROKERS" --describe \
    --under-replicated-partitions 2>&1) || {
    count=unknown
    reason=${output##*$'\n'}
    return 1
  }
  count=$(grep -c 'Partition: ' <<<"$output" || true)
  reason="$count partitions are under-replicated"
  ((count == 0))
}

wait_for_replicas() {  # NODE
  local deadline=$((SECONDS + REPLICATION_SECONDS)) said=''
  until count_under_replicated "$1"; do
    if ((SECONDS >= deadline)); then
      stop "$1" "after $REPLICATION_SECONDS s: $reason"
    fi
    if [ "$said" != "$reason" ]; then say "   waiting: $reason"; fi
    said=$reason
    sleep "$POLL_SECONDS"
  done
}

# The broker itself answers, with its own id. Its exit status says nothing: the tool ends with 0
# whatever it found.
answers_inside() {  # NODE
  local address=${NODE_ADDRESS[$1]} output
  output=$(kafka_tool "$1" kafka-broker-api-versions.sh \
    --bootstrap-server "$(host_port "$address" "$INTERNAL_PORT")" 2>&1) || true
  reason="it does not answer on port $INTERNAL_PORT: ${output##*$'\n'}"
  grep -Eq "\(id: ${NODE_ID[$1]} [^)]*\) -> \(" <<<"$output"
}

# The listener answers, and tells clients the planned address. Nobody here can connect to that: it
# leads through the private endpoint.
answers_outside() {  # NODE LISTENER
  local address=${NODE_ADDRESS[$1]} port=${EXTERNAL_PORT[$2]} planned=${ADVERTISED["$1 $2"]} output
  if [ "${EXTERNAL_SECURITY[$2]}" != PLAINTEXT ]; then
    is_open "$1" "$port"  # what it says is for authenticated clients only
    return
  fi
  output=$(KAFKA_CLIENT_CONFIG='' kafka_tool "$1" kafka-broker-api-versions.sh \
    --bootstrap-server "$(host_port "$address" "$port")" 2>&1) || true
  reason="$2 on port $port does not say $planned: ${output##*$'\n'}"
  grep -Fq -- "$planned (id: ${NODE_ID[$1]} " <<<"$output"
}

is_open() {  # NODE PORT
  reason="it does not answer on port $2"
  on_node "$1" "timeout 5 bash -c '</dev/tcp/${NODE_ADDRESS[$1]}/$2'" 2>/dev/null
}

host_port() {
  case $1 in
    *:*) printf '[%s]:%s' "$1" "$2" ;;
    *) printf '%s:%s' "$1" "$2" ;;
  esac
}

# The controller follows the quorum again: the next one may stop. Controllers write at least twice a
# second, so one that is away falls behind.
is_in_quorum() {  # NODE
  local output lag
  output=$(kafka_tool "$1" kafka-metadata-quorum.sh --bootstrap-server "$BROKERS" describe \
    --replication 2>&1) || true
  lag=$(awk -v id="${NODE_ID[$1]}" '
    $1 == "NodeId" { for (i = 1; i <= NF; i++) if ($i == "Lag") column = i }
    column && $1 == id { print $column }' <<<"$output")
  reason="its controller is not in the quorum again: ${output##*$'\n'}"
  [[ $lag =~ ^[0-9]+$ ]] && ((lag < 10))
}

wait_until() {  # NODE CHECK ARGUMENT...
  local node=$1 deadline=$((SECONDS + START_SECONDS))
  shift
  until "$@"; do
    if ((SECONDS >= deadline)); then stop "$node" "after $START_SECONDS s: $reason"; fi
    sleep "$POLL_SECONDS"
  done
}

restart() {  # NODE
  local node=$1 listener
  say "== $node: node ${NODE_ID[$node]}, ${NODE_ROLES[$node]}"
  if $dry_run; then return; fi
  say "   restarting"
  on_node "$node" "$RESTART" || stop "$node" "\"$RESTART\" failed with status $?"
  if [[ ${NODE_ROLES[$node]} == *broker* ]]; then
    wait_until "$node" answers_inside "$node"
    for listener in "${EXTERNAL_LISTENERS[@]}"; do
      wait_until "$node" answers_outside "$node" "$listener"
    done
    say "   its listeners answer"
  else
    wait_until "$node" is_open "$node" "$CONTROLLER_PORT"
  fi
  if $with_quorum && [[ ${NODE_ROLES[$node]} == *controller* ]]; then
    wait_until "$node" is_in_quorum "$node"
    say "   its controller is in the quorum"
  fi
  wait_for_replicas "$node"
  say "   no partition is under-replicated"
}

if [ "$INTERNAL_SECURITY" != PLAINTEXT ] && [ -z "${KAFKA_CLIENT_CONFIG:-}" ]; then
  fail "the inside listener is $INTERNAL_SECURITY: set KAFKA_CLIENT_CONFIG to client properties"
fi

nodes=()
for node in "${NODES[@]}"; do
  if [ "$node" = "$first" ]; then nodes=(); fi
  if [ -z "$only" ] || [ "$node" = "$only" ]; then nodes+=("$node"); fi
done

# What a node must have is looked for before any is touched.
for node in "${nodes[@]}"; do
  printf -v command '[ -x %q ]' "$KAFKA_HOME/bin/kafka-topics.sh"
  on_node "$node" "$command" ||
    fail "$node cannot be reached, or has no Kafka in $KAFKA_HOME (set KAFKA_HOME)"
done

asked=${nodes[0]}  # the node whose tools look at the cluster; its own Kafka may be down
say "== before: no partition may be under-replicated"
wait_for_replicas "$asked"
with_quorum=true
for node in "${nodes[@]}"; do
  restart "$node"
done
if $dry_run; then
  say "Nothing was changed."
else
  say "All of ${nodes[*]} run anew."
fi
