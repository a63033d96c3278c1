#!/usr/bin/env bash
{{#is_new}}
# Copies Kafka, Java and each node's files to the nodes and installs them there; made by portway
# render scripts. For the bastion, or any host that reaches the nodes by SSH.
{{/is_new}}
{{^is_new}}
# Copies each broker's new server.properties to it, where rolling-restart.sh finds it; made by
# portway render scripts. For any host that reaches the brokers by SSH.
{{/is_new}}
set -euo pipefail

usage() {
  cat <<END
usage: copy-to-brokers.sh {{#is_new}}[--start] {{/is_new}}{{#has_gcloud}}[--internal-ip] {{/has_gcloud}}[NODE...]

{{#is_new}}
Fetches what is missing (install.sh --download), copies it to every node, or to those that are
named, and runs install.sh there. Nothing is started without --start. Safe to repeat.

  --start         then start Kafka on these nodes
{{/is_new}}
{{^is_new}}
Kafka itself is not touched. Safe to repeat.

{{/is_new}}
{{#has_gcloud}}
  --internal-ip   SSH to the nodes' own addresses instead of through Identity-Aware Proxy
{{/has_gcloud}}

Environment: KAFKA_FILES, the folder that portway render kafka wrote; ../kafka unless given.
{{#is_new}}
INSTALL='sudo $STAGING/install.sh' and START='sudo systemctl start kafka' are run on the nodes.
{{/is_new}}
ON_NODE, COPY_TO_NODE, STAGING: see nodes.sh. {{#has_gcloud}}gcloud must be logged in: gcloud auth login.{{/has_gcloud}}

Exit codes: 0 done; 1 stopped at a node; 2 usage.
END
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=nodes.sh
. "$here/nodes.sh"
KAFKA_FILES=${KAFKA_FILES:-$here/../kafka}
{{#is_new}}
INSTALL=${INSTALL:-sudo $STAGING/install.sh}
START=${START:-sudo systemctl start kafka}
start=false
{{/is_new}}

nodes=()
for word in "$@"; do
  case $word in
{{#is_new}}
    --start) start=true ;;
{{/is_new}}
{{#has_gcloud}}
    --internal-ip) TUNNEL=--internal-ip ;;
{{/has_gcloud}}
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

{{#is_new}}
"$here/install.sh" --download
archive=$here/kafka_2.13-$KAFKA_VERSION.tgz
common=("$here/install.sh" "$here/start.sh" "$here/stop.sh" "$here/kafka.service" "$archive")
if [ -e "$archive.sha512" ]; then common+=("$archive.sha512"); fi
if [ -d "$here/debs" ]; then common+=("$here/debs"); fi
{{/is_new}}
for node in "${nodes[@]}"; do
  file=$KAFKA_FILES/$node/server.properties
{{#is_new}}
  [ -e "$file" ] || fail "$file is missing; portway render kafka writes it"
{{/is_new}}
{{^is_new}}
  if [ ! -e "$file" ]; then
    fail "$file is missing: give portway render kafka the broker's own server.properties, or" \
      "merge $KAFKA_FILES/$node/external-listener.properties into it on the broker"
  fi
{{/is_new}}
  printf '%s\n' "== $node"
{{#is_new}}
  copy_to_node "$node" "${common[@]}" "$file" || fail "$node: nothing could be copied"
  on_node "$node" "$INSTALL" || fail "$node: install.sh failed with status $?"
{{/is_new}}
{{^is_new}}
  copy_to_node "$node" "$file" || fail "$node: nothing could be copied"
{{/is_new}}
done
{{#is_new}}
if ! $start; then
  printf '%s\n' "Installed. To start all nodes: $0 --start"
  exit 0
fi
for node in "${nodes[@]}"; do
  printf '%s\n' "== $node: starting"
  on_node "$node" "$START" || fail "$node: \"$START\" failed with status $?"
done
{{/is_new}}
{{^is_new}}
printf '%s\n' "Copied. Next: rolling-restart.sh puts each in place and restarts its broker."
{{/is_new}}
