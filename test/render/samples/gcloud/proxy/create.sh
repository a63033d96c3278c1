#!/usr/bin/env bash
# Creates what is not there yet of the proxy fleet and its service. Safe to repeat.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

exists networks subnets describe "$PSC_SUBNET" --region="$REGION" ||
  compute networks subnets create "$PSC_SUBNET" --network="$NETWORK" --region="$REGION" \
    --purpose=PRIVATE_SERVICE_CONNECT --range="$PSC_RANGE"

exists firewall-rules describe "$FIREWALL" ||
  compute firewall-rules create "$FIREWALL" --network="$NETWORK" --direction=INGRESS \
    --action=ALLOW --rules="$PORTS" --source-ranges="$PSC_RANGE" --target-tags=portway

exists firewall-rules describe "$PROBE_FIREWALL" ||
  compute firewall-rules create "$PROBE_FIREWALL" --network="$NETWORK" --direction=INGRESS \
    --action=ALLOW --rules=tcp:8080 --source-ranges="$PROBE_RANGES" --target-tags=portway

exists instance-templates describe "$TEMPLATE" --region="$REGION" ||
  compute instance-templates create "$TEMPLATE" --instance-template-region="$REGION" \
    --region="$REGION" --network="$NETWORK" --subnet="$BROKER_SUBNET" --no-address \
    --machine-type=e2-small --image-family=debian-12 --image-project=debian-cloud \
    --tags=portway --metadata=role=proxy

exists health-checks describe "$CHECK" --region="$REGION" ||
  compute health-checks create http "$CHECK" --region="$REGION" --port=8080 --request-path=/ready

exists instance-groups managed describe "$GROUP" --region="$REGION" ||
  compute instance-groups managed create "$GROUP" --region="$REGION" --size=3 \
    --template="projects/$PROJECT/regions/$REGION/instanceTemplates/$TEMPLATE" \
    --health-check="projects/$PROJECT/regions/$REGION/healthChecks/$CHECK" --initial-delay=60

scaled=$(compute instance-groups managed describe "$GROUP" --region="$REGION" \
  --format='value(autoscaler.name)')
[[ -n $scaled ]] ||
  compute instance-groups managed set-autoscaling "$GROUP" --region="$REGION" \
    --min-num-replicas=3 --max-num-replicas=6 --target-cpu-utilization=0.6 --cool-down-period=90

exists backend-services describe "$BACKEND" --region="$REGION" ||
  compute backend-services create "$BACKEND" --region="$REGION" --network="$NETWORK" \
    --load-balancing-scheme=INTERNAL --protocol=TCP --health-checks="$CHECK" \
    --health-checks-region="$REGION" --connection-draining-timeout=60

groups=$(compute backend-services describe "$BACKEND" --region="$REGION" \
  --format='value(backends[].group)')
[[ $groups == *"/$GROUP"* ]] ||
  compute backend-services add-backend "$BACKEND" --region="$REGION" --instance-group="$GROUP" \
    --instance-group-region="$REGION" --balancing-mode=CONNECTION

exists addresses describe "$ADDRESS" --region="$REGION" ||
  compute addresses create "$ADDRESS" --region="$REGION" --subnet="$BROKER_SUBNET"

exists forwarding-rules describe "$RULE" --region="$REGION" ||
  compute forwarding-rules create "$RULE" --region="$REGION" --network="$NETWORK" \
    --subnet="$BROKER_SUBNET" --load-balancing-scheme=INTERNAL --ip-protocol=TCP --ports=ALL \
    --address="$ADDRESS" --allow-global-access \
    --backend-service="$BACKEND" --backend-service-region="$REGION"

exists service-attachments describe "$ATTACHMENT" --region="$REGION" ||
  compute service-attachments create "$ATTACHMENT" --region="$REGION" \
    --target-service="projects/$PROJECT/regions/$REGION/forwardingRules/$RULE" \
    --connection-preference=ACCEPT_MANUAL --consumer-accept-list="$CONSUMER" \
    --nat-subnets="$PSC_SUBNET" --enable-proxy-protocol
