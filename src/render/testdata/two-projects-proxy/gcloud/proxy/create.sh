#!/usr/bin/env bash
# Creates method 2, a fleet of `portway serve`: any of its VMs answers on every port.
#
# Usage: create.sh [--dry-run]
# Safe to run again: what is there is compared and left, or updated; what is missing is made. A plan
# that changed makes a new instance template, and the VMs are replaced one after the other. With
# --dry-run the commands that would change something are only shown.
#
# The account that runs it needs in the project my-kafka-project:
#   roles/compute.networkAdmin: VPC, subnets, load balancer, Private Service Connect
#   roles/compute.loadBalancerAdmin: network endpoint group, backend service
#   roles/compute.securityAdmin: firewall rules
#   roles/compute.instanceAdmin.v1: VMs, their templates and groups
#   roles/iam.serviceAccountUser: on the Compute Engine default service account
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"
# shellcheck source-path=SCRIPTDIR source=../resources.sh
. "$here/../resources.sh"
# shellcheck source-path=SCRIPTDIR source=fleet.sh
. "$here/fleet.sh"
read_arguments '--dry-run' 'usage: create.sh [--dry-run]' "$@"

network=kafka-vpc
subnet=brokers-subnet
nat_subnet=proxy-psc-subnet
ready_check=kafka-proxy-hc
live_check=kafka-proxy-hc-live
load_balancer=kafka-proxy-lb
attachment=kafka-proxy-psc

existing_network kafka-vpc
existing_subnet brokers-subnet kafka-vpc 10.64.0.0/18

say_private_access brokers-subnet

# Where Google's source NAT takes the addresses from that proxies see: one for each connected
# endpoint, four of the range are lost. It belongs to this attachment alone and holds nothing else.
# Flow logs of it stay empty; put them on the proxies' subnet.
subnet "$nat_subnet" "$network" 10.100.0.64/26 PRIVATE_SERVICE_CONNECT

# The second rule is for Google's health checks, which do not come from the NAT subnet. Without it
# no proxy is ever healthy, and the load balancer, as a last resort, sends to those that are not.
firewall_rule allow-proxy-psc-traffic "$network" 10.100.0.64/26 kafka-proxy \
  tcp:9092-9155,tcp:9192-9255 \
  'From the endpoint to the proxies'
firewall_rule kafka-proxy-hc-probes "$network" 35.191.0.0/16,130.211.0.0/22 kafka-proxy \
  tcp:9080 \
  'Google'\''s health checks to the proxies'

# Two checks. Readiness decides who gets new connections: it is quick, and fails as soon as a drain
# begins: 2 s twice is within serve.drain_notice (5s).
health_check "$ready_check" /readyz 2 2 2 2
# Liveness decides which VM is made anew. It does not ask /readyz: a new proxy is not ready while
# Kafka is down, an old one not while it drains, and a fleet that is replaced over and over only
# makes an outage longer.
health_check "$live_check" /livez 10 5 1 6

instance_template
instance_group
autoscaling

# Session affinity NONE: all connections of a consumer come from one NAT address, and by CLIENT_IP
# all of them would go to one proxy. Draining: when the group removes a VM, its connections go on for
# 35 s and are then cut, before the VM is told to stop; clients connect again.
step "backend service $load_balancer"
if lookup 'loadBalancingScheme,protocol,sessionAffinity,healthChecks.basename(),'\
'connectionDraining.drainingTimeoutSec' backend-services "$load_balancer" --region="$region"; then
  is_draining=${found##*|}
  found=${found%|*}
  must_be 'scheme, protocol, session affinity and health checks' \
    "INTERNAL|TCP|NONE|$ready_check" "backend service $load_balancer"
  say_found
  if [[ $is_draining != 35 ]]; then
    run compute backend-services update "$load_balancer" --region="$region" \
      --connection-draining-timeout=35
  fi
else
  run compute backend-services create "$load_balancer" --region="$region" \
    --load-balancing-scheme=INTERNAL --network="$network" --protocol=TCP --session-affinity=NONE \
    --health-checks="$ready_check" --health-checks-region="$region" \
    --connection-draining-timeout=35 --description="$mark"
fi
add_backend "$load_balancer" "$fleet" --instance-group="$fleet" \
  --instance-group-region="$region" --balancing-mode=CONNECTION

# All ports, since a rule lists five at most: the firewall rule opens just those of the plan.
forwarding_rule "$load_balancer" "$network" "$subnet" "$load_balancer" off \
  "$attachment"
service_attachment "$attachment" "$load_balancer" "$nat_subnet" \
  tidbcloud-prod-000=10,tidbcloud-prod-001=10

step_name=""
cat <<'END'

Done. The service attachment, as TiDB Cloud's console asks for it:
  projects/my-kafka-project/regions/us-west1/serviceAttachments/kafka-proxy-psc
`portway plan -c portway.yaml` prints the rest of what to type there.

The proxies connect to the brokers from 10.64.0.0/18 on port 9092.
The brokers' firewall is yours: see that it lets them in.
VMs need some minutes; status.sh says when they are healthy. Traffic is proved by "Test the whole
way" in docs/runbook.md, not by an endpoint that is ACCEPTED.

To know:
- The default service account has to be allowed to read the executable's bucket
  (roles/storage.objectViewer).
- The executable is not checked: say cloud.proxy.binary_sha256.
END
