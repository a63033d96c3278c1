# shellcheck shell=bash
# What run.sh and test.sh share: telling what happens, and making a Debian 12 machine ready.
# Sourced, with PORTWAY_ROOT set to the project's folder.

PORTWAY_CACHE=${PORTWAY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/portway}
PORTWAY_JOBS=${PORTWAY_JOBS:-$(nproc)}
LOGS=$PORTWAY_ROOT/build/logs
LOG_TAIL_LINES=40
HEARTBEAT_SECONDS=60

export CCACHE_BASEDIR=$PORTWAY_ROOT CCACHE_NOHASHDIR=1  # a fresh checkout finds what another built

# Debian packages, by what they are for.
# shellcheck disable=SC2034  # used by the scripts that source this
{
  PACKAGES_BUILD=(
    g++ cmake ninja-build ccache pkg-config python3 ca-certificates
    libfmt-dev libexpected-dev libspdlog-dev libcli11-dev libyaml-cpp-dev nlohmann-json3-dev
    libssl-dev libkainjow-mustache-dev libcpp-httplib-dev prometheus-cpp-dev librdkafka-dev
    libgtest-dev libgmock-dev librapidcheck-dev
  )
  PACKAGES_STYLE=(clang-format-16 shellcheck)
  PACKAGES_SANITIZERS=(clang-16 libclang-rt-16-dev llvm-16)
  PACKAGES_KAFKA=(openjdk-17-jre-headless maven)
  PACKAGES_INTEGRATION=(python3-venv iproute2 util-linux procps openssl graphviz)
}

say() { printf '%s\n' "== $*"; }

fail() {
  printf '%s\n' "error: $*" >&2
  exit 1
}

# step TITLE COMMAND...: runs the command with its output in a log file. Silent but for the title
# and a sign of life; if it fails, shows the end of the log and ends the script.
step() {
  local title=$1 log started=$SECONDS next_sign=$HEARTBEAT_SECONDS pid elapsed status=0
  shift
  mkdir -p "$LOGS"
  log=$LOGS/$(printf '%s' "${title:0:60}" | tr -cs 'a-zA-Z0-9.' -).log
  say "$title"
  ("$@") >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    elapsed=$((SECONDS - started))
    if [ -t 1 ]; then
      printf '\r\033[K   %3d s  %s' "$elapsed" "$(tail -n 1 "$log" | cut -c1-80)"
    elif ((elapsed >= next_sign)); then
      printf '   %3d s  %s\n' "$elapsed" "$(tail -n 1 "$log" | cut -c1-100)"
      next_sign=$((elapsed + HEARTBEAT_SECONDS))
    fi
    sleep 0.2
  done
  [ ! -t 1 ] || printf '\r\033[K'
  wait "$pid" || status=$?
  if ((status != 0)); then
    tail -n "$LOG_TAIL_LINES" "$log" >&2
    fail "\"$title\" failed with status $status; all of its output: $log"
  fi
}

check_system() {
  local id='' version=''
  [ "$(uname -s)" = Linux ] || fail "Portway runs on Linux; this is $(uname -s)"
  case $(uname -m) in
    x86_64 | aarch64) ;;
    *) fail "Portway is built for x86_64 and aarch64; this machine is $(uname -m)" ;;
  esac
  if [ -r /etc/os-release ]; then
    id=$(. /etc/os-release && printf '%s' "${ID:-}")
    version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
  fi
  [ "$id $version" = "debian 12" ] ||
    fail "these scripts set up Debian 12; this is ${id:-an unknown system} ${version}." \
      "Elsewhere: install what tools/setup.sh lists, then cmake --preset release"
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

# install_packages PACKAGE...: those that are missing.
install_packages() {
  local package missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "as root, install first: apt-get install ${missing[*]} (there is no sudo here)"
    sudo -v || fail "sudo is needed to install: ${missing[*]}"
  fi
  step "Installing from Debian: ${missing[*]}" apt_install "${missing[@]}"
}

# build_tree PRESET [cmake arguments] [-- TARGET...]: configures and builds build/PRESET.
build_tree() {
  local preset=$1 arguments=()
  shift
  while (($#)) && [ "$1" != -- ]; do
    arguments+=("$1")
    shift
  done
  (($#)) && shift
  cd "$PORTWAY_ROOT" || return
  cmake --preset "$preset" "${arguments[@]}" &&
    cmake --build --preset "$preset" --parallel "$PORTWAY_JOBS" ${1:+--target "$@"}
}
