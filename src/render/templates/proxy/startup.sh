#!/usr/bin/env bash
# Start-up script of a proxy VM: installs portway, its unit and its portway.yaml, and starts it. It
# runs at every boot and does what is left to do; run again by hand, as root, it does no harm. It
# needs nothing but Debian 12 and the address of the executable.
#
# A VM is not changed by hand: a changed plan is another instance template, and the group replaces
# its VMs one after the other.
set -euo pipefail

binary={{binary}}
sha256={{binary_sha256}}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
changed=false

say() { printf 'portway start-up: %s\n' "$*"; }

# Puts a file into place as a whole, if it is another than the one there.
place() {  # FROM TO MODE
  cmp --silent "$1" "$2" && return
  install -D --mode="$3" "$1" "$2.new"
  mv "$2.new" "$2"
  changed=true
  say "$2 is new"
}

is_expected() {  # FILE
  [[ -s $1 ]] || return 1
  [[ -z $sha256 ]] || sha256sum --check --status <<<"$sha256  $1"
}

download() {  # TO
{{#is_binary_in_storage}}
  gcloud storage cp "$binary" "$1"
{{/is_binary_in_storage}}
{{^is_binary_in_storage}}
  curl --fail --location --silent --show-error --proto '=https' --output "$1" "$binary"
{{/is_binary_in_storage}}
}

# The address of an executable names its version: one that is there is not fetched again.
install_executable() {
  local attempt
  is_expected /usr/local/bin/portway && return
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    if download "$scratch/portway"; then
      is_expected "$scratch/portway" || {
        say "$binary is not the file whose SHA-256 is $sha256: it is not installed"
        exit 1
      }
      place "$scratch/portway" /usr/local/bin/portway 0755
      return
    fi
    say "attempt $attempt to fetch $binary failed"
    sleep 5
  done
  exit 1  # the liveness check then has the VM made anew
}

install_executable

cat >"$scratch/portway.yaml" <<'END_OF_PORTWAY_YAML'
{{{configuration}}}END_OF_PORTWAY_YAML
place "$scratch/portway.yaml" /etc/portway/portway.yaml 0644

cat >"$scratch/portway.service" <<'END_OF_PORTWAY_SERVICE'
{{{unit}}}END_OF_PORTWAY_SERVICE
place "$scratch/portway.service" /etc/systemd/system/portway.service 0644

# Large bodies move through pipes of 1 MiB, up to 64 a worker; Linux gives a user 64 MiB of pipes
# and makes all beyond tiny. 0: no limit.
sysctl --quiet --write fs.pipe-user-pages-soft=0 || say "pipes stay limited: large bodies cost more"

systemctl daemon-reload
systemctl enable portway.service
if $changed; then
  systemctl restart portway.service
else
  systemctl start portway.service
fi
say "portway runs: journalctl -u portway"
