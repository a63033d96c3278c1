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
connected are CLOSED for ever, and new ones have to be made after the next create.sh.
Removes the VMs of the cluster, with all data of its brokers.'

remove service-attachments kafka-psc --region="$region"
remove forwarding-rules kafka-lb --region="$region"
remove backend-services kafka-lb --region="$region"
# A network endpoint group has no description: it goes by its name.
remove_unmarked network-endpoint-groups kafka-neg --region="$region"
remove firewall-rules allow-psc-traffic
remove 'networks subnets' psc-subnet --region="$region"
remove instances broker-node1 --zone=us-west1-a
remove instances broker-node2 --zone=us-west1-b
remove instances broker-node3 --zone=us-west1-c
remove instances bastion-node --zone=us-west1-a
remove firewall-rules kafka-vpc-allow-custom
remove firewall-rules kafka-vpc-allow-ssh
remove 'networks subnets' bastion-subnet --region="$region"
remove 'networks subnets' brokers-subnet --region="$region"
remove networks kafka-vpc

