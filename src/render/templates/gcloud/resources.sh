# shellcheck shell=bash
# How create.sh makes each kind of resource, or finds it there and compares it. Sourced after
# common.sh.
# shellcheck disable=SC2154  # project, region, mark and found are common.sh's

network() {  # NAME
  step "VPC network $1"
  if lookup 'autoCreateSubnetworks' networks "$1"; then
    say_found
  else
    # Custom mode: an automatic network has a subnet of 10.128.0.0/9 in every region, which collides
    # with everything sooner or later.
    run compute networks create "$1" --subnet-mode=custom --description="$mark"
  fi
}

subnet() {  # NAME NETWORK RANGE PURPOSE [FLAG...]
  local name=$1 network=$2 range=$3 purpose=$4
  shift 4
  step "subnet $name ($range, $purpose)"
  if lookup 'network.basename(),ipCidrRange,purpose' 'networks subnets' "$name" \
    --region="$region"; then
    default_purpose
    must_be 'network, range and purpose' "$network|$range|$purpose" "subnet $name"
    say_found
  else
    run compute networks subnets create "$name" --region="$region" --network="$network" \
      --range="$range" --purpose="$purpose" --description="$mark" "$@"
  fi
}

# After a lookup that ends with a subnet's purpose: old subnets have none, which is PRIVATE.
default_purpose() {
  if [[ $found == *'|' ]]; then found=${found}PRIVATE; fi
}

# What portway.yaml says is there already is only looked at.
existing_network() {  # NAME
  step "VPC network $1 (existing)"
  lookup 'name' networks "$1" ||
    fail "network $1 is not there, and portway.yaml says cloud.network_existing: true"
  say "is there"
}

existing_subnet() {  # NAME NETWORK RANGE
  step "subnet $1 (existing)"
  lookup 'network.basename(),ipCidrRange,purpose' 'networks subnets' "$1" --region="$region" ||
    fail "subnet $1 is not in $region, and portway.yaml says cloud.subnet.existing: true"
  default_purpose
  must_be 'network, range and purpose' "$2|$3|PRIVATE" "subnet $1"
  say "is there"
}

firewall_rule() {  # NAME NETWORK SOURCES TARGET_TAGS RULES WHAT
  local name=$1 network=$2 sources=$3 tags=$4 rules=$5 what=$6 is wanted
  step "firewall rule $name: $rules from $sources to instances tagged $tags"
  if ! lookup "network.basename(),direction,sourceRanges.list(),targetTags.list(),\
allowed[].map().firewall_rule().list(),disabled,denied" firewall-rules "$name"; then
    run compute firewall-rules create "$name" --network="$network" --direction=INGRESS \
      --action=ALLOW --rules="$rules" --source-ranges="$sources" --target-tags="$tags" \
      --description="$mark. $what"
    return
  fi
  local is_network is_direction is_sources is_tags is_rules is_disabled is_denied
  IFS='|' read -r is_network is_direction is_sources is_tags is_rules is_disabled is_denied \
    <<<"$found"
  found="$is_network|$is_direction|$is_denied"
  must_be 'network, direction and what is denied' "$network|INGRESS|" "firewall rule $name"
  is="$(sorted "$is_sources")|$(sorted "$is_tags")|$(sorted "$is_rules")"
  wanted="$(sorted "$sources")|$(sorted "$tags")|$(sorted "$rules")"
  if [[ $is == "$wanted" && $is_disabled != True ]]; then
    say_found
    return
  fi
  is_marked ||
    fail "firewall rule $name is there, was not made by create.sh, and lets in something else:" \
      "sources|tags|ports are '$is', the plan needs '$wanted'. Give the plan's rule another name."
  say "is there with other settings: $is"
  run compute firewall-rules update "$name" --rules="$rules" --source-ranges="$sources" \
    --target-tags="$tags" --no-disabled
}

instance() {  # NAME ZONE SUBNET ADDRESS MACHINE_TYPE DISK_GB TAG [FLAG...]
  local name=$1 zone=$2 subnet=$3 address=$4 machine_type=$5 disk_gb=$6 tag=$7
  shift 7
  step "VM $name in $zone"
  if lookup_instance "$name" "$zone"; then
    check_instance "$name" "$zone" "$subnet" "$address"
    say_found
    return
  fi
  [[ -z $address ]] || set -- "$@" --private-network-ip="$address"
  # No service account: Kafka asks nothing of Google, and whoever gets into the VM gets nothing.
  run compute instances create "$name" --zone="$zone" --subnet="$subnet" --tags="$tag" \
    --machine-type="$machine_type" --image-family=debian-12 --image-project=debian-cloud \
    --boot-disk-size="${disk_gb}GB" --no-service-account --no-scopes --description="$mark" "$@"
}

lookup_instance() {  # NAME ZONE
  lookup 'networkInterfaces[0].subnetwork.basename(),networkInterfaces[0].networkIP,tags.items' \
    instances "$1" --zone="$2"
}

# After lookup_instance: the first network interface decides, a port mapping knows no other.
check_instance() {  # NAME ZONE SUBNET ADDRESS
  local is_subnet is_address tags
  IFS='|' read -r is_subnet is_address tags <<<"$found"
  [[ $is_subnet == "$3" ]] ||
    fail "the first network interface of $1 is in subnet $is_subnet, not in $3 (cloud.subnet)"
  [[ -z $4 || $is_address == "$4" ]] ||
    fail "the address of $1 is $is_address, and portway.yaml says $4 (cluster.nodes)"
}

