#!/usr/bin/env python3
"""Portway before a real three-node Kafka cluster on this machine, and a client that knows Portway
only. `run` shows it and ends, or leaves it running with --keep; `stop` ends what --keep left."""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import cluster as kafka
import wire
from java_tools import java_class
from waiting import TimedOut, wait_until

BROKERS = {1: "127.0.64.1", 2: "127.0.64.2", 3: "127.0.64.3"}
PORTWAY_ADDRESS = "127.0.0.1"
BOOTSTRAP_PORT = 9091
FIRST_PORT = 9092
ADMIN_PORT = 9080
TOPIC = "test-topic"
MESSAGES = [f"Test message {number}" for number in range(1, 11)]


class Failed(Exception):
    """What went wrong, for the user."""


def say(text: str):
    print(text, flush=True)


def configuration() -> str:
    bootstrap = ", ".join(f'"{host}:{kafka.BROKER_PORT}"' for host in BROKERS.values())
    return f"""cluster:
  name: real-kafka
  bootstrap: [{bootstrap}]
external_listeners:
  - name: EXTERNAL
    advertise: localhost
    ports: {{first: {FIRST_PORT}, ids: 1-8}}
    bootstrap_port: {BOOTSTRAP_PORT}
serve:
  listen: {PORTWAY_ADDRESS}
  admin: {PORTWAY_ADDRESS}:{ADMIN_PORT}
"""


def refuse_taken_ports():
    needed = [(PORTWAY_ADDRESS, port) for port in
              (ADMIN_PORT, BOOTSTRAP_PORT, *range(FIRST_PORT, FIRST_PORT + 8))]
    needed += [(host, port) for host in BROKERS.values()
               for port in (kafka.BROKER_PORT, kafka.CONTROLLER_PORT)]
    for address in needed:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                raise Failed(f"{address[0]}:{address[1]} is needed and taken ({error.strerror}); "
                             "stop what uses it (./run.sh --stop, if it is ours)") from error


