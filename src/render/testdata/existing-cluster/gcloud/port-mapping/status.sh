#!/usr/bin/env bash
# Shows what there is of method 1, port mapping. Changes nothing. Exit code 0 only if all is there.
#
# Usage: status.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"
read_arguments '' 'usage: status.sh' "$@"
step_name=""

status_of networks kafka-vpc
status_of 'networks subnets' brokers-subnet --region="$region"
status_of 'networks subnets' psc-subnet --region="$region"
status_of firewall-rules allow-psc-traffic
status_of_tag broker-node1 us-west1-a kafka-node
status_of_tag broker-node2 us-west1-b kafka-node
status_of_tag broker-node3 us-west1-c kafka-node
status_of network-endpoint-groups kafka-neg --region="$region"
list_endpoints kafka-neg
cat >"$scratch/wanted" <<'END'
9093,us-west1-a/instances/broker-node1,39092
9094,us-west1-b/instances/broker-node2,39092
9095,us-west1-c/instances/broker-node3,39092
END
show_endpoints kafka-neg "$scratch/wanted"
status_of backend-services kafka-lb --region="$region"
status_of forwarding-rules kafka-lb --region="$region"
status_of_attachment kafka-psc tidbcloud-prod-000=10
show_connections kafka-psc
finish_status
