#!/usr/bin/env bash
# Start-up script of a proxy VM: installs portway, its unit and its portway.yaml, and starts it. It
# runs at every boot and does what is left to do; run again by hand, as root, it does no harm. It
# needs nothing but Debian 12 and the address of the executable.
#
# A VM is not changed by hand: a changed plan is another instance template, and the group replaces
# its VMs one after the other.
set -euo pipefail

binary=gs://my-kafka-project-portway/portway-0.1.0
sha256=''
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
  gcloud storage cp "$binary" "$1"
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
# What portway serve needs of the plan, on each VM of the fleet. Rendered: change the
# plan's own portway.yaml, render again, and let the instance group replace its VMs.
cluster:
  name: "orders"
  bootstrap: ["10.64.0.2:9092", "10.64.0.3:9092", "10.64.0.4:9092"]

external_listeners:
  - name: "EXTERNAL"
    advertise: "b{id}.abc.us-west1.gcp.3199745.tidbcloud.com"
    ports: {first: 9092, ids: 1-64}
  - name: "EXTERNAL2"
    advertise: "b{id}.def.us-west1.gcp.3199745.tidbcloud.com"
    ports: {first: 9192, ids: 1-64}

serve:
  admin: "0.0.0.0:9080"
END_OF_PORTWAY_YAML
place "$scratch/portway.yaml" /etc/portway/portway.yaml 0644

cat >"$scratch/portway.service" <<'END_OF_PORTWAY_SERVICE'
[Unit]
Description=Portway, one private address for a Kafka cluster
After=network-online.target
Wants=network-online.target
# Tried again for as long as it takes: brokers may come later than proxies.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=/usr/local/bin/portway serve -c /etc/portway/portway.yaml
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=1
# serve.drain_notice and serve.drain_timeout are 35 s together; then it is killed.
TimeoutStopSec=45

# Limits. Descriptors: two a connection of serve.connections_max, a listener for each port and
# worker, pipes and the rest.
LimitNOFILE=37408
LimitCORE=0
TasksMax=1024

# A user of its own, which exists while it runs, and nothing of the system to write to.
DynamicUser=yes
User=portway
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
CapabilityBoundingSet=
PrivateUsers=yes
# Kafka; and what names are resolved through.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK

[Install]
WantedBy=multi-user.target
END_OF_PORTWAY_SERVICE
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
