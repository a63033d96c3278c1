# shellcheck shell=bash
# The VMs of the proxy fleet, for create.sh and status.sh. Sourced after common.sh.
# shellcheck disable=SC2154  # here, project, region, mark and found are those of who sources this

fleet=kafka-proxy-ig
# A mark of all that is in the template is part of its name: templates cannot be changed, and the
# same plan gives the same name.
template=kafka-proxy-tpl-64c2dc61ee

say_private_access() {  # SUBNET
  if lookup privateIpGoogleAccess 'networks subnets' "$1" --region="$region" &&
    [[ $found != True ]]; then
    say "note: without Private Google Access or Cloud NAT its VMs cannot fetch the executable:" \
      "gcloud compute networks subnets update $1 --region=$region --project=$project" \
      "--enable-private-ip-google-access"
  fi
}

health_check() {  # NAME PATH INTERVAL_S TIMEOUT_S SUCCESSES FAILURES
  local -a flags
  flags=("--region=$region" --port=9080 "--request-path=$2" "--check-interval=${3}s"
    "--timeout=${4}s" "--healthy-threshold=$5" "--unhealthy-threshold=$6")
  step "health check $1: $2 every $3 s, $6 failures"
  if ! lookup 'httpHealthCheck.port,httpHealthCheck.requestPath,checkIntervalSec,timeoutSec,'\
'healthyThreshold,unhealthyThreshold' health-checks "$1" --region="$region"; then
    run compute health-checks create http "$1" "${flags[@]}" --description="$mark"
  elif [[ $found == "9080|$2|$3|$4|$5|$6" ]]; then
    say_found
  else
    say "is there with other settings: $found"
    run compute health-checks update http "$1" "${flags[@]}"
  fi
}

# Debian's newest image, the start-up script beside this file; no external address.
instance_template() {
  step "instance template $template"
  if lookup name instance-templates "$template" --region="$region"; then
    say_found
    return
  fi
  # From its folder: gcloud would take a comma in the path of the file for the end of it.
  (
    cd "$here" || exit
    run compute instance-templates create "$template" --instance-template-region="$region" \
      --region="$region" --network=kafka-vpc --subnet=brokers-subnet --description="$mark" \
      --no-address \
      --machine-type=e2-medium \
      --tags=kafka-proxy \
      --image-family=debian-12 \
      --image-project=debian-cloud \
      --metadata=enable-oslogin=TRUE \
      --metadata-from-file=startup-script=startup.sh \
      --scopes=storage-ro,logging-write,monitoring-write
  )
}

# Whether the group is there; then what it is.
lookup_group() {
  local versions
  lookup 'versions[].instanceTemplate.basename(),instanceTemplate.basename(),'\
'autoHealingPolicies[].healthCheck.basename(),autoHealingPolicies[].initialDelaySec,'\
'status.versionTarget.isReached,targetSize' 'instance-groups managed' "$fleet" \
    --region="$region" || return
  # shellcheck disable=SC2034  # some are status.sh's
  IFS='|' read -r versions is_template is_check is_delay is_reached size <<<"$found"
  # A group that was updated has versions, and those count.
  is_template=${versions:-$is_template}
}

# VMs in each of 3 zones. While they are replaced there is one more in each, and never
# one less.
instance_group() {
  local url="projects/$project/regions/$region/instanceTemplates/$template"
  local live="projects/$project/regions/$region/healthChecks/$live_check"
  step "instance group $fleet"
  if ! lookup_group; then
    run compute instance-groups managed create "$fleet" --region="$region" \
      --zones=us-west1-a,us-west1-b,us-west1-c --size=2 \
      --template="$url" --base-instance-name="$fleet" \
      --health-check="$live" --initial-delay=300 \
      --update-policy-type=proactive --update-policy-max-surge=3 \
      --update-policy-max-unavailable=0 --description="$mark"
    return
  fi
  say_found
  if [[ $is_check != "$live_check" || $is_delay != 300 ]]; then
    run compute instance-groups managed update "$fleet" --region="$region" \
      --health-check="$live" --initial-delay=300
  fi
  if [[ $is_template != "$template" ]]; then
    say "its VMs are of the template $is_template"
    # Regional groups want a surge of none or of at least one VM a zone.
    run compute instance-groups managed rolling-action start-update "$fleet" --region="$region" \
      --version="template=$url" --type=proactive --max-surge=3 --max-unavailable=0
    say "to wait for it: gcloud compute instance-groups managed wait-until $fleet" \
      "--version-target-reached --region=$region --project=$project"
    say "old templates stay, to go back to; teardown.sh removes them"
  fi
}

# One VM less in ten minutes at most: each that goes takes its connections along.
autoscaling() {
  step "autoscaling of $fleet: 2 to 6 VMs by processor load"
  if lookup 'autoscaler.autoscalingPolicy.minNumReplicas,'\
'autoscaler.autoscalingPolicy.maxNumReplicas' 'instance-groups managed' "$fleet" \
    --region="$region" && [[ $found == "2|6" ]]; then
    say "is there"
  else
    run compute instance-groups managed set-autoscaling "$fleet" --region="$region" \
      --min-num-replicas=2 --max-num-replicas=6 \
      --target-cpu-utilization=0.6 --cool-down-period=300 \
      --scale-in-control=max-scaled-in-replicas=1,time-window=600
  fi
}
