# shellcheck shell=bash
# shellcheck disable=SC2034  # the scripts that source this use it
PROJECT=kafka-prod
REGION=us-west1
NETWORK=kafka-vpc
BROKER_SUBNET=brokers
PSC_SUBNET=proxy-psc
PSC_RANGE=10.20.0.0/24
BACKEND=proxy-backend
RULE=proxy-rule
ATTACHMENT=proxy-attachment
FIREWALL=proxy-from-psc
PROBE_FIREWALL=proxy-from-probes
PROBE_RANGES=35.191.0.0/16,130.211.0.0/22
TEMPLATE=proxy-template
GROUP=proxy-group
CHECK=proxy-ready
ADDRESS=proxy-address
PORTS=tcp:9092-9102
CONSUMER=tidb-consumer=10

compute() { gcloud compute --quiet --project="$PROJECT" "$@"; }

# What gcloud says to a describe of something that is not there is no error here; all else is.
exists() {
  local output
  if output=$(compute "$@" --format='value(name)' 2>&1); then
    return 0
  fi
  case $output in
    *"was not found"*) return 1 ;;
  esac
  printf '%s\n' "$output" >&2
  exit 1
}
