#!/usr/bin/env bash
# Creates method 1, port mapping: each client port of the endpoint leads to one broker.
#
# Usage: create.sh [--dry-run]
# Safe to run again: what is there is compared and left, or updated; what is missing is made. With
# --dry-run the commands that would change something are only shown.
#
# The account that runs it needs in the project {{project}}:
{{#roles}}
#   {{{role}}}
{{/roles}}
#
# Not made here, because port mapping forbids it: a health check, a second forwarding rule, a second
# service attachment. A broker that is down therefore is a port that does not answer; several TiDB
# Cloud projects share this one attachment.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"
# shellcheck source-path=SCRIPTDIR source=../resources.sh
. "$here/../resources.sh"
read_arguments '--dry-run' 'usage: create.sh [--dry-run]' "$@"

network={{network}}
subnet={{subnet}}
nat_subnet={{nat_subnet}}
group={{neg}}
load_balancer={{load_balancer}}
attachment={{service_attachment}}

# CLIENT_PORT,ZONE/instances/VM,VM_PORT: as they are to be in the network endpoint group.
endpoints=(
{{#endpoints}}
  '{{{endpoint}}}'
{{/endpoints}}
)

{{{cluster}}}{{#tagged_nodes}}
tag_instance {{instance}} {{zone}} {{subnet}} {{address}} {{node_tag}}
{{/tagged_nodes}}

# Where Google's source NAT takes the addresses from that brokers see: one for each connected
# endpoint, four of the range are lost. It belongs to this attachment alone and holds nothing else.
# Flow logs of it stay empty; put them on the brokers' subnet.
subnet "$nat_subnet" "$network" {{nat_range}} PRIVATE_SERVICE_CONNECT

{{#rules}}
# The ports that brokers bind, not the client ports: mapping comes before the firewall.
firewall_rule {{name}} "$network" {{sources}} {{tags}} \
  {{ports}} \
  {{what}}
{{/rules}}

step "network endpoint group $group (port mapping)"
if lookup 'networkEndpointType,network.basename(),subnetwork.basename()' network-endpoint-groups \
  "$group" --region="$region"; then
  must_be 'type, network and subnet' "GCE_VM_IP_PORTMAP|$network|$subnet" \
    "network endpoint group $group"
  say "is there"
else
  # All brokers are in one subnet: the group knows no other. Consumers reach it through an endpoint;
  # a load balancer of theirs (a Private Service Connect backend) cannot use it.
  run compute network-endpoint-groups create "$group" --region="$region" --network="$network" \
    --subnet="$subnet" --network-endpoint-type=GCE_VM_IP_PORTMAP
fi

# A VM that is deleted takes its endpoint with it, silently: run this script after making one anew.
step "client ports of $group"
list_endpoints "$group"
printf '%s\n' "${endpoints[@]}" | LC_ALL=C sort >"$scratch/wanted"
# Removed before others are added (one command cannot do both): a port may move between brokers.
change_endpoints "$group" remove <(LC_ALL=C comm -23 "$scratch/endpoints" "$scratch/wanted")
change_endpoints "$group" add <(LC_ALL=C comm -13 "$scratch/endpoints" "$scratch/wanted")

step "backend service $load_balancer (no health check: port mapping has none)"
if lookup 'loadBalancingScheme,protocol,sessionAffinity,healthChecks,network.basename()' \
  backend-services "$load_balancer" --region="$region"; then
  # The network is not in every answer: gcloud need not have been told it.
  found=${found%|*}
  must_be 'scheme, protocol, session affinity and health checks' 'INTERNAL|TCP|NONE|' \
    "backend service $load_balancer"
  say_found
else
  run compute backend-services create "$load_balancer" --region="$region" \
    --load-balancing-scheme=INTERNAL --network="$network" --protocol=TCP \
    --session-affinity=NONE --description="$mark"
fi
add_backend "$load_balancer" "$group" \
  --network-endpoint-group="$group" --network-endpoint-group-region="$region"

# In the subnet of the brokers: its address cannot be in a NAT subnet.
forwarding_rule "$load_balancer" "$network" "$subnet" "$load_balancer" {{global_access}} \
  "$attachment"
service_attachment "$attachment" "$load_balancer" "$nat_subnet" \
  {{accept_list}}

step_name=""
cat <<'END'

Done. The service attachment, as TiDB Cloud's console asks for it:
  {{{uri}}}
`portway plan -c portway.yaml` prints the rest of what to type there.

{{#is_new}}
The VMs are there and Kafka is not yet: `portway render kafka` and `portway render scripts` have the
brokers' files.
{{/is_new}}
{{^is_new}}
The brokers must bind and advertise what is mapped here ({{{listeners}}}):
`portway render kafka` has their files.
{{/is_new}}
Traffic is proved by "Test the whole way" in docs/runbook.md, not by an endpoint that is ACCEPTED.
END
