#!/usr/bin/env bash
# Installs Kafka 3.7.1 and a Java for it; made by portway render scripts. Safe to repeat: what
# is there already is left alone.
set -euo pipefail

usage() {
  cat <<END
usage: install.sh [--tools | --download]

Without an option, on a Kafka node: Java, Kafka, the user kafka, server.properties (from beside this
script) as ~/config/server.properties, start.sh, stop.sh and the systemd unit kafka.service. Nothing
is started. A server.properties that is there and differs stays as server.properties.before-portway.

  --tools      only Java and Kafka's own tools, for a host that is no Kafka node
  --download   only fetch into this script's folder what a host without internet access needs:
               Kafka, its checksum, and Debian's packages of Java (for that, run it before Java is
               installed on this host)

Files beside this script are used before anything is fetched.

Environment, with defaults:
  KAFKA_BASE=/opt/kafka    where everything goes; home of the user kafka
  KAFKA_USER=kafka         who runs Kafka. Without root it must be you, and no unit is installed
  KAFKA_DATA_DIR=/var/lib/kafka/data   log.dirs of server.properties
  KAFKA_URL=https://archive.apache.org/dist/kafka/3.7.1/kafka_2.13-3.7.1.tgz
  KAFKA_SHA512=            the archive's checksum, 128 hexadecimal digits. Unless given, it is what
                           the release has beside the archive: proof against a broken download, not
                           against a release that was tampered with. Pin it once you have checked
                           the release's signature

Exit codes: 0 done, or there already; 1 failed; 2 usage.
END
}

