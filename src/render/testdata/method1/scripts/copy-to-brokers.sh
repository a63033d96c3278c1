#!/usr/bin/env bash
# Copies Kafka, Java and each node's files to the nodes and installs them there; made by portway
# render scripts. For the bastion, or any host that reaches the nodes by SSH.
set -euo pipefail

usage() {
  cat <<END
usage: copy-to-brokers.sh [--start] [--internal-ip] [NODE...]

Fetches what is missing (install.sh --download), copies it to every node, or to those that are
named, and runs install.sh there. Nothing is started without --start. Safe to repeat.

  --start         then start Kafka on these nodes
  --internal-ip   SSH to the nodes' own addresses instead of through Identity-Aware Proxy

Environment: KAFKA_FILES, the folder that portway render kafka wrote; ../kafka unless given.
INSTALL='sudo $STAGING/install.sh' and START='sudo systemctl start kafka' are run on the nodes.
ON_NODE, COPY_TO_NODE, STAGING: see nodes.sh. gcloud must be logged in: gcloud auth login.

Exit codes: 0 done; 1 stopped at a node; 2 usage.
END
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$here/nodes.sh"
KAFKA_FILES=${KAFKA_FILES:-$here/../kafka}
INSTALL=${INSTALL:-sudo $STAGING/install.sh}
START=${START:-sudo systemctl start kafka}
start=false

nodes=()
for word in "$@"; do
  case $word in
    --start) start=true ;;
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

"$here/install.sh" --download
archive=$here/kafka_2.13-$KAFKA_VERSION.tgz
common=("$here/install.sh" "$here/start.sh" "$here/stop.sh" "$here/kafka.service" "$archive")
if [ -e "$archive.sha512" ]; then common+=("$archive.sha512"); fi
if [ -d "$here/debs" ]; then common+=("$here/debs"); fi
for node in "${nodes[@]}"; do
  file=$KAFKA_FILES/$node/server.properties
  [ -e "$file" ] || fail "$file is missing; portway render kafka writes it"
  printf '%s\n' "== $node"
  copy_to_node "$node" "${common[@]}" "$file" || fail "$node: nothing could be copied"
  on_node "$node" "$INSTALL" || fail "$node: install.sh failed with status $?"
done
if ! $start; then
  printf '%s\n' "Installed. To start all nodes: $0 --start"
  exit 0
fi
for node in "${nodes[@]}"; do
  printf '%s\n' "== $node: starting"
  on_node "$node" "$START" || fail "$node: \"$START\" failed with status $?"
done
