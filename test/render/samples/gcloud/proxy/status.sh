#!/usr/bin/env bash
# Shows the attachment and the health of the replicas. Changes nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

compute service-attachments describe "$ATTACHMENT" --region="$REGION"
compute backend-services get-health "$BACKEND" --region="$REGION"
compute instance-groups managed list-instances "$GROUP" --region="$REGION"
