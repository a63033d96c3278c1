# shellcheck shell=bash
# shellcheck disable=SC2034  # the scripts that source this use it
PROJECT=kafka-prod
REGION=us-west1
NETWORK=kafka-vpc
BROKER_SUBNET=brokers
PSC_SUBNET=kafka-psc
PSC_RANGE=10.20.0.0/24
NEG=kafka-neg
BACKEND=kafka-backend
RULE=kafka-rule
ATTACHMENT=kafka-attachment
FIREWALL=kafka-from-psc
SERVICE_PORT=39092
CONSUMER=tidb-consumer=10
ENDPOINTS=(9093:us-west1-a/broker-1 9094:us-west1-b/broker-2 9095:us-west1-c/broker-3)

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
