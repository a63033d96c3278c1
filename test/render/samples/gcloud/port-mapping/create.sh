#!/usr/bin/env bash
# Creates what is not there yet of the port mapping service. Safe to repeat.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

exists networks subnets describe "$PSC_SUBNET" --region="$REGION" ||
  compute networks subnets create "$PSC_SUBNET" --network="$NETWORK" --region="$REGION" \
    --purpose=PRIVATE_SERVICE_CONNECT --range="$PSC_RANGE"

exists firewall-rules describe "$FIREWALL" ||
  compute firewall-rules create "$FIREWALL" --network="$NETWORK" --direction=INGRESS \
    --action=ALLOW --rules="tcp:$SERVICE_PORT" --source-ranges="$PSC_RANGE" --target-tags=kafka

exists network-endpoint-groups describe "$NEG" --region="$REGION" ||
  compute network-endpoint-groups create "$NEG" --region="$REGION" --network="$NETWORK" \
    --subnet="$BROKER_SUBNET" --network-endpoint-type=GCE_VM_IP_PORTMAP

present=$(compute network-endpoint-groups list-network-endpoints "$NEG" --region="$REGION" \
  --format='csv[no-heading](networkEndpoint.clientDestinationPort)')
missing=()
for endpoint in "${ENDPOINTS[@]}"; do
  port=${endpoint%%:*}
  place=${endpoint#*:}
  if ! grep -qx "$port" <<<"$present"; then
    instance=projects/$PROJECT/zones/${place%/*}/instances/${place#*/}
    missing+=("--add-endpoint=client-destination-port=$port,instance=$instance,port=$SERVICE_PORT")
  fi
done
if ((${#missing[@]})); then
  compute network-endpoint-groups update "$NEG" --region="$REGION" "${missing[@]}"
fi

exists backend-services describe "$BACKEND" --region="$REGION" ||
  compute backend-services create "$BACKEND" --region="$REGION" --network="$NETWORK" \
    --load-balancing-scheme=INTERNAL --protocol=TCP

groups=$(compute backend-services describe "$BACKEND" --region="$REGION" \
  --format='value(backends[].group)')
[[ $groups == *"/$NEG"* ]] ||
  compute backend-services add-backend "$BACKEND" --region="$REGION" \
    --network-endpoint-group="$NEG" --network-endpoint-group-region="$REGION"

exists forwarding-rules describe "$RULE" --region="$REGION" ||
  compute forwarding-rules create "$RULE" --region="$REGION" --network="$NETWORK" \
    --subnet="$BROKER_SUBNET" --load-balancing-scheme=INTERNAL --ip-protocol=TCP --ports=ALL \
    --backend-service="$BACKEND" --backend-service-region="$REGION"

exists service-attachments describe "$ATTACHMENT" --region="$REGION" ||
  compute service-attachments create "$ATTACHMENT" --region="$REGION" \
    --target-service="projects/$PROJECT/regions/$REGION/forwardingRules/$RULE" \
    --connection-preference=ACCEPT_MANUAL --consumer-accept-list="$CONSUMER" \
    --nat-subnets="$PSC_SUBNET" --reconcile-connections