class Site:
    """The cluster and the proxy, in a folder of their own."""

    def __init__(self, arguments, directory: pathlib.Path):
        self.directory = directory
        self.portway_binary = arguments.portway
        self.keep = arguments.keep
        self.portway = None
        voters = [kafka.Node(node_id, host, controller=(host, kafka.CONTROLLER_PORT))
                  for node_id, host in BROKERS.items()]
        libs = kafka.libs_in_cache(arguments.cache, arguments.version)
        self.cluster = kafka.Cluster(arguments.version, libs, str(directory / "cluster"), voters)

    def start(self):
        say(f"== Starting Kafka {self.cluster.version}: three nodes, "
            + ", ".join(f"{host}:{kafka.BROKER_PORT}" for host in BROKERS.values()))
        self.cluster.start(detached=self.keep)
        config, log_path = self.directory / "portway.yaml", self.directory / "portway.log"
        config.write_text(configuration(), encoding="utf-8")
        say(f"== Starting: portway serve -c {config}")
        with open(log_path, "ab") as log:
            self.portway = subprocess.Popen(
                [self.portway_binary, "serve", "-c", str(config)], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=self.keep)
        wait_until(self.is_ready, f"Portway to be ready; its log: {log_path}", 30)

    def is_ready(self) -> bool:
        if self.portway.poll() is not None:
            raise Failed(f"portway ended with {self.portway.returncode}:\n"
                         + (self.directory / "portway.log").read_text(encoding="utf-8"))
        connection = http.client.HTTPConnection(PORTWAY_ADDRESS, ADMIN_PORT, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        finally:
            connection.close()

    def stop(self):
        if self.portway and self.portway.poll() is None:
            self.portway.kill()
            self.portway.wait()
        self.cluster.stop_at_once()

    def processes(self) -> list:
        return [self.portway, *self.cluster.processes.values()]


class Client:
    """Knows one address, Portway's."""

    def __init__(self, cluster: kafka.Cluster):
        self.cluster = cluster
        self.release = tuple(int(part) for part in cluster.version.split("."))
        self.bootstrap = f"{PORTWAY_ADDRESS}:{BOOTSTRAP_PORT}"

    def tool(self, name: str, *arguments, stdin: str = "") -> str:
        command = [*self.cluster.java(java_class(name, self.release)),
                   "--bootstrap-server", self.bootstrap, *arguments]
        result = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise Failed(f"{name} {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
        return result.stdout

    def metadata(self, topics=()) -> wire.Metadata:
        with wire.Connection(PORTWAY_ADDRESS, BOOTSTRAP_PORT) as connection:
            return wire.metadata(connection, topics)

    def show_port_plan(self) -> dict:
        say("\nThe port plan, and which broker was reached by which port:")
        brokers = self.metadata().brokers
        for broker_id, (host, port) in sorted(brokers.items()):
            with wire.Connection(host, port) as connection:
                refusal = wire.broker_refuses_identity(connection, broker_id)
            if refusal:
                raise Failed(f"{host}:{port} is not broker {broker_id}: {refusal}")
            say(f"   {host}:{port}  ->  broker {broker_id}")
        if set(brokers) != set(BROKERS):
            raise Failed(f"expected brokers {sorted(BROKERS)}, was told {sorted(brokers)}")
        return brokers

    def check_addresses(self, brokers: dict):
        """The document's own test."""
        listed = re.findall(r"(?m)^(\S+) \(id: (\d+) rack", self.tool("api-versions"))
        expected = {(f"{host}:{port}", str(broker_id))
                    for broker_id, (host, port) in brokers.items()}
        if set(listed) != expected or any(host in BROKERS.values()
                                          for host, _ in brokers.values()):
            raise Failed(f"an address of the inside was seen: {sorted(listed)}")

    def produce_and_consume(self, brokers: dict):
        say(f"\nWriting {len(MESSAGES)} messages to {TOPIC}, and reading them again:")
        self.tool("topics", "--create", "--topic", TOPIC, "--partitions", "3",
                  "--replication-factor", "3")
        lines = "".join(f"key{number}:{text}\n" for number, text in enumerate(MESSAGES))
        self.tool("producer", "--topic", TOPIC, "--property", "parse.key=true",
                  "--property", "key.separator=:", stdin=lines)
        read = self.tool("consumer", "--topic", TOPIC, "--from-beginning", "--max-messages",
                         str(len(MESSAGES)), "--timeout-ms", "30000",
                         "--property", "print.partition=true")
        found = re.findall(r"(?m)^Partition:(\d+)\t(.*)$", read)
        leaders = self.metadata([TOPIC]).topics[TOPIC]
        for partition, text in sorted(found, key=lambda entry: MESSAGES.index(entry[1])):
            leader = leaders[int(partition)]
            host, port = brokers[leader]
            say(f"   {text:15} partition {partition}, broker {leader} through {host}:{port}")
        if sorted(text for _, text in found) != sorted(MESSAGES):
            raise Failed(f"wrote {MESSAGES}, read {found}")


# What --keep leaves behind: pids with their start times, so that `stop` never ends another's.

def start_time(pid: int) -> str | None:
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return None
    return stat.rsplit(")", 1)[1].split()[19]


def state_path(cache: str) -> pathlib.Path:
    return pathlib.Path(cache) / "running.json"


def remember(cache: str, site: Site):
    state = {"directory": str(site.directory),
             "processes": [[process.pid, start_time(process.pid)]
                           for process in site.processes()]}
    state_path(cache).write_text(json.dumps(state), encoding="utf-8")


def stop(arguments):
    path = state_path(arguments.cache)
    if not path.exists():
        say("== Nothing is running that --keep left")
        return
    state = json.loads(path.read_text(encoding="utf-8"))
    ours = [pid for pid, started in state["processes"] if start_time(pid) == started]
    for pid in ours:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(start_time(pid) for pid in ours), "the processes to end", 10)
    shutil.rmtree(state["directory"], ignore_errors=True)
    path.unlink()
    say(f"== Stopped {len(ours)} processes and removed {state['directory']}")


def run(arguments):
    refuse_taken_ports()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="portway-real-kafka-"))
    site = Site(arguments, directory)
    kept = False
    try:
        site.start()
        client = Client(site.cluster)
        brokers = client.show_port_plan()
        client.check_addresses(brokers)
        client.produce_and_consume(brokers)
        say("\nAll right: the client reached every broker through Portway, and saw no other "
            "address.")
        if arguments.keep:
            remember(arguments.cache, site)
            kept = True
            say(f"""
Left running. Any Kafka client on this machine: bootstrap.servers={client.bootstrap}
   status   http://{PORTWAY_ADDRESS}:{ADMIN_PORT}/status (also /metrics, /readyz)
   files    {directory}
   stop     ./run.sh --stop""")
    finally:
        if not kept:
            site.stop()
            shutil.rmtree(directory, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    runner = commands.add_parser("run")
    runner.set_defaults(function=run)
    runner.add_argument("--version", required=True)
    runner.add_argument("--portway", required=True)
    runner.add_argument("--keep", action="store_true")
    stopper = commands.add_parser("stop")
    stopper.set_defaults(function=stop)
    for command in (runner, stopper):
        command.add_argument("--cache", default=kafka.default_cache())
    arguments = parser.parse_args()
    try:
        arguments.function(arguments)
    except (Failed, TimedOut, RuntimeError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
