#!/usr/bin/env bash
# Copies each broker's new server.properties to it, where rolling-restart.sh finds it; made by
# portway render scripts. For any host that reaches the brokers by SSH.
set -euo pipefail

usage() {
  cat <<END
usage: copy-to-brokers.sh [--internal-ip] [NODE...]

Kafka itself is not touched. Safe to repeat.

  --internal-ip   SSH to the nodes' own addresses instead of through Identity-Aware Proxy

Environment: KAFKA_FILES, the folder that portway render kafka wrote; ../kafka unless given.
ON_NODE, COPY_TO_NODE, STAGING: see nodes.sh. gcloud must be logged in: gcloud auth login.

Exit codes: 0 done; 1 stopped at a node; 2 usage.
END
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$here/nodes.sh"
KAFKA_FILES=${KAFKA_FILES:-$here/../kafka}

nodes=()
for word in "$@"; do
  case $word in
    --internal-ip) TUNNEL=--internal-ip ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      if ! is_node "$word"; then
        usage >&2
        exit 2
      fi
      nodes+=("$word")
      ;;
  esac
done
((${#nodes[@]})) || nodes=("${NODES[@]}")

for node in "${nodes[@]}"; do
  file=$KAFKA_FILES/$node/server.properties
  if [ ! -e "$file" ]; then
    fail "$file is missing: give portway render kafka the broker's own server.properties, or" \
      "merge $KAFKA_FILES/$node/external-listener.properties into it on the broker"
  fi
  printf '%s\n' "== $node"
  copy_to_node "$node" "$file" || fail "$node: nothing could be copied"
done
printf '%s\n' "Copied. Next: rolling-restart.sh puts each in place and restarts its broker."
