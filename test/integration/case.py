"""What every integration test starts from: the site that it runs in."""

import json
import os
import pathlib
import subprocess
import unittest
import uuid

import cluster as kafka
import namespaces
import portway_process
import wire
from portway_process import BOOTSTRAP_PORT, DOMAIN, FIRST_PORT
from site_inside import BROKERS, REPLICAS

JAVA_SECONDS = 60


class SiteTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(os.environ["PORTWAY_SITE"])
        state = json.loads((cls.directory / "ready.json").read_text("utf-8"))
        cls.version = state["version"]
        cls.cache = state["cache"]
        cls.portway_binary = state["portway"]
        cls.places = {name: namespaces.Namespace(pid) for name, pid in state["holders"].items()}
        cls.cluster = kafka.Cluster.load(cls.directory / "cluster.json",
                                         cls.places["kafka"].connect)
        cls.bootstrap = f"{REPLICAS[0]}:{BOOTSTRAP_PORT}"

    @property
    def release(self) -> tuple:
        return tuple(int(part) for part in self.version.split("."))

    # Names: tests share a cluster, so each has its own topics and groups.

    def unique(self, what: str) -> str:
        return f"{what}-{uuid.uuid4().hex[:8]}"

    def scratch(self) -> pathlib.Path:
        name = self.id().rsplit(".", 1)[-1]
        place = self.directory / "scratch" / f"{name}-{uuid.uuid4().hex[:6]}"
        place.mkdir(parents=True)
        return place

    # Clients.

    def java(self, main_class: str, *arguments, stdin: str = "", heap_mb: int = 128,
             place: namespaces.Namespace | None = None, options=()) -> str:
        """Runs one of Kafka's own tools at the client's place, or in `place`; its output, both
        streams."""
        java, *rest = self.cluster.java(main_class, heap_mb)
        result = subprocess.run([*(place.prefix if place else []), java, *options, *rest,
                                 *arguments], input=stdin, capture_output=True, text=True,
                                check=False, timeout=JAVA_SECONDS)
        output = result.stdout + result.stderr
        self.assertEqual(0, result.returncode, f"{main_class} {' '.join(arguments)}:\n{output}")
        return output

    def connection(self, address: str = REPLICAS[0], port: int = BOOTSTRAP_PORT,
                   timeout: float = 10) -> wire.Connection:
        """A raw connection from the client's place."""
        return wire.Connection(address, port, timeout=timeout)

    def create_topic(self, partitions: int = 3, replicas: int = 3) -> str:
        """Ready to use: every partition has a leader, and every broker knows."""
        from confluent_kafka.admin import AdminClient, NewTopic
        name = self.unique("topic")
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        admin.create_topics([NewTopic(name, partitions, replicas)])[name].result(30)
        self.wait_for_leaders(name, partitions)
        return name

    def wait_for_leaders(self, topic: str, partitions: int):
        for node in self.cluster.voters:
            kafka.wait_until(
                lambda node=node: self._leaders(node, topic) == set(range(partitions)),
                f"leaders of {topic} to be known by broker {node.node_id}")

    def _leaders(self, node, topic) -> set:
        leaders = self.cluster.metadata_from(node, [topic]).topics[topic]
        return {partition for partition, leader in leaders.items() if leader > 0}

    # Proxies of a test's own.

    def start_portway(self, address: str, text: str | None = None,
                      arguments: list | None = None) -> portway_process.PortwayProcess:
        portway = portway_process.PortwayProcess(self.portway_binary, self.places["proxy"], address,
                                                 self.scratch())
        self.addCleanup(portway.stop)
        if arguments is not None:
            portway.start(arguments)
        else:
            portway.serve(text or portway_process.configuration(address, self.inside_brokers()))
            portway.wait_ready()
        return portway

    @staticmethod
    def inside_brokers() -> list:
        return [(host, kafka.BROKER_PORT) for host in BROKERS]

    @staticmethod
    def outside(broker_id: int) -> str:
        """Where clients find a broker."""
        return f"b{broker_id}.{DOMAIN}:{FIRST_PORT + broker_id - 1}"
