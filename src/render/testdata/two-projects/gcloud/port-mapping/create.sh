#!/usr/bin/env bash
# Creates method 1, port mapping: each client port of the endpoint leads to one broker.
#
# Usage: create.sh [--dry-run]
# Safe to run again: what is there is compared and left, or updated; what is missing is made. With
# --dry-run the commands that would change something are only shown.
#
# The account that runs it needs in the project my-kafka-project:
#   roles/compute.networkAdmin: VPC, subnets, load balancer, Private Service Connect
#   roles/compute.loadBalancerAdmin: network endpoint group, backend service
#   roles/compute.securityAdmin: firewall rules
#   roles/compute.instanceAdmin.v1: VMs, their templates and groups
#   roles/iap.tunnelResourceAccessor: to connect to the VMs afterwards
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

network=kafka-vpc
subnet=brokers-subnet
nat_subnet=psc-subnet
group=kafka-neg
load_balancer=kafka-lb
attachment=kafka-psc

# CLIENT_PORT,ZONE/instances/VM,VM_PORT: as they are to be in the network endpoint group.
endpoints=(
  '9093,us-west1-a/instances/broker-node1,39092'
  '9094,us-west1-b/instances/broker-node2,39092'
  '9095,us-west1-c/instances/broker-node3,39092'
  '9193,us-west1-a/instances/broker-node1,39093'
  '9194,us-west1-b/instances/broker-node2,39093'
  '9195,us-west1-c/instances/broker-node3,39093'
)

network kafka-vpc
# Brokers, proxies and the load balancer's address share it. Private Google Access: its VMs have no
# external address, and still reach Google's own APIs such as Cloud Storage.
subnet brokers-subnet kafka-vpc 10.64.0.0/18 PRIVATE --enable-private-ip-google-access
subnet bastion-subnet kafka-vpc 10.0.0.0/18 PRIVATE
firewall_rule kafka-vpc-allow-custom kafka-vpc 10.64.0.0/18,10.0.0.0/18 kafka-node \
  tcp:9092,tcp:29092,tcp:39092-39093 \
  'Kafka between the nodes, and from the bastion'
firewall_rule kafka-vpc-allow-ssh kafka-vpc 35.235.240.0/20 kafka-bastion,kafka-node \
  tcp:22 \
  'SSH through Identity-Aware Proxy'
# The bastion alone has an external address, to fetch Kafka by; SSH comes through Identity-Aware
# Proxy (gcloud compute ssh --tunnel-through-iap), nothing else gets in.
instance bastion-node us-west1-a bastion-subnet '' e2-medium 20 \
  kafka-bastion
instance broker-node1 us-west1-a brokers-subnet 10.64.0.2 e2-medium 50 \
  kafka-node --no-address
instance broker-node2 us-west1-b brokers-subnet 10.64.0.3 e2-medium 50 \
  kafka-node --no-address
instance broker-node3 us-west1-c brokers-subnet 10.64.0.4 e2-medium 50 \
  kafka-node --no-address

# Where Google's source NAT takes the addresses from that brokers see: one for each connected
# endpoint, four of the range are lost. It belongs to this attachment alone and holds nothing else.
# Flow logs of it stay empty; put them on the brokers' subnet.
subnet "$nat_subnet" "$network" 10.100.0.0/26 PRIVATE_SERVICE_CONNECT

# The ports that brokers bind, not the client ports: mapping comes before the firewall.
firewall_rule allow-psc-traffic "$network" 10.100.0.0/26 kafka-node \
  tcp:39092-39093 \
  'From the endpoint to the brokers: the ports they bind, not the client ports'

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
forwarding_rule "$load_balancer" "$network" "$subnet" "$load_balancer" off \
  "$attachment"
service_attachment "$attachment" "$load_balancer" "$nat_subnet" \
  tidbcloud-prod-000=10,tidbcloud-prod-001=10

step_name=""
cat <<'END'

Done. The service attachment, as TiDB Cloud's console asks for it:
  projects/my-kafka-project/regions/us-west1/serviceAttachments/kafka-psc
`portway plan -c portway.yaml` prints the rest of what to type there.

The VMs are there and Kafka is not yet: `portway render kafka` and `portway render scripts` have the
brokers' files.
Traffic is proved by "Test the whole way" in docs/runbook.md, not by an endpoint that is ACCEPTED.
END
