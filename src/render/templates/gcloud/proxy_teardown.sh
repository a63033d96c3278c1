#!/usr/bin/env bash
# Removes what create.sh made for method 2, the proxy fleet, last first. Safe to run again.
#
# Usage: teardown.sh [--yes] [--dry-run]
# What was there before (its description is another) is kept.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"
read_arguments '--yes --dry-run' 'usage: teardown.sh [--yes] [--dry-run]' "$@"

confirm 'Removes the service attachment {{{service_attachment}}}: endpoints that consumers have
connected are CLOSED for ever, and new ones have to be made after the next create.sh.{{#is_new}}
Removes the VMs of the cluster, with all data of its brokers.{{/is_new}}'

remove service-attachments {{service_attachment}} --region="$region"
remove forwarding-rules {{load_balancer}} --region="$region"
remove backend-services {{load_balancer}} --region="$region"
# Its VMs and its autoscaler go with it.
remove 'instance-groups managed' {{instance_group}} --region="$region"

# Those of earlier plans too.
step "instance templates "{{instance_template}}-\*
compute instance-templates list --filter="name ~ ^"{{instance_template}}'-[0-9a-f]{10}$' \
  --format='csv[no-heading](name,region.basename())' >"$scratch/templates"
while IFS=, read -r name template_region; do
  if [[ $template_region == "$region" ]]; then
    remove instance-templates "$name" --region="$region"
  fi
done <"$scratch/templates"

remove health-checks {{liveness_check}} --region="$region"
remove health-checks {{health_check}} --region="$region"
{{#rules}}
remove firewall-rules {{name}}
{{/rules}}
remove 'networks subnets' {{nat_subnet}} --region="$region"
{{#has_other}}

# The other method uses the rest too.
step "what both methods share"
if lookup name 'networks subnets' {{other_nat_subnet}} --region="$region"; then
  say "is kept: the {{other_method}} method is still there. Its teardown.sh removes it."
  exit 0
fi
{{/has_other}}
{{{cluster}}}
