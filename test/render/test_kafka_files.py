#!/usr/bin/env python3
"""Rendered server.properties and scripts with real Kafka, as a user would go about it: render, copy
to the nodes, install, start, restart, test.

    test_kafka_files.py --version 4.3.0 --render RENDER_FILES CASE    one case of this file

Exit code 77: this machine cannot do it, and why."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent)]

import kafka_nodes  # noqa: E402
import site_control  # noqa: E402
from cluster import default_cache, libs_in_cache  # noqa: E402
from waiting import wait_until  # noqa: E402

DOMAIN = "us-west1.gcp.3199745.tidbcloud.com"
ADDRESSES = {f"broker-node{number}": f"10.64.0.{number + 1}" for number in (1, 2, 3)}
SETTINGS = {}  # of this run: version, render, libs, hosts
PRODUCED_BEFORE = 200  # records acknowledged before the first restart, and again after the last
RECORDS_A_SECOND = 300


def spec(roles=None, is_new=True, listeners=(), cluster_id="") -> str:
    """portway.yaml. Nodes share a file system here: /proc/self/cwd tells their data apart."""
    nodes = "".join(
        f"    - {{id: {number}, address: {address}, instance: {instance}"
        f"{', roles: [' + roles[instance] + ']' if roles else ''}}}\n"
        for number, (instance, address) in enumerate(ADDRESSES.items(), 1))
    text = (f"cluster:\n  name: orders\n  kafka_version: {SETTINGS['version']}\n"
            f"  new: {str(is_new).lower()}\n  log_dirs: /proc/self/cwd/data\n"
            + (f"  id: {cluster_id}\n" if cluster_id else "") + f"  nodes:\n{nodes}"
            "external_listeners:\n")
    for name, unique_part, method, first, listen in listeners:
        text += (f"  - name: {name}\n    method: {method}\n"
                 f"    advertise: \"b{{id}}.{unique_part}.{DOMAIN}\"\n"
                 f"    ports: {{first: {first}, ids: 1-64}}\n"
                 + (f"    listen_port: {listen}\n" if method == "port-mapping" else ""))
    return text


EXTERNAL = ("EXTERNAL", "abc", "port-mapping", 9093, 39092)
EXTERNAL2 = ("EXTERNAL2", "def", "port-mapping", 9193, 39093)
PROXY_ONLY = ("EXTERNAL", "abc", "proxy", 9093, 0)


def advertised(listener, ids=(1, 2, 3)) -> dict:
    return {number: (f"b{number}.{listener[1]}.{DOMAIN}", listener[3] + number - 1)
            for number in ids}


def inside(ids=(1, 2, 3)) -> dict:
    return {number: (f"10.64.0.{number + 1}", 9092) for number in ids}


class KafkaFilesTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="portway-kafka-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.version = SETTINGS["version"]
        self.nodes = kafka_nodes.Nodes(self.directory, ADDRESSES)
        self.environment = self.nodes.environment(self.version)

    def render(self, name: str, text: str, *arguments) -> pathlib.Path:
        folder = self.directory / name
        (self.directory / f"{name}.yaml").write_text(text, "utf-8")
        result = subprocess.run([SETTINGS["render"], self.directory / f"{name}.yaml", folder,
                                 "kafka", "scripts", *arguments],
                                capture_output=True, text=True, check=False)
        self.assertEqual(0, result.returncode, result.stderr)
        return folder / "scripts"

    def script(self, path: pathlib.Path, *arguments, status: int = 0, **environment) -> str:
        result = subprocess.run([path, *arguments], env={**self.environment, **environment},
                                capture_output=True, text=True, check=False, cwd=self.directory)
        output = result.stdout + result.stderr
        self.assertEqual(status, result.returncode, f"{path} {' '.join(arguments)}:\n{output}")
        return output

    def set_up(self, text: str, ids=(1, 2, 3)) -> pathlib.Path:
        """A new cluster, up to the point where every broker knows every other."""
        scripts = self.render("new", text)
        kafka_nodes.make_archive(scripts, self.version, SETTINGS["libs"])
        (scripts / "debs").mkdir()
        (scripts / "debs" / "none.deb").touch()  # nothing is to be fetched: Java is here
        self.script(scripts / "copy-to-brokers.sh", "--start")
        brokers = [f"broker-node{number}" for number in ids]
        self.nodes.wait_for_brokers(brokers, 9092, inside(ids))
        return scripts

    def tools(self) -> dict:
        return {"KAFKA_HOME": str(self.directory / "broker-node3" / f"kafka_2.13-{self.version}")}

    def open_endpoint(self, *listeners):
        targets, names = {}, []
        for listener in listeners:
            for number, (name, port) in advertised(listener).items():
                targets[port] = (f"10.64.0.{number + 1}", listener[4])
                names.append(name)
        kafka_nodes.Endpoint(SETTINGS["hosts"], names, targets)


class NewCluster(KafkaFilesTest):
    def test_both_projects_reach_every_broker(self):
        text = spec(listeners=[EXTERNAL, EXTERNAL2], cluster_id=kafka_nodes.new_cluster_id())
        scripts = self.set_up(text)
        output = self.script(scripts / "install.sh", "--tools", status=1, KAFKA_SHA512="0" * 128,
                             KAFKA_BASE=str(self.directory / "elsewhere"))
        self.assertIn("has the SHA-512", output)
        for listener in (EXTERNAL, EXTERNAL2):
            self.nodes.wait_for_brokers(ADDRESSES, listener[4], advertised(listener))

        self.open_endpoint(EXTERNAL, EXTERNAL2)
        servers = f"b1.def.{DOMAIN}:9193"
        output = self.script(scripts / "consume.sh", servers, status=1, TOPIC="nobody-made-it",
                             **self.tools())
        self.assertIn("error: ", output)
        output = self.script(scripts / "produce.sh", servers, **self.tools())
        self.assertIn("All 10 messages arrived, on all 3 partitions.", output)
        output = self.script(scripts / "consume.sh", servers, **self.tools())
        self.assertEqual({f"Test message {number}" for number in range(1, 11)},
                         {line for line in output.split("\n") if line.startswith("Test message")})
        self.script(scripts / "produce.sh", status=2)

        self.check_node_scripts(scripts)

    def check_node_scripts(self, scripts: pathlib.Path):
        """Repeating changes nothing, stopping stops this Kafka only, and lost data is not taken
        for a new node's."""
        pid = (self.directory / "broker-node1" / "state" / "kafka.pid").read_text("ascii")
        self.script(scripts / "copy-to-brokers.sh", "--start", "broker-node1")
        self.assertEqual(
            pid, (self.directory / "broker-node1" / "state" / "kafka.pid").read_text("ascii"))
        stop = self.nodes.run("broker-node1", "KAFKA_BASE=$PWD ./stop.sh")
        self.assertIn(f"Kafka has stopped (process {pid.strip()}).", stop.stdout)
        self.assertIn("Kafka does not run.",
                      self.nodes.run("broker-node1", "KAFKA_BASE=$PWD ./stop.sh").stdout)
        self.assertEqual(inside((2, 3)).keys(),
                         self.nodes.brokers_at("10.64.0.3", 9092).keys() - {1})

        data = self.directory / "broker-node1" / "data"
        data.rename(data.with_name("kept"))
        data.mkdir()
        start = self.nodes.run("broker-node1", "KAFKA_BASE=$PWD ./start.sh")
        self.assertEqual(1, start.returncode, start.stdout)
        self.assertIn("is a disk not mounted?", start.stderr)
        (data / "mine").touch()
        start = self.nodes.run("broker-node1", "KAFKA_BASE=$PWD ./start.sh")
        self.assertIn("holds files and was not formatted by Kafka", start.stderr)
        self.assertTrue((data / "mine").exists())


