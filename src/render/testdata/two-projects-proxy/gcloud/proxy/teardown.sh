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

confirm 'Removes the service attachment kafka-proxy-psc: endpoints that consumers have
connected are CLOSED for ever, and new ones have to be made after the next create.sh.'

remove service-attachments kafka-proxy-psc --region="$region"
remove forwarding-rules kafka-proxy-lb --region="$region"
remove backend-services kafka-proxy-lb --region="$region"
# Its VMs and its autoscaler go with it.
remove 'instance-groups managed' kafka-proxy-ig --region="$region"

# Those of earlier plans too.
step "instance templates "kafka-proxy-tpl-\*
compute instance-templates list --filter="name ~ ^"kafka-proxy-tpl'-[0-9a-f]{10}$' \
  --format='csv[no-heading](name,region.basename())' >"$scratch/templates"
while IFS=, read -r name template_region; do
  if [[ $template_region == "$region" ]]; then
    remove instance-templates "$name" --region="$region"
  fi
done <"$scratch/templates"

remove health-checks kafka-proxy-hc-live --region="$region"
remove health-checks kafka-proxy-hc --region="$region"
remove firewall-rules allow-proxy-psc-traffic
remove firewall-rules kafka-proxy-hc-probes
remove 'networks subnets' proxy-psc-subnet --region="$region"

