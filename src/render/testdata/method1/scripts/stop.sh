#!/usr/bin/env bash
# Stops this node's Kafka, and no other process; made by portway render scripts.
set -euo pipefail

usage() {
  cat <<END
usage: stop.sh

Asks Kafka to stop (SIGTERM): it hands its partitions over first, and closes its files. Nothing is
killed: a Kafka that takes longer than STOP_SECONDS goes on stopping.

Environment, with defaults:
  KAFKA_BASE=/opt/kafka
  KAFKA_CONFIG=\$KAFKA_BASE/config/server.properties
  KAFKA_STATE_DIR=\$KAFKA_BASE/state
  STOP_SECONDS=300

Exit codes: 0 it has stopped, or did not run; 1 it still runs; 2 usage.
END
}

KAFKA_BASE=${KAFKA_BASE:-/opt/kafka}
KAFKA_CONFIG=${KAFKA_CONFIG:-$KAFKA_BASE/config/server.properties}
KAFKA_STATE_DIR=${KAFKA_STATE_DIR:-$KAFKA_BASE/state}
STOP_SECONDS=${STOP_SECONDS:-300}
PID_FILE=$KAFKA_STATE_DIR/kafka.pid

case ${1:-}/$# in
  /0) ;;
  -h/1 | --help/1)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

# The process of the pid file, as long as it is the Kafka of this very configuration: the number may
# belong to somebody else by now.
is_own() {
  tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | grep -Fxq -- "$KAFKA_CONFIG"
}

pid=$(cat "$PID_FILE" 2>/dev/null || true)
if ! [[ $pid =~ ^[0-9]+$ ]] || ! is_own "$pid"; then
  printf '%s\n' "Kafka does not run."
  rm -f "$PID_FILE"
  exit 0
fi
kill -TERM "$pid" || {
  printf '%s\n' "error: process $pid belongs to another user; use sudo, or systemctl stop kafka" >&2
  exit 1
}
deadline=$((SECONDS + STOP_SECONDS))
while is_own "$pid"; do
  if ((SECONDS >= deadline)); then
    printf '%s\n' "error: process $pid still runs after $STOP_SECONDS s; its log says why" >&2
    exit 1
  fi
  sleep 0.2
done
rm -f "$PID_FILE"
printf '%s\n' "Kafka has stopped (process $pid)."
