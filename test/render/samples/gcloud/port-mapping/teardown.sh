#!/usr/bin/env bash
# Removes what create.sh made, in the order in which Google lets it go. Safe to repeat.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

gone() {
  local kind=$1 name=$2
  shift 2
  # shellcheck disable=SC2086  # "networks subnets" is two words
  if exists $kind describe "$name" "$@"; then
    compute $kind delete "$name" "$@"
  fi
}

gone service-attachments "$ATTACHMENT" --region="$REGION"
gone forwarding-rules "$RULE" --region="$REGION"
gone backend-services "$BACKEND" --region="$REGION"
gone network-endpoint-groups "$NEG" --region="$REGION"
gone firewall-rules "$FIREWALL"
gone "networks subnets" "$PSC_SUBNET" --region="$REGION"