class SeparateRoles(KafkaFilesTest):
    def test_controllers_and_brokers_start(self):
        roles = {"broker-node1": "controller", "broker-node2": "broker", "broker-node3": "broker"}
        scripts = self.set_up(spec(roles, listeners=[EXTERNAL]), ids=(2, 3))
        self.nodes.wait_for_brokers(("broker-node2", "broker-node3"), 39092,
                                    advertised(EXTERNAL, (2, 3)))
        output = self.script(scripts / "rolling-restart.sh", "--only", "broker-node1")
        self.assertIn("its controller is in the quorum", output)


class SecureCluster(KafkaFilesTest):
    """Every kind of listener that is not PLAINTEXT, with the files that server.properties names."""

    def test_clients_are_told_apart(self):
        self.make_secrets()
        text = spec(listeners=[EXTERNAL]).replace(
            "  nodes:", "  listeners:\n    internal: {security: SASL_PLAINTEXT}\n"
            "    controller: {security: SSL}\n  nodes:")
        scripts = self.set_up(text + "    security: SASL_SSL\n"
                              "    sasl_mechanisms: [SCRAM-SHA-512, PLAIN]\n", ids=())
        inside_config, outside_config = self.client_configs()
        bootstrap = "10.64.0.2:9092,10.64.0.3:9092,10.64.0.4:9092"
        wait_until(lambda: self.brokers_seen(bootstrap, inside_config) == 3, "three brokers", 120)
        wait_until(lambda: self.add_user(bootstrap, inside_config), "a SCRAM user", 60)
        self.script(scripts / "produce.sh", bootstrap, KAFKA_CLIENT_CONFIG=inside_config,
                    **self.tools())
        self.open_endpoint(EXTERNAL)
        outside = f"b2.abc.{DOMAIN}:9094"
        self.script(scripts / "produce.sh", outside, KAFKA_CLIENT_CONFIG=outside_config,
                    **self.tools())
        self.script(scripts / "consume.sh", outside, KAFKA_CLIENT_CONFIG=outside_config,
                    **self.tools())
        self.assertIn("set KAFKA_CLIENT_CONFIG",
                      self.script(scripts / "rolling-restart.sh", status=1))
        self.script(scripts / "rolling-restart.sh", "--only", "broker-node2",
                    KAFKA_CLIENT_CONFIG=inside_config)

    def make_secrets(self):
        """Below /opt/kafka/config, which is this test's alone here."""
        subprocess.run(["mount", "-t", "tmpfs", "none", "/opt"], check=True)
        config = pathlib.Path("/opt/kafka/config")
        for folder in ("tls", "secrets"):
            (config / folder).mkdir(parents=True)
        plain = "org.apache.kafka.common.security.plain.PlainLoginModule required "
        (config / "secrets" / "internal.plain.jaas").write_text(
            plain + 'username="broker" password="inside-1" user_broker="inside-1";\n', "utf-8")
        (config / "secrets" / "external.plain.jaas").write_text(
            plain + 'user_changefeed="outside-1";\n', "utf-8")
        names = ",".join([f"DNS:*.abc.{DOMAIN}"] + [f"IP:{ip}" for ip in ADDRESSES.values()])
        tls = config / "tls"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=kafka", "-addext", f"subjectAltName={names}",
                        "-keyout", tls / "key", "-out", tls / "ca.pem"],
                       check=True, capture_output=True)
        for name in ("external.pem", "controller.pem"):
            (tls / name).write_text((tls / "key").read_text("ascii")
                                    + (tls / "ca.pem").read_text("ascii"), "ascii")

    def client_configs(self) -> list:
        paths = []
        for name, settings in (
                ("inside", "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n"
                 "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule "
                 'required username="broker" password="inside-1";\n'),
                ("outside", "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"
                 "ssl.truststore.type=PEM\nssl.truststore.location=/opt/kafka/config/tls/ca.pem\n"
                 "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule "
                 'required username="tidb" password="outside-2";\n')):
            path = self.directory / f"{name}.properties"
            path.write_text(settings, "utf-8")
            paths.append(str(path))
        return paths

    def brokers_seen(self, bootstrap: str, config: str) -> int:
        home = pathlib.Path(self.tools()["KAFKA_HOME"])
        return subprocess.run(
            ["timeout", "30", home / "bin" / "kafka-broker-api-versions.sh", "--bootstrap-server",
             bootstrap, "--command-config", config],
            capture_output=True, text=True, check=False).stdout.count(") -> (")

    def add_user(self, bootstrap: str, config: str) -> bool:
        home = pathlib.Path(self.tools()["KAFKA_HOME"])
        return subprocess.run(
            ["timeout", "30", home / "bin" / "kafka-configs.sh", "--bootstrap-server", bootstrap,
             "--command-config", config, "--alter", "--entity-type", "users", "--entity-name",
             "tidb", "--add-config", "SCRAM-SHA-512=[password=outside-2]"],
            capture_output=True, check=False).returncode == 0