forwarding_rule() {  # NAME NETWORK SUBNET SERVICE GLOBAL_ACCESS ATTACHMENT
  local name=$1 network=$2 subnet=$3 service=$4 wants_global=$5 attachment=$6 is_global
  local -a flags
  step "forwarding rule $name: every TCP port, global access $wants_global"
  if ! lookup 'network.basename(),subnetwork.basename(),backendService.basename(),IPProtocol,'\
'allPorts,loadBalancingScheme,allowGlobalAccess' forwarding-rules "$name" --region="$region"; then
    flags=(--load-balancing-scheme=INTERNAL "--network=$network" "--subnet=$subnet"
      --ip-protocol=TCP --ports=ALL "--backend-service=$service"
      "--backend-service-region=$region" "--description=$mark")
    if [[ $wants_global == on ]]; then flags+=(--allow-global-access); fi
    run compute forwarding-rules create "$name" --region="$region" "${flags[@]}"
    return
  fi
  is_global=off
  if [[ ${found##*|} == True ]]; then is_global=on; fi
  found=${found%|*}
  must_be 'network, subnet, backend service, protocol, all ports and scheme' \
    "$network|$subnet|$service|TCP|True|INTERNAL" "forwarding rule $name"
  say_found
  [[ $is_global != "$wants_global" ]] || return 0
  global_access "$name" "$wants_global" "$attachment"
}

# Consumers in other regions need it on both sides, and Google asks for it before the service is
# published: below an attachment it is changed by hand, in a quiet hour.
global_access() {  # RULE on|off ATTACHMENT
  local flag=--allow-global-access
  if [[ $2 == off ]]; then flag=--no-allow-global-access; fi
  if lookup 'name' service-attachments "$3" --region="$region"; then
    fail "global access of $1 is to be $2, and $3 is published already: connections may break." \
      "Do it when that does no harm, then run this again:" \
      "gcloud compute forwarding-rules update $1 --region=$region --project=$project $flag"
  fi
  run compute forwarding-rules update "$1" --region="$region" "$flag"
}

service_attachment() {  # NAME RULE NAT_SUBNET ACCEPT_LIST
  local name=$1 rule=$2 nat_subnet=$3 accept=$4 is_accept
  local -a update
  step "service attachment $name: accepts $accept"
  if ! lookup 'targetService.basename(),natSubnets.basename(),connectionPreference,'\
'reconcileConnections,enableProxyProtocol' service-attachments "$name" --region="$region"; then
    # ACCEPT_MANUAL with projects only: one list never mixes projects, networks and endpoints.
    # Reconciled: a project that leaves the plan loses its connections with the update that says so,
    # instead of keeping them for as long as it likes.
    # No PROXY protocol: neither the brokers nor portway serve expect its header, and a header that
    # nobody expects is a broken request.
    run compute service-attachments create "$name" --region="$region" \
      --target-service="projects/$project/regions/$region/forwardingRules/$rule" \
      --connection-preference=ACCEPT_MANUAL --consumer-accept-list="$accept" \
      --reconcile-connections --nat-subnets="$nat_subnet" --description="$mark"
    return
  fi
  local is_rule is_subnet is_preference is_reconciled has_header
  IFS='|' read -r is_rule is_subnet is_preference is_reconciled has_header <<<"$found"
  found="$is_rule|$is_subnet|$is_preference"
  must_be 'forwarding rule, NAT subnet and preference' "$rule|$nat_subnet|ACCEPT_MANUAL" \
    "service attachment $name"
  say_found
  update=()
  if [[ $is_reconciled != True ]]; then update+=(--reconcile-connections); fi
  if [[ $has_header == True ]]; then update+=(--no-enable-proxy-protocol); fi
  is_accept=$(accept_list "$name")
  if [[ $(sorted "$is_accept") != "$(sorted "$accept")" ]]; then
    say "accepts something else: $(sorted "$is_accept")"
    update+=("--consumer-accept-list=$accept")
  fi
  if ((${#update[@]} > 0)); then
    run compute service-attachments update "$name" --region="$region" "${update[@]}"
  fi
}

add_backend() {  # SERVICE GROUP FLAG...
  local service=$1 group=$2 is
  shift 2
  step "backend $group of $service"
  is=""
  if lookup 'backends[].group.basename()' backend-services "$service" --region="$region"; then
    is=$found
  fi
  if [[ $is == "$group" ]]; then
    say "is there"
  elif [[ -n $is ]]; then
    fail "backend service $service has the backend $is, and the plan needs $group alone"
  else
    run compute backend-services add-backend "$service" --region="$region" "$@"
  fi
}

# A VM that was there before: the firewall rule finds it by its network tag, which is all that
# changes.
tag_instance() {  # NAME ZONE SUBNET ADDRESS TAG
  step "network tag $5 of VM $1 in $2"
  lookup_instance "$1" "$2" || fail "there is no VM $1 in $2 (cluster.nodes)"
  check_instance "$1" "$2" "$3" "$4"
  if [[ " $(sorted "${found##*|}") " == *" $5 "* ]]; then
    say "is there"
  else
    run compute instances add-tags "$1" --zone="$2" --tags="$5"
  fi
}

# Adds or removes the endpoints of a file, many with one command.
change_endpoints() {  # GROUP add|remove FILE
  local port vm vm_port endpoint
  local -a flags=()
  while IFS=, read -r port vm vm_port; do
    endpoint="client-destination-port=$port,instance=projects/$project/zones/$vm,port=$vm_port"
    flags+=("--$2-endpoint=$endpoint")
    if ((${#flags[@]} == 100)); then
      run compute network-endpoint-groups update "$1" --region="$region" "${flags[@]}"
      flags=()
    fi
  done <"$3"
  if ((${#flags[@]} > 0)); then
    run compute network-endpoint-groups update "$1" --region="$region" "${flags[@]}"
  fi
}
