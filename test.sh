#!/usr/bin/env bash
# Builds Portway twice (g++; clang with sanitizers and libFuzzer) and runs every test.
# Ends with ctest's own summary. Safe to repeat.
set -euo pipefail
PORTWAY_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/setup.sh
. "$PORTWAY_ROOT/tools/setup.sh"
# shellcheck source=tools/fetch.sh
. "$PORTWAY_ROOT/tools/fetch.sh"

KAFKA_VERSIONS=(3.7.1 4.3.0)

usage() {
  cat <<END
usage: ./test.sh [--quick] [--offline] [--fuzz-seconds N] [ctest arguments]

  --quick           unit and style tests only, without sanitizers
  --offline         fetch nothing: tests that need what is not there are skipped by name
  --fuzz-seconds N  how long each fuzz target runs; 15 unless given

Everything else goes to ctest: ./test.sh -R kafka-4.3.0, ./test.sh -L fuzz
END
}

quick=false
offline=false
fuzz_seconds=15
ctest_arguments=()
while (($#)); do
  case $1 in
    --quick) quick=true ;;
    --offline) offline=true ;;
    --fuzz-seconds)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || fail "--fuzz-seconds needs a number; got \"${2:-}\""
      fuzz_seconds=$2
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) ctest_arguments+=("$1") ;;
  esac
  shift
done

# One ctest over several build trees: every test counts in one summary.
write_ctest_tree() {
  local tree
  mkdir -p "$PORTWAY_ROOT/build/all"
  for tree in "$@"; do
    printf 'subdirs("%s")\n' "$PORTWAY_ROOT/build/$tree"
  done >"$PORTWAY_ROOT/build/all/CTestTestfile.cmake"
}

fetch_what_tests_need() {
  local version
  for version in "${KAFKA_VERSIONS[@]}"; do
    step "Fetching Kafka $version with Maven" fetch_kafka "$version"
  done
  step "Fetching librdkafka for Python with pip" fetch_python_clients
  step "Building the sarama clients with Go" fetch_sarama_clients
  step "Fetching checkers of rendered files with pip" fetch_render_checkers
  step "Building Helm's library with Go" fetch_helm_template
}

check_system
trees=(release)
packages=("${PACKAGES_BUILD[@]}" "${PACKAGES_STYLE[@]}")
if $quick; then
  ctest_arguments+=(-L '^(unit|style)$')
else
  trees+=(fuzz)
  packages+=("${PACKAGES_SANITIZERS[@]}" "${PACKAGES_KAFKA[@]}" "${PACKAGES_INTEGRATION[@]}")
fi
install_packages "${packages[@]}"
$quick || $offline || fetch_what_tests_need
step "Building with g++" build_tree release
$quick || step "Building with clang-16, ASan, UBSan and libFuzzer" \
  build_tree fuzz "-DPORTWAY_FUZZ_SECONDS=$fuzz_seconds"
write_ctest_tree "${trees[@]}"

export PORTWAY_CACHE
if [ -d "$PORTWAY_CACHE/messages" ]; then
  export PORTWAY_KAFKA_MESSAGES=$PORTWAY_CACHE/messages  # the conformance tests skip without it
fi
say "Running the tests (ready after $((SECONDS / 60)) min $((SECONDS % 60)) s)"
exec ctest --test-dir "$PORTWAY_ROOT/build/all" --progress --output-on-failure --no-tests=error \
  --parallel "$PORTWAY_JOBS" "${ctest_arguments[@]}"
