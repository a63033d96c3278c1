#!/usr/bin/env bash
# Shows the attachment and which port leads to which broker. Changes nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

compute service-attachments describe "$ATTACHMENT" --region="$REGION"
compute network-endpoint-groups list-network-endpoints "$NEG" --region="$REGION"
