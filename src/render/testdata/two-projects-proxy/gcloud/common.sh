# shellcheck shell=bash
# What create.sh, status.sh and teardown.sh of both methods share: they source it. Runs in bash 3.2
# (macOS) and later; needs gcloud, and an account that gcloud has logged in with.

project=my-kafka-project
# shellcheck disable=SC2034  # the scripts that source this use it
region=us-west1
# The description of all that create.sh makes. teardown.sh removes what bears it and nothing else.
mark='Made by Portway (Kafka cluster orders)'

dry_run=false
step_name="start"
scratch=$(mktemp -d)
trap 'at_exit $?' EXIT

at_exit() {
  rm -rf "$scratch"
  if (($1 != 0)) && [[ $step_name != "" ]]; then
    printf 'Stopped at: %s\nRun the same script again when the cause is gone: %s\n' \
      "$step_name" "it goes on where it stopped." >&2
  fi
}

step() {
  step_name=$1
  printf '== %s\n' "$1"
}

say() { printf '   %s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

compute() { gcloud compute "$@" --project="$project" --quiet </dev/null; }

# Shows a command that changes something, and runs it unless this is a dry run.
run() {
  local word quoted="'\\''"
  printf '   $ gcloud'
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:@=,+%-]+$ ]]; then
      printf ' %s' "$word"
    else
      printf " '%s'" "${word//\'/$quoted}"
    fi
  done
  printf ' --project=%s\n' "$project"
  $dry_run || "$@"
}

# lookup FIELDS KIND NAME [FLAG...]: whether there is such a resource. Then `found` has its fields
# with | between them, and `found_mark` its description. Anything else that gcloud says (no
# permission, no login, no network) ends the script: it does not mean that nothing is there.
found=""
found_mark=""
lookup() {
  local fields=$1 kind=$2 name=$3
  shift 3
  # shellcheck disable=SC2086  # a kind may be two words: networks subnets
  if found=$(compute $kind describe "$name" "$@" \
    --format="value[separator='<|>'](description,$fields)" 2>"$scratch/errors"); then
    found_mark=${found%%'<|>'*}
    found=${found#*'<|>'}
    found=${found//'<|>'/|}
    return 0
  fi
  found=""
  found_mark=""
  if grep -q "/$name' was not found" "$scratch/errors"; then
    return 1
  fi
  cat "$scratch/errors" >&2
  fail "cannot find out whether $kind $name is there"
}

is_marked() { [[ $found_mark == "$mark"* ]]; }

# After a lookup that found something: says so.
say_found() {
  if is_marked; then
    say "is there"
  else
    say "is there, and was not made by create.sh: it is used as it is, and teardown.sh keeps it"
  fi
}

# must_be FIELDS WANTED WHAT: ends the script when what is there cannot serve, and cannot be changed
# in place.
must_be() {
  [[ $found == "$2" ]] ||
    fail "$3 is there with other settings: $1 is '$found', and the plan needs '$2'." \
      "Remove or rename it, or change portway.yaml and render again."
}

# A list in one order and one form, to compare: words between commas, semicolons or blanks.
sorted() {
  local IFS=$',; \n'
  # shellcheck disable=SC2086  # a list is to be taken apart
  printf '%s\n' $1 | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//'
}

# The endpoints of a network endpoint group, sorted, one a line, into $scratch/endpoints; none if
# there is no such group (in a dry run).
list_endpoints() {  # GROUP
  : >"$scratch/endpoints"
  if lookup name network-endpoint-groups "$1" --region="$region"; then
    compute network-endpoint-groups list-network-endpoints "$1" --region="$region" \
      --format='csv[no-heading](networkEndpoint.clientDestinationPort,'\
'networkEndpoint.instance.scope(zones),networkEndpoint.port)' |
      LC_ALL=C sort >"$scratch/endpoints"
  fi
}

accept_list() {  # ATTACHMENT
  compute service-attachments describe "$1" --region="$region" --flatten='consumerAcceptLists[]' \
    --format='value[separator="="](consumerAcceptLists.projectIdOrNum,'\
'consumerAcceptLists.connectionLimit)'
}

# What status.sh says.

missing=0

shown() {  # WORD WHAT...: a line of the report; every word but ok counts as missing
  local word=$1
  shift
  printf '%-8s %s\n' "$word" "$*"
  if [[ $word != ok ]]; then missing=$((missing + 1)); fi
}

status_of() {  # KIND NAME [FLAG...]
  if lookup name "$@"; then
    shown ok "$1 $2"
  else
    shown MISSING "$1 $2"
  fi
}
status_of_tag() {  # VM ZONE TAG
  if lookup tags.items instances "$1" --zone="$2" && [[ " $(sorted "$found") " == *" $3 "* ]]; then
    shown ok "network tag $3 of $1"
  else
    shown MISSING "network tag $3 of $1: the firewall rule does not find it"
  fi
}

status_of_attachment() {  # NAME ACCEPT_LIST
  local is
  status_of service-attachments "$1" --region="$region"
  [[ -n $found ]] || return 0
  is=$(sorted "$(accept_list "$1")")
  if [[ $is == "$(sorted "$2")" ]]; then
    shown ok "it accepts $is"
  else
    shown WRONG "it accepts $is, and the plan $(sorted "$2")"
  fi
}

# After list_endpoints: the difference to a file of wanted ones.
show_endpoints() {  # GROUP WANTED
  local port vm vm_port
  LC_ALL=C sort "$2" >"$scratch/sorted"
  while IFS=, read -r port vm vm_port; do
    shown ok "client port $port to ${vm##*/} port $vm_port"
  done < <(LC_ALL=C comm -12 "$scratch/endpoints" "$scratch/sorted")
  while IFS=, read -r port vm vm_port; do
    shown MISSING "client port $port to ${vm##*/} port $vm_port"
  done < <(LC_ALL=C comm -13 "$scratch/endpoints" "$scratch/sorted")
  while IFS=, read -r port vm vm_port; do
    shown WRONG "client port $port to ${vm##*/} port $vm_port is in $1, not in the plan"
  done < <(LC_ALL=C comm -23 "$scratch/endpoints" "$scratch/sorted")
}

# Each endpoint that consumers have connected, and what its status means.
show_connections() {  # ATTACHMENT
  local endpoint status text
  lookup name service-attachments "$1" --region="$region" || return 0
  echo "connected endpoints of $1:"
  compute service-attachments describe "$1" --region="$region" --flatten='connectedEndpoints[]' \
    --format='csv[no-heading,separator="|"](connectedEndpoints.endpoint.scope(projects),'\
'connectedEndpoints.status)' >"$scratch/connections"
  # Where there is none, gcloud writes one line of nothing.
  if ! grep -q '[^|]' "$scratch/connections"; then
    say "none yet. One appears when the changefeed's private endpoint is made."
    return
  fi
  while IFS='|' read -r endpoint status; do
    case $status in
      ACCEPTED) text="accepted. That says nothing of traffic: see 'Test the whole way' in docs/runbook.md." ;;
      PENDING) text="waits for ever: its project is in no consumers of portway.yaml, or has more \
endpoints than connection_limit." ;;
      REJECTED) text="its project is in a reject list, which create.sh never writes." ;;
      NEEDS_ATTENTION) text="most often the NAT subnet has no free address: one an endpoint." ;;
      CLOSED) text="for ever: the attachment was removed. The consumer makes a new endpoint." ;;
      *) text="" ;;
    esac
    printf '   %-15s %s\n                   %s\n' "$status" "$endpoint" "$text"
  done <"$scratch/connections"
}

