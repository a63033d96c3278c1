#!/usr/bin/env bash
# Removes what create.sh made for method 1, port mapping, last first. Safe to run again.
#
# Usage: teardown.sh [--yes] [--dry-run]
# What was there before (its description is another) is kept. The network tag that existing VMs were
# given stays too: without the firewall rule it means nothing.
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
# A network endpoint group has no description: it goes by its name.
remove_unmarked network-endpoint-groups {{neg}} --region="$region"
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