KAFKA_VERSION=3.7.1
NAME=kafka_2.13-$KAFKA_VERSION
KAFKA_BASE=${KAFKA_BASE:-/opt/kafka}
KAFKA_USER=${KAFKA_USER:-kafka}
KAFKA_DATA_DIR=${KAFKA_DATA_DIR:-/var/lib/kafka/data}
KAFKA_URL=${KAFKA_URL:-https://archive.apache.org/dist/kafka/3.7.1/kafka_2.13-3.7.1.tgz}
KAFKA_SHA512=${KAFKA_SHA512:-}
JAVA_PACKAGE=openjdk-17-jre-headless  # Debian 12's, with security updates; Kafka 4 needs 17
JAVA_MIN=17
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf '%s\n' "== $*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

java_major() {
  local text
  text=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1) || return
  [[ $text =~ version\ \"([0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"
}

fetch() {  # URL FILE: whole or not at all
  say "Fetching $1"
  curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$2.part" "$1" ||
    fail "$1 could not be fetched; on a host without internet access, copy $(basename "$2") here"
  mv "$2.part" "$2"
}

# The archive in $HERE, with the right checksum.
provide_archive() {
  local archive=$HERE/$NAME.tgz expected actual
  [ -e "$archive" ] || fetch "$KAFKA_URL" "$archive"
  expected=${KAFKA_SHA512,,}
  if [ -z "$expected" ]; then
    [ -e "$archive.sha512" ] || fetch "$KAFKA_URL.sha512" "$archive.sha512"
    # "NAME: 0123 4567 ..." over several lines, or "0123... NAME"
    expected=$(tr -d '\r\n' <"$archive.sha512" | sed "s/$NAME\.tgz//" | tr -cd '[:xdigit:]')
    expected=${expected,,}
  fi
  [[ $expected =~ ^[0-9a-f]{128}$ ]] || fail "\"$expected\" is no SHA-512 of 128 hexadecimal digits"
  actual=$(sha512sum "$archive" | cut -d' ' -f1)
  [ "$actual" = "$expected" ] ||
    fail "$archive has the SHA-512 $actual, not $expected; delete it and run this again"
}

download() {
  provide_archive
  if compgen -G "$HERE/debs/*.deb" >/dev/null; then return; fi
  say "Fetching Debian's $JAVA_PACKAGE"
  mkdir -p "$HERE/debs/partial"
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends --download-only \
    -o "Dir::Cache::archives=$HERE/debs" "$JAVA_PACKAGE"
  compgen -G "$HERE/debs/*.deb" >/dev/null ||
    fail "Java is installed here, so apt fetches none of it; run this on a host without, or give" \
      "the nodes access to Debian's servers"
}

install_java() {
  local major
  major=$(java_major || true)
  if [ "${major:-0}" -ge "$JAVA_MIN" ]; then
    say "Java $major is there"
    return
  fi
  say "Installing $JAVA_PACKAGE"
  if compgen -G "$HERE/debs/*.deb" >/dev/null; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-download \
      --no-install-recommends "$HERE"/debs/*.deb
  else
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      "$JAVA_PACKAGE"
  fi
}

install_kafka() {
  local scratch
  if [ -x "$KAFKA_BASE/$NAME/bin/kafka-server-start.sh" ]; then
    say "$KAFKA_BASE/$NAME is there"
    return
  fi
  provide_archive
  say "Installing $KAFKA_BASE/$NAME"
  mkdir -p "$KAFKA_BASE"
  scratch=$(mktemp -d "$KAFKA_BASE/unpack.XXXXXX")
  tar --extract --gzip --no-same-owner --directory "$scratch" --file "$HERE/$NAME.tgz"
  mv "$scratch/$NAME" "$KAFKA_BASE/$NAME"
  rmdir "$scratch"
}

make_user() {
  if id "$KAFKA_USER" >/dev/null 2>&1; then return; fi
  say "Making the user $KAFKA_USER"
  useradd --system --user-group --home-dir "$KAFKA_BASE" --shell /usr/sbin/nologin "$KAFKA_USER"
}

# Files and folders of the user that runs Kafka; the programs belong to who installs.
place_files() {
  local owner=() config=$KAFKA_BASE/config
  if ((EUID == 0)); then owner=(--owner "$KAFKA_USER" --group "$KAFKA_USER"); fi
  install --directory --mode 0750 "${owner[@]}" "$config" "$config/secrets" "$config/tls" \
    "$KAFKA_BASE/log" "$KAFKA_BASE/state" "$KAFKA_DATA_DIR"
  install --mode 0755 "$HERE/start.sh" "$HERE/stop.sh" "$KAFKA_BASE/"
  [ -e "$HERE/server.properties" ] || fail "$HERE/server.properties is missing"
  if cmp -s "$HERE/server.properties" "$config/server.properties"; then return; fi
  if [ -e "$config/server.properties" ]; then
    say "Replacing $config/server.properties, which counts from the next restart on"
    cp -p "$config/server.properties" "$config/server.properties.before-portway"
  fi
  install --mode 0640 "${owner[@]}" "$HERE/server.properties" "$config/server.properties"
}

# Google's network forgets a connection that was idle for 10 minutes; Kafka's sockets have
# keep-alive on, whose first probe Linux sends after two hours.
install_unit() {
  printf '%s\n' '# Kafka behind Private Service Connect: see install.sh of portway.' \
    'net.ipv4.tcp_keepalive_time = 60' 'net.ipv4.tcp_keepalive_intvl = 60' \
    'net.ipv4.tcp_keepalive_probes = 5' >/etc/sysctl.d/60-kafka-keepalive.conf
  sysctl --quiet --load=/etc/sysctl.d/60-kafka-keepalive.conf
  install --mode 0644 "$HERE/kafka.service" /etc/systemd/system/kafka.service
  systemctl daemon-reload
  systemctl enable --quiet kafka.service
  say "Installed: systemctl start kafka"
}

install_node() {
  if ((EUID != 0)) && [ "$KAFKA_USER" != "$(id -un)" ]; then
    fail "run this as root, or with KAFKA_USER=$(id -un) and a KAFKA_BASE of your own"
  fi
  install_java
  if ((EUID == 0)); then make_user; fi
  install_kafka
  place_files
  if ((EUID != 0)); then
    say "Installed without root, so without a systemd unit: $KAFKA_BASE/start.sh"
  elif [ "$KAFKA_BASE $KAFKA_USER" != "/opt/kafka kafka" ]; then
    say "Installed. kafka.service is for /opt/kafka and the user kafka: without a unit here"
  else
    install_unit
  fi
}

case ${1:-}/$# in
  /0) install_node ;;
  --tools/1)
    install_java
    install_kafka
    ;;
  --download/1) download ;;
  -h/1 | --help/1) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
