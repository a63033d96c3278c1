#!/usr/bin/env bash
# Builds Portway and shows it at work. Safe to repeat.
set -euo pipefail
PORTWAY_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/setup.sh
. "$PORTWAY_ROOT/tools/setup.sh"

usage() {
  cat <<END
usage: ./run.sh                            three embedded brokers, Portway, and a client
       ./run.sh --kafka VERSION [--keep]   the same on a real three-node Kafka cluster
       ./run.sh --stop                     stops what --keep left running

VERSION is a release of Apache Kafka with KRaft, such as 3.7.1 or 4.3.0.
END
}

kafka_version=''
keep=()
stop=false
while (($#)); do
  case $1 in
    --kafka)
      [[ ${2:-} =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
        fail "--kafka needs a version such as 4.3.0; got \"${2:-}\""
      kafka_version=$2
      shift
      ;;
    --keep) keep=(--keep) ;;
    --stop) stop=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      fail "unknown argument \"$1\""
      ;;
  esac
  shift
done
((${#keep[@]} == 0)) || [ -n "$kafka_version" ] || fail "--keep goes with --kafka VERSION"

portway=$PORTWAY_ROOT/build/release/src/app/portway
real_kafka=$PORTWAY_ROOT/tools/kafka/real_kafka.py

if $stop; then
  exec python3 -B "$real_kafka" stop --cache "$PORTWAY_CACHE"
fi
check_system
install_packages "${PACKAGES_BUILD[@]}"
[ -z "$kafka_version" ] || install_packages "${PACKAGES_KAFKA[@]}"
step "Building Portway" build_tree release -- portway
if [ -z "$kafka_version" ]; then
  say "Running: portway demo"
  exec "$portway" demo
fi
# shellcheck source=tools/fetch.sh
. "$PORTWAY_ROOT/tools/fetch.sh"
step "Fetching Kafka $kafka_version with Maven" fetch_kafka "$kafka_version"
exec python3 -B "$real_kafka" run --cache "$PORTWAY_CACHE" --portway "$portway" \
  --version "$kafka_version" "${keep[@]}"
