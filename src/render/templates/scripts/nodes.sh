# shellcheck shell=bash disable=SC2034  # the scripts that source this use its variables
# The nodes of the plan and how they are reached. Sourced by copy-to-brokers.sh and
# rolling-restart.sh; made by portway render scripts.

((BASH_VERSINFO[0] >= 4)) || { echo "error: needs bash 4 or newer; run it on a Linux host" >&2; exit 1; }

KAFKA_VERSION={{version}}
{{#has_cluster_id}}
CLUSTER_ID={{cluster_id}}
{{/has_cluster_id}}

# In the order in which they are restarted.
NODES=(
{{#nodes}}
  {{instance}}
{{/nodes}}
)
declare -A NODE_ID=(
{{#nodes}}
  [{{instance}}]={{id}}
{{/nodes}}
)
declare -A NODE_ADDRESS=(
{{#nodes}}
  [{{instance}}]={{address}}
{{/nodes}}
)
declare -A NODE_ROLES=(
{{#nodes}}
  [{{instance}}]={{roles}}
{{/nodes}}
)
{{#has_gcloud}}
declare -A NODE_ZONE=(
{{#nodes}}
  [{{instance}}]={{zone}}
{{/nodes}}
)
{{/has_gcloud}}
{{#is_edit}}
# SHA-256 of each server.properties that was given to portway, and of what it made of it.
declare -A OWN_SHA256=(
{{#nodes}}
{{#has_config}}
  [{{instance}}]={{own_sha256}}
{{/has_config}}
{{/nodes}}
)
declare -A PLANNED_SHA256=(
{{#nodes}}
{{#has_config}}
  [{{instance}}]={{planned_sha256}}
{{/has_config}}
{{/nodes}}
)
{{/is_edit}}

# The inside listener, and the external ones: what each broker binds, and what it tells clients.
BROKERS=${BROKERS:-{{bootstrap}}}
INTERNAL_PORT={{internal_port}}
INTERNAL_SECURITY={{internal_security}}
CONTROLLER_PORT={{controller_port}}
EXTERNAL_LISTENERS=(
{{#listeners}}
  {{name}}
{{/listeners}}
)
declare -A EXTERNAL_PORT=(
{{#listeners}}
  [{{name}}]={{port}}
{{/listeners}}
)
declare -A EXTERNAL_SECURITY=(
{{#listeners}}
  [{{name}}]={{security}}
{{/listeners}}
)
declare -A ADVERTISED=(  # by "NODE LISTENER"
{{#places}}
  ["{{instance}} {{name}}"]={{advertised}}
{{/places}}
)

# Where a node keeps what concerns Kafka, and where copied files wait in the home folder there.
KAFKA_HOME=${KAFKA_HOME:-/opt/kafka/kafka_2.13-$KAFKA_VERSION}
KAFKA_CONFIG=${KAFKA_CONFIG:-/opt/kafka/config/server.properties}
STAGING=${STAGING:-portway-kafka}
SUDO=${SUDO-sudo}

{{#has_gcloud}}
# Nodes have no external address: SSH goes through Identity-Aware Proxy. From inside the network
# --internal-ip is shorter, where a firewall rule lets tcp:22 in from this host.
TUNNEL=${TUNNEL:---tunnel-through-iap}

gcloud_arguments() {  # NODE
  printf '%s\n' --project={{project}} --quiet "$TUNNEL"
  if [ -n "${NODE_ZONE[$1]}" ]; then printf '%s\n' "--zone=${NODE_ZONE[$1]}"; fi
}

{{/has_gcloud}}
# on_node NODE COMMAND: runs a command line in a shell on the node and ends with its status. Another
# way there than {{way}}: a program in ON_NODE, started with the same two arguments.
on_node() {
  if [ -n "${ON_NODE:-}" ]; then
    "$ON_NODE" "$1" "$2" </dev/null
    return
  fi
{{#has_gcloud}}
  local arguments
  mapfile -t arguments < <(gcloud_arguments "$1")
  gcloud compute ssh "$1" "${arguments[@]}" --command="$2" </dev/null
{{/has_gcloud}}
{{^has_gcloud}}
  ssh -o BatchMode=yes "${NODE_ADDRESS[$1]}" "$2" </dev/null
{{/has_gcloud}}
}

# copy_to_node NODE FILE...: into $STAGING on the node. COPY_TO_NODE: as ON_NODE, started with the
# node, the folder and the files.
copy_to_node() {
  local node=$1
  shift
  on_node "$node" "mkdir -p $(printf '%q' "$STAGING")" || return
  if [ -n "${COPY_TO_NODE:-}" ]; then
    "$COPY_TO_NODE" "$node" "$STAGING" "$@" </dev/null
    return
  fi
{{#has_gcloud}}
  local arguments
  mapfile -t arguments < <(gcloud_arguments "$node")
  gcloud compute scp --recurse "${arguments[@]}" "$@" "$node:$STAGING/" </dev/null
{{/has_gcloud}}
{{^has_gcloud}}
  scp -o BatchMode=yes -r "$@" "${NODE_ADDRESS[$node]}:$STAGING/" </dev/null
{{/has_gcloud}}
}

is_node() {
  local node
  for node in "${NODES[@]}"; do
    if [ "$node" = "$1" ]; then return 0; fi
  done
  return 1
}

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
