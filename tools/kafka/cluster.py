"""Real Kafka brokers in KRaft mode, as child processes: configuration, formatting, start,
readiness by protocol, stop. Knows no more processes than those it started."""

import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import uuid
from dataclasses import dataclass, field

import wire
from waiting import wait_until

BROKER_PORT = 9092
CONTROLLER_PORT = 29092
HEAP_MB = 320
START_SECONDS = 120
STOP_SECONDS = 30

JAVA_OPTIONS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                "-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true"]

SETTINGS = """
offsets.topic.num.partitions=3
offsets.topic.replication.factor=3
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=2
num.replica.fetchers=1
log.cleaner.dedupe.buffer.size=4194304
log.segment.bytes=16777216
controlled.shutdown.enable=true
"""
SHARE_SETTINGS = """
share.coordinator.state.topic.num.partitions=3
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
"""
FIRST_RELEASE_WITH_SHARE_GROUPS = (4, 1)


def random_uuid() -> str:
    """As Kafka writes ids: 22 characters of base64url; a leading dash would look like an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


@dataclass(frozen=True)
class Sasl:
    """One user, for clients and brokers alike."""
    user: str = "portway"
    password: str = "portway-secret"

    def jaas(self) -> str:
        return ("org.apache.kafka.common.security.plain.PlainLoginModule required "
                f'username="{self.user}" password="{self.password}" '
                f'user_{self.user}="{self.password}";')


@dataclass
class Node:
    node_id: int
    host: str
    port: int = BROKER_PORT
    controller: tuple | None = None  # (host, port); None: a broker only


@dataclass
class Cluster:
    """`prefix` goes before each broker's command line (to enter a network namespace, say), and
    `connect` reaches the brokers from here."""
    version: str
    libs: str        # folder of jars
    directory: str   # of this cluster alone
    voters: list     # the Nodes with controllers
    prefix: list = field(default_factory=list)
    sasl: Sasl | None = None
    cluster_id: str = field(default_factory=random_uuid)
    connect: object = socket.create_connection
    processes: dict = field(default_factory=dict)  # node id -> Popen

    # Life.

    def start(self, detached: bool = False):
        """`detached`: the brokers outlive the terminal."""
        self.format_template()
        for node in self.voters:
            self.start_node(node, detached)
        self.wait_ready(self.voters)

    def stop(self):
        for node_id in list(self.processes):
            self.stop_node(node_id, wait=False)
        for process in self.processes.values():
            self._reap(process)
        self.processes.clear()

    def stop_at_once(self):
        """For a cluster that nobody needs any more."""
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.processes.clear()

    def start_node(self, node: Node, detached: bool = False):
        """A node that was there before keeps its data."""
        place = self._place(node.node_id)
        place.mkdir(parents=True, exist_ok=True)
        config = place / "server.properties"
        config.write_text(self.properties(node), encoding="utf-8")
        if not (place / "data").exists():
            self._copy_template(node)
        with open(place / "broker.log", "ab") as log:
            self.processes[node.node_id] = subprocess.Popen(
                [*self.prefix, *self.java("kafka.Kafka", HEAP_MB), str(config)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=place,
                start_new_session=detached)

    def stop_node(self, node_id: int, wait: bool = True, how: int = signal.SIGTERM):
        process = self.processes[node_id]
        if process.poll() is None:
            process.send_signal(how)
        if wait:
            self._reap(process)
            del self.processes[node_id]

    def _reap(self, process):
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    # Readiness.

    def metadata_from(self, node: Node, topics=()) -> wire.Metadata:
        with wire.Connection(node.host, node.port, self.connect, timeout=5) as connection:
            if self.sasl:
                connection.authenticate_plain(self.sasl.user, self.sasl.password)
            return wire.metadata(connection, topics)

    def wait_ready(self, nodes, seconds: float = START_SECONDS):
        """Until every one of `nodes` is registered, unfenced and known to every other."""
        expected = {node.node_id: (node.host, node.port) for node in nodes}

        def known_by(node):
            self._check_alive(node)
            brokers = self.metadata_from(node).brokers
            return all(brokers.get(node_id) == place for node_id, place in expected.items())

        for node in nodes:
            wait_until(lambda node=node: known_by(node),
                       f"broker {node.node_id} at {node.host}:{node.port} to know {expected}; "
                       f"its log: {self._place(node.node_id) / 'broker.log'}", seconds)

    def _check_alive(self, node):
        process = self.processes.get(node.node_id)
        if process and process.poll() is not None:
            log = self._place(node.node_id) / "broker.log"
            end = log.read_text(encoding="utf-8", errors="replace")[-3000:]
            raise RuntimeError(f"broker {node.node_id} ended with {process.returncode}; "
                               f"{log} ends with:\n{end}")

    # Files.

    def _place(self, node_id: int) -> pathlib.Path:
        return pathlib.Path(self.directory) / f"node{node_id}"

    def java(self, main_class: str, heap_mb: int = 128) -> list:
        log_config = pathlib.Path(__file__).with_name("log4j2.properties")
        return ["java", f"-Xmx{heap_mb}m", *JAVA_OPTIONS,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                f"-Dlog4j2.configurationFile={log_config}",
                "-cp", f"{self.libs}/*", main_class]

    def properties(self, node: Node) -> str:
        protocol = "SASL_PLAINTEXT" if self.sasl else "PLAINTEXT"
        voters = ",".join(f"{voter.node_id}@{voter.controller[0]}:{voter.controller[1]}"
                          for voter in self.voters)
        listeners = f"INTERNAL://{node.host}:{node.port}"
        roles = "broker"
        if node.controller:
            listeners += f",CONTROLLER://{node.controller[0]}:{node.controller[1]}"
            roles = "broker,controller"
        text = f"""process.roles={roles}
