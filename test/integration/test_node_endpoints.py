"""Answers of a broker that is not the leader: since Kafka 3.7 they name the leader's address
(KIP-951), at the end of Produce and Fetch."""

import struct

import raw_client
import wire
from case import SiteTest
from portway_process import FIRST_PORT
from site_inside import REPLICAS

BROKER_IDS = (1, 2, 3)


class NodeEndpointsTest(SiteTest):
    def setUp(self):
        # One replica: a follower would answer a fetch itself (KIP-392).
        self.topic = self.create_topic(partitions=1, replicas=1)
        with self.connection() as connection:
            self.leader = wire.metadata(connection, [self.topic]).topics[self.topic][0]

    def check(self, api_key: int, version: int, body: bytes):
        host, port = self.outside(self.leader).split(":")
        endpoint = wire.compact_string(host) + struct.pack(">i", int(port))
        for broker_id in set(BROKER_IDS) - {self.leader}:
            answers = set()
            for address in REPLICAS:
                with self.connection(address, FIRST_PORT + broker_id - 1) as connection:
                    answers.add(connection.request(api_key, version, body, flexible=True))
            self.assertEqual(1, len(answers), answers)
            self.assertIn(endpoint, answers.pop())

    def test_produce(self):
        self.check(wire.PRODUCE, 10, raw_client.produce_body_flexible(self.topic, 0, b"value"))

    def test_fetch(self):
        self.check(wire.FETCH, 16, raw_client.fetch_body(self.topic_id(), 0))

    def topic_id(self) -> bytes:
        from confluent_kafka import TopicCollection
        from confluent_kafka.admin import AdminClient
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        found = admin.describe_topics(TopicCollection([self.topic]))[self.topic].result(30).topic_id
        return struct.pack(">qq", found.get_most_significant_bits(),
                           found.get_least_significant_bits())
