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

confirm 'Removes the service attachment kafka-psc: endpoints that consumers have
connected are CLOSED for ever, and new ones have to be made after the next create.sh.'

remove service-attachments kafka-psc --region="$region"
remove forwarding-rules kafka-lb --region="$region"
remove backend-services kafka-lb --region="$region"
# A network endpoint group has no description: it goes by its name.
remove_unmarked network-endpoint-groups kafka-neg --region="$region"
remove firewall-rules allow-psc-traffic
remove 'networks subnets' psc-subnet --region="$region"