class RunningCluster(KafkaFilesTest):
    """The existing cluster of a user who writes files by hand gets an external listener while
    records are written with acks=all."""

    def test_nothing_is_lost_in_the_rolling_restart(self):
        self.set_up(spec(listeners=[PROXY_ONLY]))
        own_files = [self.edit_by_hand(number, instance)
                     for number, instance in enumerate(ADDRESSES, 1)]
        scripts = self.render("edited", spec(is_new=False, listeners=[EXTERNAL]), *own_files)
        topic = self.make_topic()
        self.environment["START_SECONDS"] = "60"
        self.script(scripts / "rolling-restart.sh", "--from", "nobody", status=2)
        refusal = self.script(scripts / "rolling-restart.sh", status=1)
        self.assertIn("run copy-to-brokers.sh", refusal)
        self.assertIn("--from broker-node1", refusal)

        with Producer(self, topic) as producer:
            producer.wait_for(PRODUCED_BEFORE)
            self.script(scripts / "copy-to-brokers.sh")
            output = self.script(scripts / "rolling-restart.sh")
            producer.wait_for(len(producer.acknowledged()) + PRODUCED_BEFORE)
        print(f"acknowledged {len(producer.acknowledged())}, refused {producer.refused()}")
        self.assertIn("All of broker-node1 broker-node2 broker-node3 run anew.", output)
        self.nodes.wait_for_brokers(ADDRESSES, 39092, advertised(EXTERNAL))
        self.nodes.wait_for_brokers(ADDRESSES, 9092, inside())
        for instance in ADDRESSES:
            config = (self.directory / instance / "config" / "server.properties").read_text("utf-8")
            self.assertIn("# Written by hand: keep.", config)
        self.assertEqual(0, producer.refused())
        self.assertEqual(set(), producer.acknowledged() - self.read_all(topic))

    def edit_by_hand(self, number: int, instance: str) -> str:
        """A file that only its owner knows; Kafka's defaults stand for what it leaves out."""
        path = self.directory / instance / "config" / "server.properties"
        lines = [line for line in path.read_text("utf-8").split("\n")
                 if not line.startswith(("# ", "advertised.listeners", "log.dirs"))]
        lines += ["", "# Written by hand: keep.", "log.dirs : /proc/self/cwd/data",
                  f"advertised.listeners = INTERNAL://10.64.0.{number + 1}:9092",
                  "log.retention.hours=72"]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return f"{number}={path}"

    def kafka(self, program: str, *arguments, **options) -> subprocess.CompletedProcess:
        home = self.directory / "broker-node3" / f"kafka_2.13-{self.version}"
        return subprocess.run([home / "bin" / program, "--bootstrap-server",
                               "10.64.0.2:9092,10.64.0.3:9092,10.64.0.4:9092", *arguments],
                              capture_output=True, text=True, check=True, **options)

    def make_topic(self) -> str:
        topic = kafka_nodes.unique("kept")
        self.kafka("kafka-topics.sh", "--create", "--topic", topic, "--partitions", "6",
                   "--replication-factor", "3")
        return topic

    def read_all(self, topic: str) -> set:
        offsets = self.kafka("kafka-get-offsets.sh", "--topic", topic).stdout.split()
        count = sum(int(line.rsplit(":", 1)[1]) for line in offsets)
        output = self.kafka("kafka-console-consumer.sh", "--topic", topic, "--from-beginning",
                            "--max-messages", str(count), "--timeout-ms", "60000").stdout
        return set(output.split())


