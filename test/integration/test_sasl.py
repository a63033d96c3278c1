"""Brokers that demand SASL, and a Portway without credentials: it learns the brokers from clients
that authenticate."""

import cluster as kafka
import wire
from case import SiteTest
from portway_process import FIRST_PORT, configuration
from site_inside import SPARE_BROKER_ADDRESSES, SPARE_PROXY_ADDRESSES
from waiting import wait_until

PROXY = SPARE_PROXY_ADDRESSES[0]
MESSAGES = 30


class SaslTest(SiteTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        place = cls.places["kafka"]
        cls.hosts = SPARE_BROKER_ADDRESSES[10:13]
        cls.secured = kafka.Cluster(
            cls.version, cls.cluster.libs, str(cls.directory / "sasl-cluster"),
            [kafka.Node(node_id, host, controller=(host, kafka.CONTROLLER_PORT))
             for node_id, host in enumerate(cls.hosts, 1)],
            prefix=place.prefix, sasl=kafka.Sasl(), connect=place.connect)
        cls.addClassCleanup(cls.secured.stop_at_once)
        cls.secured.start()

    def setUp(self):
        self.portway = self.start_portway(PROXY, configuration(
            PROXY, [(host, kafka.BROKER_PORT) for host in self.hosts], label="s"))
        self.settings = {"bootstrap.servers": f"{PROXY}:{FIRST_PORT}",
                         "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN",
                         "sasl.username": self.secured.sasl.user,
                         "sasl.password": self.secured.sasl.password}

    def test_ready_before_anything_is_known(self):
        state = self.portway.status()["topology"]["state"]
        self.assertEqual("needs_authentication", state.replace("-", "_").replace(" ", "_"))

    def test_each_port_leads_to_its_broker_after_one_lesson(self):
        """Broker 3's port first: nobody can know where it is. The connection is closed at a frame
        boundary, and the next one is right."""
        def reaches(broker_id):
            with self.connection(PROXY, FIRST_PORT + broker_id - 1) as connection:
                connection.authenticate_plain(self.secured.sasl.user, self.secured.sasl.password)
                return wire.broker_refuses_identity(connection, broker_id) is None

        for broker_id in (3, 2, 1):
            wait_until(lambda broker_id=broker_id: reaches(broker_id),
                       f"broker {broker_id} behind its port; log: {self.portway.log_path}", 15)

    def test_wrong_password_is_the_brokers_answer(self):
        with self.connection(PROXY, FIRST_PORT) as connection:
            with self.assertRaises((PermissionError, wire.Closed)):
                connection.authenticate_plain(self.secured.sasl.user, "wrong")

    def test_client_that_knows_one_port(self):
        from confluent_kafka import Consumer, Producer
        from confluent_kafka.admin import AdminClient, NewTopic
        topic, received = self.unique("topic"), set()
        admin = AdminClient(self.settings)
        admin.create_topics([NewTopic(topic, 3, 3)])[topic].result(30)
        producer = Producer(self.settings)
        for number in range(MESSAGES):
            producer.produce(topic, str(number), partition=number % 3)
        self.assertEqual(0, producer.flush(30))
        consumer = Consumer({**self.settings, "group.id": "reader",
                             "auto.offset.reset": "earliest"})
        self.addCleanup(consumer.close)
        consumer.subscribe([topic])

        def all_received():
            received.update(int(message.value()) for message in
                            consumer.consume(MESSAGES, timeout=0.2) if not message.error())
            return len(received) == MESSAGES

        wait_until(all_received, f"{MESSAGES} messages, have {len(received)}", seconds=30)
