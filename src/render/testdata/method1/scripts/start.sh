#!/usr/bin/env bash
# Starts Kafka on this node; made by portway render scripts. Formats log.dirs where they are empty
# and were never formatted, and never empties them.
set -euo pipefail

usage() {
  cat <<END
usage: start.sh [--foreground]

  --foreground   become Kafka instead of starting it in the background; systemd's way

Environment, with defaults:
  KAFKA_BASE=/opt/kafka
  KAFKA_HOME=\$KAFKA_BASE/kafka_2.13-3.7.1
  KAFKA_CONFIG=\$KAFKA_BASE/config/server.properties
  KAFKA_LOG_DIR=\$KAFKA_BASE/log       Kafka's own logs, server_format.log
  KAFKA_STATE_DIR=\$KAFKA_BASE/state   kafka.pid; what was formatted
  KAFKA_HEAP_OPTS=                     Java's -Xms and -Xmx; Kafka's default is 1 GiB
  START_SECONDS=5                      how long to watch that it does not end at once

Exit codes: 0 Kafka runs; 1 it does not, and why; 2 usage.
END
}

KAFKA_BASE=${KAFKA_BASE:-/opt/kafka}
KAFKA_HOME=${KAFKA_HOME:-$KAFKA_BASE/kafka_2.13-3.7.1}
KAFKA_CONFIG=${KAFKA_CONFIG:-$KAFKA_BASE/config/server.properties}
KAFKA_LOG_DIR=${KAFKA_LOG_DIR:-$KAFKA_BASE/log}
KAFKA_STATE_DIR=${KAFKA_STATE_DIR:-$KAFKA_BASE/state}
START_SECONDS=${START_SECONDS:-5}
CLUSTER_ID=q1Sh-9_ISia_zwGINzRvyQ  # of this plan alone: two clusters must never share one
JAVA_MIN=17
PID_FILE=$KAFKA_STATE_DIR/kafka.pid
FORMATTED=$KAFKA_STATE_DIR/formatted

say() { printf '%s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

check_java() {
  local text
  text=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1) ||
    fail "there is no java; install.sh installs one"
  [[ $text =~ version\ \"([0-9]+) ]] || fail "what java -version says is no version: $text"
  ((BASH_REMATCH[1] >= JAVA_MIN)) || fail "Java ${BASH_REMATCH[1]}; Kafka needs $JAVA_MIN or newer"
}

# A process of this very configuration, not just any Kafka.
is_running() {
  local pid
  pid=$(cat "$PID_FILE" 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] &&
    tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -Fxq -- "$KAFKA_CONFIG"
}

# One folder a line.
log_dirs() {
  sed -nE 's/^[[:space:]]*log\.dirs[[:space:]]*[=:][[:space:]]*//p' "$KAFKA_CONFIG" |
    tail -n 1 | tr ',' '\n' | sed -E 's/^[[:space:]]+//; s/[[:space:]]+$//'
}

format_if_new() {
  local dir dirs formatted=0 empty=0
  mapfile -t dirs < <(log_dirs)
  ((${#dirs[@]})) || fail "$KAFKA_CONFIG has no log.dirs"
  for dir in "${dirs[@]}"; do
    [[ $dir == /* ]] || fail "log.dirs=$dir in $KAFKA_CONFIG is not an absolute path"
    [ -d "$dir" ] || mkdir -p "$dir"
    if [ -e "$dir/meta.properties" ]; then
      grep -Fxq "cluster.id=$CLUSTER_ID" "$dir/meta.properties" ||
        fail "$dir belongs to another cluster: $(grep '^cluster.id=' "$dir/meta.properties")," \
          "not $CLUSTER_ID"
      formatted=$((formatted + 1))
    elif [ -z "$(ls -A "$dir")" ]; then
      empty=$((empty + 1))
    else
      fail "$dir holds files and was not formatted by Kafka; nothing was changed"
    fi
  done
  ((empty)) || return 0
  # A node that comes back without its data would vote again in the quorum as if it had never.
  if ((formatted > 0)) || [ -e "$FORMATTED" ]; then
    fail "log.dirs was formatted before, and ${dirs[*]} is empty now, in whole or in part: is a" \
      "disk not mounted? If the data is lost for good, delete $FORMATTED and run" \
      "kafka-storage.sh format --ignore-formatted yourself"
  fi
  say "Formatting ${dirs[*]}"
  "$KAFKA_HOME/bin/kafka-storage.sh" format "--cluster-id=$CLUSTER_ID" --config "$KAFKA_CONFIG" \
    >"$KAFKA_LOG_DIR/server_format.log" 2>&1 ||
    fail "kafka-storage.sh format failed; $KAFKA_LOG_DIR/server_format.log ends with:" \
      "$(tail -n 5 "$KAFKA_LOG_DIR/server_format.log")"
  printf '%s\n' "$CLUSTER_ID" >"$FORMATTED"
}

start_in_background() {
  local pid deadline
  setsid "$KAFKA_HOME/bin/kafka-server-start.sh" "$KAFKA_CONFIG" \
    </dev/null >>"$KAFKA_LOG_DIR/server.out" 2>&1 &
  pid=$!
  printf '%s\n' "$pid" >"$PID_FILE"
  deadline=$((SECONDS + START_SECONDS))
  while ((SECONDS < deadline)); do
    kill -0 "$pid" 2>/dev/null ||
      fail "Kafka ended at once; $KAFKA_LOG_DIR/server.out ends with:" \
        "$(tail -n 15 "$KAFKA_LOG_DIR/server.out")"
    sleep 0.2
  done
  say "Kafka runs as process $pid; its log: $KAFKA_LOG_DIR"
}

foreground=false
case ${1:-}/$# in
  /0) ;;
  --foreground/1) foreground=true ;;
  -h/1 | --help/1)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

[ -r "$KAFKA_CONFIG" ] || fail "$KAFKA_CONFIG cannot be read"
[ -x "$KAFKA_HOME/bin/kafka-server-start.sh" ] || fail "there is no Kafka in $KAFKA_HOME"
check_java
mkdir -p "$KAFKA_LOG_DIR" "$KAFKA_STATE_DIR"
if is_running; then
  $foreground && fail "Kafka runs already, as process $(cat "$PID_FILE")"
  say "Kafka runs already, as process $(cat "$PID_FILE")"
  exit 0
fi
format_if_new
export LOG_DIR=$KAFKA_LOG_DIR
if $foreground; then
  printf '%s\n' "$$" >"$PID_FILE"
  exec "$KAFKA_HOME/bin/kafka-server-start.sh" "$KAFKA_CONFIG"
fi
start_in_background