class Producer:
    """Kafka's own verifiable producer: a record for each number, acks=all, and a line for each that
    was acknowledged."""

    def __init__(self, test: RunningCluster, topic: str):
        home = test.directory / "broker-node3" / f"kafka_2.13-{test.version}"
        self.log = test.directory / "producer.json"
        config = test.directory / "producer.properties"
        config.write_text("retries=2147483647\ndelivery.timeout.ms=120000\n", "utf-8")
        self.command = [home / "bin" / "kafka-verifiable-producer.sh", "--bootstrap-server",
                        "10.64.0.2:9092,10.64.0.3:9092,10.64.0.4:9092", "--topic", topic,
                        "--acks", "-1", "--throughput", str(RECORDS_A_SECOND),
                        "--producer.config", config]

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(60)

    def wait_for(self, count: int):
        wait_until(lambda: len(self.acknowledged()) >= count, f"{count} records; {self.log}", 60)

    def _events(self, name: str):
        for line in self.log.read_text("utf-8", errors="replace").split("\n")[:-1]:
            if line.startswith("{") and f'"{name}"' in line:
                yield json.loads(line)

    def acknowledged(self) -> set:
        return {event["value"] for event in self._events("producer_send_success")}

    def refused(self) -> int:
        return len(list(self._events("producer_send_error")))


def run_inside(arguments) -> int:
    """Process 1 of its own networks: when it ends, the kernel takes every node away."""
    hosts = pathlib.Path(tempfile.mkdtemp(prefix="portway-hosts-")) / "hosts"
    hosts.write_text("127.0.0.1 localhost\n", "utf-8")
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)
    SETTINGS.update(version=arguments.version, render=arguments.render, hosts=hosts,
                    libs=libs_in_cache(arguments.cache, arguments.version))
    suite = unittest.defaultTestLoader.loadTestsFromName(arguments.case, sys.modules[__name__])
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    shutil.rmtree(hosts.parent, ignore_errors=True)
    return 0 if result.wasSuccessful() else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--render", required=True)
    parser.add_argument("--cache", default=default_cache())
    parser.add_argument("--inside", action="store_true")
    parser.add_argument("case")
    arguments = parser.parse_args()
    if arguments.inside:
        return run_inside(arguments)
    reason = site_control.reason_to_skip(arguments.cache, arguments.version)
    if arguments.case == "SecureCluster" and not shutil.which("openssl"):
        reason = reason or "openssl, which makes the certificates, is not installed"
    if reason:
        print(f"skipped: {reason}")
        return site_control.EXIT_SKIPPED
    command = [*site_control.unshare_command(), sys.executable, "-B", __file__, "--inside",
               *sys.argv[1:]]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