finish_status() {
  if ((missing == 0)); then
    echo "All is there."
  else
    echo "$missing of these are not as planned: create.sh makes what is missing."
    exit 1
  fi
}

# What teardown.sh does.

remove() {  # KIND NAME [FLAG...]
  step "$1 $2"
  if ! lookup name "$@"; then
    say "is not there"
  elif ! is_marked; then
    say "is kept: create.sh did not make it (its description does not begin with: $mark)"
  else
    delete "$@"
  fi
}

remove_unmarked() {  # KIND NAME [FLAG...]
  step "$1 $2"
  if lookup name "$@"; then
    delete "$@"
  else
    say "is not there"
  fi
}

delete() {  # KIND NAME [FLAG...]
  local kind=$1
  shift
  # shellcheck disable=SC2086  # a kind may be two words
  run compute $kind delete "$@"
}

confirm() {  # WHAT GOES
  local answer
  $is_confirmed && return
  $dry_run && return
  printf '%s\nType the project to go on (%s): ' "$1" "$project"
  read -r answer || true
  [[ $answer == "$project" ]] || fail "nothing was removed"
}

# The command line of all three scripts.

is_confirmed=false
read_arguments() {  # ALLOWED USAGE ARGUMENT...
  local allowed=$1 usage=$2 word
  shift 2
  for word in "$@"; do
    case " $allowed " in *" $word "*) ;; *) word=--help ;; esac
    case $word in
      --dry-run) dry_run=true ;;
      --yes) is_confirmed=true ;;
      *)
        step_name=""
        printf '%s\n' "$usage" >&2
        exit 2
        ;;
    esac
  done
}
