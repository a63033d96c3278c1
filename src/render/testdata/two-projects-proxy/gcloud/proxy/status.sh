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

status_of networks kafka-vpc
status_of 'networks subnets' brokers-subnet --region="$region"
status_of 'networks subnets' proxy-psc-subnet --region="$region"
status_of firewall-rules allow-proxy-psc-traffic
status_of firewall-rules kafka-proxy-hc-probes
status_of health-checks kafka-proxy-hc --region="$region"
status_of health-checks kafka-proxy-hc-live --region="$region"
status_of instance-templates "$template" --region="$region"
status_of 'instance-groups managed' "$fleet" --region="$region"
if lookup_group; then
  if [[ $is_template != "$template" ]]; then
    shown WRONG "its VMs are of the template $is_template: run create.sh"
  elif [[ $is_reached != True ]]; then
    shown WAIT "VMs of $fleet are being replaced"
  fi
  printf '%-8s %s\n' "" "$size VMs are wanted, of 2 to 6"
  lookup autoscaler.name 'instance-groups managed' "$fleet" --region="$region"
  shown "$([[ -n $found ]] && echo ok || echo MISSING)" "autoscaling of $fleet"
fi
status_of backend-services kafka-proxy-lb --region="$region"
if [[ -n $found ]]; then
  compute backend-services get-health kafka-proxy-lb --region="$region" \
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
status_of forwarding-rules kafka-proxy-lb --region="$region"
status_of_attachment kafka-proxy-psc tidbcloud-prod-000=10,tidbcloud-prod-001=10
show_connections kafka-proxy-psc
finish_status
