"""librdkafka, through three replicas."""

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from case import SiteTest
from waiting import wait_until

PARTITIONS = 6
MESSAGES_PER_PARTITION = 50


class LibrdkafkaTest(SiteTest):
    def setUp(self):
        self.settings = {"bootstrap.servers": self.bootstrap}

    def produce(self, topic: str, value_prefix: str = "", **more) -> set:
        """Returns what was acknowledged, as (partition, value)."""
        acknowledged, errors = set(), []

        def delivered(error, message):
            if error:
                errors.append(error)
            else:
                acknowledged.add((message.partition(), message.value()))

        producer = Producer({**self.settings, **more})
        for partition in range(PARTITIONS):
            for number in range(MESSAGES_PER_PARTITION):
                producer.produce(topic, f"{value_prefix}{partition}/{number}".encode(),
                                 partition=partition, on_delivery=delivered)
        self.assertEqual(0, producer.flush(30))
        self.assertEqual([], errors)
        return acknowledged

    def consume(self, consumer, count: int) -> set:
        messages = []

        def all_read():
            for message in consumer.consume(count - len(messages), timeout=0.2):
                if message.error():
                    raise AssertionError(message.error())
                messages.append((message.partition(), message.value()))
            return len(messages) >= count

        wait_until(all_read, f"{count} messages", seconds=30)
        consumer.close()
        return set(messages)

    def consumer(self, **more) -> Consumer:
        return Consumer({**self.settings, "group.id": self.unique("group"),
                         "auto.offset.reset": "earliest", **more})

    def test_every_partition(self):
        topic = self.create_topic(PARTITIONS)
        sent = self.produce(topic)
        self.assertEqual(PARTITIONS * MESSAGES_PER_PARTITION, len(sent))
        consumer = self.consumer()
        consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])
        self.assertEqual(sent, self.consume(consumer, len(sent)))

    def test_consumer_group(self):
        topic = self.create_topic(PARTITIONS)
        sent = self.produce(topic, **{"enable.idempotence": True})
        consumer = self.consumer()
        consumer.subscribe([topic])
        self.assertEqual(sent, self.consume(consumer, len(sent)))

    def test_no_acknowledgements(self):
        topic = self.create_topic(PARTITIONS)
        # A leader that has not heard of the topic yet would lose what nobody waits for.
        acknowledged = self.produce(topic)
        sent = acknowledged | self.produce(topic, value_prefix="unacknowledged ", acks=0)
        consumer = self.consumer()
        consumer.subscribe([topic])
        self.assertEqual(sent, self.consume(consumer, len(sent)))

    def test_transaction(self):
        topic = self.create_topic()
        producer = Producer({**self.settings, "transactional.id": self.unique("transaction")})
        producer.init_transactions(30)
        for text, commit in ((b"kept", True), (b"dropped", False), (b"kept too", True)):
            producer.begin_transaction()
            producer.produce(topic, text, partition=0)
            if commit:
                producer.commit_transaction(30)
            else:
                producer.abort_transaction(30)
        consumer = self.consumer(**{"isolation.level": "read_committed"})
        consumer.subscribe([topic])
        self.assertEqual({(0, b"kept"), (0, b"kept too")}, self.consume(consumer, 2))

    def test_admin_sees_only_outside_addresses(self):
        admin = AdminClient(self.settings)
        listed = {f"{broker.host}:{broker.port}" for broker in
                  admin.list_topics(timeout=30).brokers.values()}
        described = {f"{node.host}:{node.port}" for node in
                     admin.describe_cluster().result(30).nodes}
        expected = {self.outside(broker_id) for broker_id in (1, 2, 3)}
        self.assertEqual(expected, listed)
        self.assertEqual(expected, described)
