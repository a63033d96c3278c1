"""Kafka nodes as rendered files see them: a network namespace and a folder each, reached by a
command in place of SSH, with Kafka's classes behind scripts of the names that a release has."""

import os
import pathlib
import shlex
import socket
import subprocess
import sys
import tarfile
import threading
import uuid

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "tools" / "kafka"), str(PROJECT / "test" / "integration")]

import java_tools  # noqa: E402
import namespaces  # noqa: E402
import wire  # noqa: E402
from cluster import JAVA_OPTIONS, random_uuid  # noqa: E402
from waiting import wait_until  # noqa: E402

HEAP_MB = 300
TOOL_HEAP_MB = 96
START_SECONDS = 120
BRIDGE_ADDRESS = "10.64.0.1"  # of this end of the nodes' network, where the endpoint stands too
PROGRAMS = {  # of a release's bin folder -> tool of java_tools, or class
    "kafka-server-start.sh": "kafka.Kafka", "kafka-storage.sh": "kafka.tools.StorageTool",
    "kafka-topics.sh": "topics", "kafka-broker-api-versions.sh": "api-versions",
    "kafka-console-producer.sh": "producer", "kafka-console-consumer.sh": "consumer",
    "kafka-metadata-quorum.sh": "quorum",
    "kafka-get-offsets.sh": "org.apache.kafka.tools.GetOffsetShell",
    "kafka-configs.sh": "configs",
    "kafka-verifiable-producer.sh": "org.apache.kafka.tools.VerifiableProducer"}
LOG_TO_STDERR = """status=error
appender.stderr.type=Console
appender.stderr.name=STDERR
appender.stderr.target=SYSTEM_ERR
rootLogger.level=warn
rootLogger.appenderRef.stderr.ref=STDERR
"""


def release_of(version: str) -> tuple:
    return tuple(int(part) for part in version.split("."))


def make_archive(place: pathlib.Path, version: str, libs: str):
    """kafka_2.13-VERSION.tgz with the programs that rendered scripts call, and its checksum in
    the form in which Apache has it."""
    name = f"kafka_2.13-{version}"
    programs = place / "release" / name / "bin"
    programs.mkdir(parents=True)
    (programs.parent / "log.properties").write_text(LOG_TO_STDERR, "utf-8")
    for program, tool in PROGRAMS.items():
        main_class = tool if "." in tool else java_tools.java_class(tool, release_of(version))
        heap = HEAP_MB if main_class == "kafka.Kafka" else TOOL_HEAP_MB
        (programs / program).write_text(
            "#!/bin/sh\n"
            f"exec java -Xmx{heap}m {' '.join(JAVA_OPTIONS)} "
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn "
            "-Dlog4j2.configurationFile=\"$(dirname \"$0\")/../log.properties\" "
            f"-cp {shlex.quote(libs + '/*')} {main_class} \"$@\"\n", "utf-8")
        (programs / program).chmod(0o755)
    archive = place / f"{name}.tgz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(programs.parent, name)
    digest = subprocess.run(["sha512sum", archive], capture_output=True, text=True,
                            check=True).stdout.split()[0].upper()
    groups = [digest[at:at + 8] for at in range(0, len(digest), 8)]
    lines = [" ".join(groups[at:at + 4]) for at in range(0, len(groups), 4)]
    archive.with_name(archive.name + ".sha512").write_text(
        f"{name}.tgz: " + "\n        ".join(lines) + "\n", "utf-8")
    return archive


class Nodes:
    """`addresses`: instance -> address. Ends with the process that made it (see run_inside)."""

    def __init__(self, directory: pathlib.Path, addresses: dict):
        self.directory = directory
        self.addresses = addresses
        self.places = {}
        here = namespaces.Namespace(os.getpid())
        for command in ("ip link set lo up", "ip link add lan0 type bridge",
                        "ip link set lan0 up", f"ip address add {BRIDGE_ADDRESS}/24 dev lan0"):
            subprocess.run(command.split(), check=True)
        for number, (instance, address) in enumerate(addresses.items()):
            place = self.places[instance] = namespaces.Namespace.create()
            namespaces.join(place, "lan", here, f"node{number}")
            place.add_address("lan", f"{address}/24")
            here.run("ip", "link", "set", f"node{number}", "master", "lan0")
            (directory / instance).mkdir()
        self._write_hooks()

    def _write_hooks(self):
        """Programs for ON_NODE and COPY_TO_NODE of nodes.sh."""
        holders = " ".join(f"[{instance}]={place.holder_pid}"
                           for instance, place in self.places.items())
        folder = shlex.quote(str(self.directory))
        self._write("on_node", f"""declare -A holder=({holders})
cd {folder}/"$1"
exec nsenter "--net=/proc/${{holder[$1]}}/ns/net" -- env -i "PATH=$PATH" bash -c "$2"
""")
        self._write("copy_to_node", f"""target={folder}/$1/$2
shift 2
exec cp -r -- "$@" "$target/"
""")

    def _write(self, name: str, body: str):
        path = self.directory / name
        path.write_text(f"#!/bin/bash\nset -euo pipefail\n{body}", "utf-8")
        path.chmod(0o755)

    def environment(self, version: str) -> dict:
        """For rendered scripts: everything of a node is in its own folder, nothing needs root."""
        base = f"KAFKA_BASE=$PWD KAFKA_USER={shlex.quote(os.environ.get('USER') or 'root')}"
        here = "KAFKA_BASE=$PWD KAFKA_DATA_DIR=$PWD/data START_SECONDS=1"
        start = f"{here} ./start.sh"
        return {**os.environ, "ON_NODE": str(self.directory / "on_node"),
                "COPY_TO_NODE": str(self.directory / "copy_to_node"), "SUDO": "",
                "INSTALL": f"{base} KAFKA_DATA_DIR=$PWD/data portway-kafka/install.sh",
                "START": start, "RESTART": f"{here} ./stop.sh && {start}",
                "KAFKA_HOME": f"./kafka_2.13-{version}",
                "KAFKA_CONFIG": "config/server.properties"}

    def run(self, instance: str, command: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.directory / "on_node", instance, command],
                              capture_output=True, text=True, check=False)

    def brokers_at(self, address: str, port: int) -> dict:
        """What the listener tells its clients: broker id -> (host, port)."""
        with wire.Connection(address, port, timeout=5) as connection:
            return wire.metadata(connection, ()).brokers

    def wait_for_brokers(self, instances, port: int, expected: dict):
        for instance in instances:
            wait_until(lambda instance=instance:
                       self.brokers_at(self.addresses[instance], port) == expected,
                       f"{instance}, port {port}, to say {expected}; "
                       f"its log: {self.directory / instance / 'log' / 'server.out'}",
                       START_SECONDS)


class Endpoint:
    """A private endpoint with its port mapping: each port of `targets` (port -> (address, port))
    leads to one listener, and `names` lead to the endpoint."""

    def __init__(self, hosts: pathlib.Path, names, targets: dict):
        hosts.write_text("127.0.0.1 localhost\n"
                         + "".join(f"{BRIDGE_ADDRESS} {name}\n" for name in names), "utf-8")
        for port, target in targets.items():
            listener = socket.create_server((BRIDGE_ADDRESS, port))
            threading.Thread(target=self._accept, args=(listener, target), daemon=True).start()

    def _accept(self, listener, target):
        while True:
            client, _ = listener.accept()
            broker = socket.create_connection(target)
            for source, sink in ((client, broker), (broker, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()


def new_cluster_id() -> str:
    return random_uuid()


def unique(what: str) -> str:
    return f"{what}-{uuid.uuid4().hex[:8]}"
