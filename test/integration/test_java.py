"""Apache's own clients and tools, through three replicas."""

import re

from case import SiteTest
from java_tools import java_class

MESSAGES = [f"Test message {number}" for number in range(1, 11)]


class JavaTest(SiteTest):
    def tool(self, name: str) -> str:
        return java_class(name, self.release)

    def produce(self, topic: str, messages):
        """Keys spread the messages over the partitions."""
        lines = "".join(f"key{number}:{text}\n" for number, text in enumerate(messages))
        self.java(self.tool("producer"), "--bootstrap-server", self.bootstrap, "--topic", topic,
                  "--property", "parse.key=true", "--property", "key.separator=:", stdin=lines)

    def consume(self, topic: str, count: int, *more) -> list:
        output = self.java(
            self.tool("consumer"), "--bootstrap-server", self.bootstrap, "--topic", topic,
            "--from-beginning", "--max-messages", str(count), "--timeout-ms", "30000", *more)
        self.assertIn(f"Processed a total of {count} messages", output)
        return [line for line in output.split("\n") if line.startswith("Test message")]

    def test_console_producer_and_consumer(self):
        topic = self.create_topic()
        self.produce(topic, MESSAGES)
        self.assertCountEqual(MESSAGES, self.consume(topic, len(MESSAGES)))

    def test_group_with_the_classic_protocol(self):
        self.check_group("classic")

    def test_group_with_the_new_protocol(self):
        if self.release < (4, 0):
            self.skipTest("group.protocol=consumer is of Kafka 4")
        self.check_group("consumer")

    def check_group(self, protocol: str):
        topic, group = self.create_topic(), self.unique("group")
        self.produce(topic, MESSAGES)
        options = [] if self.release < (4, 0) else \
            ["--consumer-property", f"group.protocol={protocol}"]
        self.assertCountEqual(
            MESSAGES, self.consume(topic, len(MESSAGES), "--group", group, *options))
        described = self.java(self.tool("groups"), "--bootstrap-server", self.bootstrap,
                              "--describe", "--group", group)
        committed = re.findall(rf"{topic}\s+\d+\s+(\d+)\s+\d+\s+0\b", described)
        self.assertEqual(len(MESSAGES), sum(int(offset) for offset in committed), described)

    def test_share_group(self):
        if self.release < (4, 2):
            self.skipTest("share groups are of Kafka 4.2")
        topic, group = self.create_topic(), self.unique("share")
        self.java(self.tool("configs"), "--bootstrap-server", self.bootstrap, "--alter",
                  "--entity-type", "groups", "--entity-name", group,
                  "--add-config", "share.auto.offset.reset=earliest")
        self.produce(topic, MESSAGES)
        output = self.java(
            self.tool("share-consumer"), "--bootstrap-server", self.bootstrap,
            "--topic", topic, "--group", group,
            "--max-messages", str(len(MESSAGES)), "--timeout-ms", "30000")
        self.assertCountEqual(
            MESSAGES, [line for line in output.split("\n") if line.startswith("Test message")])

    def test_perf_tools_with_large_fetches(self):
        topic = self.create_topic()
        sent = self.java(self.tool("producer-perf"), "--topic", topic,
                         "--num-records", "2000", "--record-size", "20000", "--throughput", "-1",
                         "--producer-props", f"bootstrap.servers={self.bootstrap}",
                         "batch.size=500000", "linger.ms=5", heap_mb=256)
        self.assertIn("2000 records sent", sent)
        read = self.java(self.tool("consumer-perf"), "--bootstrap-server",
                         self.bootstrap, "--topic", topic, "--messages", "2000", "--timeout",
                         "30000", "--fetch-size", "5000000", heap_mb=256)
        self.assertRegex(read, r"(?m)^[\d-]+ [\d:.]+, [\d-]+ [\d:.]+, 38\.1470, [\d.]+, 2000,")

    def test_transactional_producer(self):
        topic = self.create_topic()
        sent = self.java(self.tool("producer-perf"), "--topic", topic,
                         "--num-records", "1000", "--record-size", "100", "--throughput", "-1",
                         "--transactional-id", self.unique("transaction"),
                         "--transaction-duration-ms", "50",
                         "--producer-props", f"bootstrap.servers={self.bootstrap}")
        self.assertIn("1000 records sent", sent)
        self.consume(topic, 1000, "--isolation-level", "read_committed")

    def test_broker_api_versions(self):
        output = self.java(self.tool("api-versions"), "--bootstrap-server", self.bootstrap)
        found = re.findall(r"(?m)^(\S+) \(id: (\d+) rack: null(?: isFenced: false)?\) -> \(",
                           output)
        self.assertCountEqual([(self.outside(broker_id), str(broker_id))
                               for broker_id in (1, 2, 3)], found, output)

    def test_metadata_quorum(self):
        tool = self.tool("quorum")
        status = self.java(tool, "--bootstrap-server", self.bootstrap, "describe", "--status")
        self.assertRegex(status, r"LeaderId:\s+[123]\b")
        self.assertNotIn("10.64.0.", status)
        followers = self.java(tool, "--bootstrap-server", self.bootstrap, "describe",
                              "--replication")
        self.assertRegex(followers, r"(?m)^[123]\s")
