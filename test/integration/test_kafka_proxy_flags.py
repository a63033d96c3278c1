"""The document's Method 2, steps 3 and 4: its command line, its test, its expected output; with
five brokers, on one machine that cannot resolve the advertised names."""

import re

import wire
from case import SiteTest
from fake_broker import FakeBrokers
from java_tools import java_class
from namespaces import Namespace
from portway_process import DOMAIN, PortwayProcess
from waiting import wait_until

BROKER_PORT = 19092  # Portway takes 9092 of every address
BROKERS = {broker_id: (f"127.0.1.{broker_id}", BROKER_PORT) for broker_id in range(1, 6)}
EXPECTED = {f"b1.{DOMAIN}:9092": 1, f"b2.{DOMAIN}:9093": 2, f"b3.{DOMAIN}:9094": 3,
            f"brokers.{DOMAIN}:9095": 4, f"brokers.{DOMAIN}:9096": 5}


def document_command_line() -> list:
    mappings = [f"--bootstrap-server-mapping=127.0.1.{number}:{BROKER_PORT},"
                f"0.0.0.0:{9091 + number},b{number}.{DOMAIN}:{9091 + number}"
                for number in (1, 2, 3)]
    return ["server", *mappings, "--dynamic-sequential-min-port=9095",
            f"--dynamic-advertised-listener=brokers.{DOMAIN}"]


class KafkaProxyFlagsTest(SiteTest):
    def start(self, arguments, listed_ids) -> PortwayProcess:
        self.place = Namespace.create()
        self.addCleanup(self.place.close)
        self.addCleanup(FakeBrokers(self.place, BROKERS, listed_ids).close)
        portway = PortwayProcess(self.portway_binary, self.place, "127.0.0.1", self.scratch())
        self.addCleanup(portway.stop)
        portway.start(arguments)
        wait_until(lambda: self.is_healthy(portway), f"/health; log: {portway.log_path}")
        return portway

    @staticmethod
    def is_healthy(portway) -> bool:
        portway.check_alive()
        return portway.get("/health")[0] == 200

    def told_brokers(self, port: int) -> dict:
        with wire.Connection("127.0.0.1", port, self.place.connect) as connection:
            return {f"{host}:{number}": broker_id for broker_id, (host, number)
                    in wire.metadata(connection, []).brokers.items()}

    def test_expected_output_of_the_document(self):
        portway = self.start(document_command_line(), listed_ids=[4, 2, 5, 1, 3])
        wait_until(lambda: self.told_brokers(9092) == EXPECTED,
                   f"the document's ports; log: {portway.log_path}")
        hosts = self.scratch() / "hosts"
        hosts.write_text("127.0.0.1 localhost\n", encoding="utf-8")
        output = self.java(java_class("api-versions", self.release), "--bootstrap-server",
                           "0.0.0.0:9092", place=self.place,
                           options=[f"-Djdk.net.hosts.file={hosts}"])
        found = re.findall(r"(?m)^(\S+) \(id: (\d+) rack: null\) -> "
                           r"ERROR: org.apache.kafka.common.errors.DisconnectException", output)
        self.assertEqual(EXPECTED, {place: int(broker_id) for place, broker_id in found}, output)

    def test_sequential_ports_follow_the_broker_id_whatever_the_order(self):
        for listed_ids in ([5, 4, 3, 2, 1], [1, 5, 2, 4, 3]):
            with self.subTest(listed_ids):
                portway = self.start(document_command_line(), listed_ids)
                wait_until(lambda: self.told_brokers(9093) == EXPECTED, "the document's ports")
                self.assertIn("--deterministic-listeners", portway.log())

    def test_deterministic_ports(self):
        portway = self.start(
            ["server",
             f"--bootstrap-server-mapping=127.0.1.1:{BROKER_PORT},0.0.0.0:9099,b1.{DOMAIN}:9099",
             "--deterministic-listeners", "--dynamic-sequential-min-port=9100",
             f"--dynamic-advertised-listener=b{{{{.brokerId}}}}.{DOMAIN}"], [3, 1, 2, 5, 4])
        expected = {f"b1.{DOMAIN}:9099": 1} | {
            f"b{broker_id}.{DOMAIN}:{9100 + broker_id}": broker_id for broker_id in range(2, 6)}
        wait_until(lambda: self.told_brokers(9099) == expected,
                   f"a port for each broker id; log: {portway.log_path}")
        self.assertEqual(expected, self.told_brokers(9104))
