# shellcheck shell=bash disable=SC2034  # the scripts that source this use its variables
# The nodes of the plan and how they are reached. Sourced by copy-to-brokers.sh and
# rolling-restart.sh; made by portway render scripts.

((BASH_VERSINFO[0] >= 4)) || { echo "error: needs bash 4 or newer; run it on a Linux host" >&2; exit 1; }

KAFKA_VERSION=3.7.1
CLUSTER_ID=q1Sh-9_ISia_zwGINzRvyQ

# In the order in which they are restarted.
NODES=(
  broker-node1
  broker-node2
  broker-node3
)
declare -A NODE_ID=(
  [broker-node1]=1
  [broker-node2]=2
  [broker-node3]=3
)
declare -A NODE_ADDRESS=(
  [broker-node1]=10.64.0.2
  [broker-node2]=10.64.0.3
  [broker-node3]=10.64.0.4
)
declare -A NODE_ROLES=(
  [broker-node1]=broker+controller
  [broker-node2]=broker+controller
  [broker-node3]=broker+controller
)
declare -A NODE_ZONE=(
  [broker-node1]=us-west1-a
  [broker-node2]=us-west1-b
  [broker-node3]=us-west1-c
)

# The inside listener, and the external ones: what each broker binds, and what it tells clients.
BROKERS=${BROKERS:-10.64.0.2:9092,10.64.0.3:9092,10.64.0.4:9092}
INTERNAL_PORT=9092
INTERNAL_SECURITY=PLAINTEXT
CONTROLLER_PORT=29092
EXTERNAL_LISTENERS=(
  EXTERNAL
  EXTERNAL2
)
declare -A EXTERNAL_PORT=(
  [EXTERNAL]=39092
  [EXTERNAL2]=39093
)
declare -A EXTERNAL_SECURITY=(
  [EXTERNAL]=PLAINTEXT
  [EXTERNAL2]=PLAINTEXT
)
declare -A ADVERTISED=(  # by "NODE LISTENER"
  ["broker-node1 EXTERNAL"]=b1.abc.us-west1.gcp.3199745.tidbcloud.com:9093
  ["broker-node2 EXTERNAL"]=b2.abc.us-west1.gcp.3199745.tidbcloud.com:9094
  ["broker-node3 EXTERNAL"]=b3.abc.us-west1.gcp.3199745.tidbcloud.com:9095
  ["broker-node1 EXTERNAL2"]=b1.def.us-west1.gcp.3199745.tidbcloud.com:9193
  ["broker-node2 EXTERNAL2"]=b2.def.us-west1.gcp.3199745.tidbcloud.com:9194
  ["broker-node3 EXTERNAL2"]=b3.def.us-west1.gcp.3199745.tidbcloud.com:9195
)

# Where a node keeps what concerns Kafka, and where copied files wait in the home folder there.
KAFKA_HOME=${KAFKA_HOME:-/opt/kafka/kafka_2.13-$KAFKA_VERSION}
KAFKA_CONFIG=${KAFKA_CONFIG:-/opt/kafka/config/server.properties}
STAGING=${STAGING:-portway-kafka}
SUDO=${SUDO-sudo}

# Nodes have no external address: SSH goes through Identity-Aware Proxy. From inside the network
# --internal-ip is shorter, where a firewall rule lets tcp:22 in from this host.
TUNNEL=${TUNNEL:---tunnel-through-iap}

gcloud_arguments() {  # NODE
  printf '%s\n' --project=my-kafka-project --quiet "$TUNNEL"
  if [ -n "${NODE_ZONE[$1]}" ]; then printf '%s\n' "--zone=${NODE_ZONE[$1]}"; fi
}

# on_node NODE COMMAND: runs a command line in a shell on the node and ends with its status. Another
# way there than gcloud: a program in ON_NODE, started with the same two arguments.
on_node() {
  if [ -n "${ON_NODE:-}" ]; then
    "$ON_NODE" "$1" "$2" </dev/null
    return
  fi
  local arguments
  mapfile -t arguments < <(gcloud_arguments "$1")
  gcloud compute ssh "$1" "${arguments[@]}" --command="$2" </dev/null
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
  local arguments
  mapfile -t arguments < <(gcloud_arguments "$node")
  gcloud compute scp --recurse "${arguments[@]}" "$@" "$node:$STAGING/" </dev/null
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
