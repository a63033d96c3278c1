#!/usr/bin/env bash
# Shows what there is of method 2, the proxy fleet. Changes nothing. Exit code 0 only if all is
# there and a proxy is healthy.
#
# Usage: status.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"
# shellcheck source-path=SCRIPTDIR source=fleet.sh
. "$here/fleet.sh"
read_arguments '' 'usage: status.sh' "$@"
step_name=""

{{{cluster}}}status_of 'networks subnets' {{nat_subnet}} --region="$region"
{{#rules}}
status_of firewall-rules {{name}}
{{/rules}}
status_of health-checks {{health_check}} --region="$region"
status_of health-checks {{liveness_check}} --region="$region"
status_of instance-templates "$template" --region="$region"
status_of 'instance-groups managed' "$fleet" --region="$region"
if lookup_group; then
  if [[ $is_template != "$template" ]]; then
    shown WRONG "its VMs are of the template $is_template: run create.sh"
  elif [[ $is_reached != True ]]; then
    shown WAIT "VMs of $fleet are being replaced"
  fi
  printf '%-8s %s\n' "" "$size VMs are wanted, of {{replicas_min}} to {{replicas_max}}"
  lookup autoscaler.name 'instance-groups managed' "$fleet" --region="$region"
  shown "$([[ -n $found ]] && echo ok || echo MISSING)" "autoscaling of $fleet"
fi
status_of backend-services {{load_balancer}} --region="$region"
if [[ -n $found ]]; then
  compute backend-services get-health {{load_balancer}} --region="$region" \
    --flatten='status.healthStatus[]' \
    --format='csv[no-heading](status.healthStatus.instance.basename(),'\
'status.healthStatus.healthState)' >"$scratch/health"
  while IFS=, read -r vm state; do
    [[ -z $vm ]] || printf '%-8s %s\n' "" "$vm is $state"
  done <"$scratch/health"
  grep -q ',HEALTHY$' "$scratch/health" ||
    shown WAIT "no proxy is healthy. New VMs need some minutes; why one does not start stands in" \
      "gcloud compute instances get-serial-port-output, why it is not ready in its /readyz"
fi
status_of forwarding-rules {{load_balancer}} --region="$region"
status_of_attachment {{service_attachment}} {{accept_list}}
show_connections {{service_attachment}}
finish_status