node.id={node.node_id}
controller.quorum.voters={voters}
controller.listener.names=CONTROLLER
listeners={listeners}
advertised.listeners=INTERNAL://{node.host}:{node.port}
inter.broker.listener.name=INTERNAL
listener.security.protocol.map=INTERNAL:{protocol},CONTROLLER:PLAINTEXT
log.dirs={self._place(node.node_id) / "data"}
{SETTINGS}"""
        if tuple(int(part) for part in self.version.split(".")[:2]) >= \
                FIRST_RELEASE_WITH_SHARE_GROUPS:
            text += SHARE_SETTINGS
        if self.sasl:
            text += f"""sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.internal.plain.sasl.jaas.config={self.sasl.jaas()}
"""
        return text

    def format_template(self):
        """Formats one node's storage; the others get a copy with their own ids, which spares a
        Java start for each."""
        node = self.voters[0]
        place = self._place(node.node_id)
        place.mkdir(parents=True)
        config = place / "server.properties"
        config.write_text(self.properties(node), encoding="utf-8")
        result = subprocess.run(
            [*self.java("kafka.tools.StorageTool"), "format", "-t", self.cluster_id,
             "-c", str(config)], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise RuntimeError(f"kafka-storage format of {config} failed:\n"
                               f"{result.stdout}{result.stderr}")
        shutil.copytree(place / "data", self._template())

    def _template(self) -> pathlib.Path:
        return pathlib.Path(self.directory) / "formatted"

    def _copy_template(self, node: Node):
        data = self._place(node.node_id) / "data"
        shutil.copytree(self._template(), data)
        (data / "meta.properties").write_text(
            f"version=1\ncluster.id={self.cluster_id}\nnode.id={node.node_id}\n"
            f"directory.id={random_uuid()}\n", encoding="utf-8")

    # Handing a running cluster to another process.

    def save(self, path):
        state = {"version": self.version, "libs": self.libs, "directory": self.directory,
                 "cluster_id": self.cluster_id, "prefix": self.prefix,
                 "sasl": [self.sasl.user, self.sasl.password] if self.sasl else None,
                 "voters": [[node.node_id, node.host, node.port, node.controller]
                            for node in self.voters]}
        pathlib.Path(path).write_text(json.dumps(state), encoding="utf-8")

    @classmethod
    def load(cls, path, connect=socket.create_connection) -> "Cluster":
        """The brokers that run belong to whoever started them; new ones to the caller."""
        state = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        voters = [Node(node_id, host, port, tuple(controller))
                  for node_id, host, port, controller in state.pop("voters")]
        sasl = state.pop("sasl")
        return cls(**state, voters=voters, sasl=Sasl(*sasl) if sasl else None, connect=connect)


def libs_in_cache(cache: str, version: str) -> str | None:
    """The folder of jars that tools/fetch.sh made, or None."""
    place = pathlib.Path(cache) / "kafka" / version
    return str(place / "libs") if (place / "complete").exists() else None


def default_cache() -> str:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.environ.get("PORTWAY_CACHE") or os.path.join(base, "portway")
