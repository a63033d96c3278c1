#!/usr/bin/env bash
# Creates method 2, a fleet of `portway serve`: any of its VMs answers on every port.
#
# Usage: create.sh [--dry-run]
# Safe to run again: what is there is compared and left, or updated; what is missing is made. A plan
# that changed makes a new instance template, and the VMs are replaced one after the other. With
# --dry-run the commands that would change something are only shown.
#
# The account that runs it needs in the project {{project}}:
{{#roles}}
#   {{{role}}}
{{/roles}}
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"
# shellcheck source-path=SCRIPTDIR source=../resources.sh
. "$here/../resources.sh"
# shellcheck source-path=SCRIPTDIR source=fleet.sh
. "$here/fleet.sh"
read_arguments '--dry-run' 'usage: create.sh [--dry-run]' "$@"

network={{network}}
subnet={{subnet}}
nat_subnet={{nat_subnet}}
ready_check={{health_check}}
live_check={{liveness_check}}
load_balancer={{load_balancer}}
attachment={{service_attachment}}

{{{cluster}}}{{#is_binary_in_storage}}
say_private_access {{subnet}}
{{/is_binary_in_storage}}

# Where Google's source NAT takes the addresses from that proxies see: one for each connected
# endpoint, four of the range are lost. It belongs to this attachment alone and holds nothing else.
# Flow logs of it stay empty; put them on the proxies' subnet.
subnet "$nat_subnet" "$network" {{nat_range}} PRIVATE_SERVICE_CONNECT

# The second rule is for Google's health checks, which do not come from the NAT subnet. Without it
# no proxy is ever healthy, and the load balancer, as a last resort, sends to those that are not.
{{#rules}}
firewall_rule {{name}} "$network" {{sources}} {{tags}} \
  {{ports}} \
  {{what}}
{{/rules}}

# Two checks. Readiness decides who gets new connections: it is quick, and fails as soon as a drain
# begins: {{health_interval_s}} s twice is within serve.drain_notice ({{{drain_notice}}}).
health_check "$ready_check" /readyz {{health_interval_s}} {{health_interval_s}} 2 2
# Liveness decides which VM is made anew. It does not ask /readyz: a new proxy is not ready while
# Kafka is down, an old one not while it drains, and a fleet that is replaced over and over only
# makes an outage longer.
health_check "$live_check" /livez 10 5 1 6

instance_template
instance_group
autoscaling

# Session affinity NONE: all connections of a consumer come from one NAT address, and by CLIENT_IP
# all of them would go to one proxy. Draining: when the group removes a VM, its connections go on for
# {{draining_s}} s and are then cut, before the VM is told to stop; clients connect again.
step "backend service $load_balancer"
if lookup 'loadBalancingScheme,protocol,sessionAffinity,healthChecks.basename(),'\
'connectionDraining.drainingTimeoutSec' backend-services "$load_balancer" --region="$region"; then
  is_draining=${found##*|}
  found=${found%|*}
  must_be 'scheme, protocol, session affinity and health checks' \
    "INTERNAL|TCP|NONE|$ready_check" "backend service $load_balancer"
  say_found
  if [[ $is_draining != {{draining_s}} ]]; then
    run compute backend-services update "$load_balancer" --region="$region" \
      --connection-draining-timeout={{draining_s}}
  fi
else
  run compute backend-services create "$load_balancer" --region="$region" \
    --load-balancing-scheme=INTERNAL --network="$network" --protocol=TCP --session-affinity=NONE \
    --health-checks="$ready_check" --health-checks-region="$region" \
    --connection-draining-timeout={{draining_s}} --description="$mark"
fi
add_backend "$load_balancer" "$fleet" --instance-group="$fleet" \
  --instance-group-region="$region" --balancing-mode=CONNECTION

# All ports, since a rule lists five at most: the firewall rule opens just those of the plan.
forwarding_rule "$load_balancer" "$network" "$subnet" "$load_balancer" {{global_access}} \
  "$attachment"
service_attachment "$attachment" "$load_balancer" "$nat_subnet" \
  {{accept_list}}

step_name=""
cat <<'END'

Done. The service attachment, as TiDB Cloud's console asks for it:
  {{{uri}}}
`portway plan -c portway.yaml` prints the rest of what to type there.

The proxies connect to the brokers from {{{subnet_range}}} on port {{{broker_ports}}}.
{{^is_new}}
The brokers' firewall is yours: see that it lets them in.
{{/is_new}}
VMs need some minutes; status.sh says when they are healthy. Traffic is proved by "Test the whole
way" in docs/runbook.md, not by an endpoint that is ACCEPTED.
{{#has_notes}}

To know:
{{#notes}}
- {{{note}}}
{{/notes}}
{{/has_notes}}
END
