"""Drain, reload, and a broker that the plan has no place for."""

import signal
import threading

import raw_client
import wire
from case import SiteTest
from portway_process import DOMAIN, FIRST_PORT, configuration
from site_inside import SPARE_PROXY_ADDRESSES
from waiting import wait_until

PROXY = SPARE_PROXY_ADDRESSES[0]
IN_FLIGHT = 5
LOAD_BEFORE_DRAIN = 300  # answered requests per connection
SECOND_FIRST_PORT = 9292


class Load:
    """One connection that keeps IN_FLIGHT numbered produce requests unanswered."""

    def __init__(self, connection: wire.Connection, topic: str, partition: int):
        self.connection = connection
        self.topic = topic
        self.partition = partition
        self.sent = 0
        self.answered = 0
        self.errors = []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def value(self, number: int) -> bytes:
        return f"{self.partition}/{number}".encode()

    def run(self):
        try:
            while True:
                while self.sent - self.answered < IN_FLIGHT:
                    self.connection.send(wire.PRODUCE, 7, raw_client.produce_body(
                        self.topic, self.partition, self.value(self.sent)))
                    self.sent += 1
                self.receive()
        except (wire.Closed, ConnectionError):
            self.receive_the_rest()

    def receive(self):
        error = raw_client.produce_error(self.connection.receive()[4:])
        if error:
            self.errors.append(error)
        self.answered += 1

    def receive_the_rest(self):
        """After a failed send, answers may still be there to read."""
        try:
            while self.answered < self.sent:
                self.receive()
        except (wire.Closed, ConnectionError):
            pass


class OperationTest(SiteTest):
    def values_in(self, topic: str) -> list:
        from confluent_kafka import Consumer, TopicPartition
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": self.unique("group"),
                             "enable.partition.eof": True})
        self.addCleanup(consumer.close)
        consumer.assign([TopicPartition(topic, partition, 0) for partition in range(3)])
        values, ended = [], set()

        def at_every_end():
            for message in consumer.consume(1000, timeout=0.2):
                if message.error():
                    ended.add(message.partition())
                else:
                    values.append(message.value())
            return len(ended) == 3

        wait_until(at_every_end, "the end of every partition")
        return values

    def leaders(self, topic: str) -> dict:
        with self.connection(PROXY, FIRST_PORT) as connection:
            return wire.metadata(connection, [topic]).topics[topic]

    def test_drain_under_load_loses_nothing(self):
        topic = self.create_topic()
        portway = self.start_portway(PROXY, configuration(
            PROXY, self.inside_brokers(),
            serve={"drain_notice": "200ms", "drain_timeout": "20s"}))
        loads = [Load(self.connection(PROXY, FIRST_PORT + leader - 1), topic, partition)
                 for partition, leader in self.leaders(topic).items()]
        wait_until(lambda: all(load.answered >= LOAD_BEFORE_DRAIN for load in loads), "load")

        portway.signal(signal.SIGTERM)
        self.assertEqual(0, portway.process.wait(30), portway.log())
        for load in loads:
            load.thread.join(30)
            self.assertFalse(load.thread.is_alive())
            self.assertEqual([], load.errors)

        written = self.values_in(topic)
        answered = [load.value(number) for load in loads for number in range(load.answered)]
        self.assertCountEqual(answered, written,
                              "every request is answered, or was never forwarded")

    def test_readiness_fails_first(self):
        portway = self.start_portway(PROXY, configuration(
            PROXY, self.inside_brokers(), serve={"drain_notice": "60s"}))
        portway.signal(signal.SIGTERM)
        wait_until(lambda: portway.get("/readyz")[0] == 503, "readiness to fail")
        self.assertEqual(200, portway.get("/livez")[0])
        with self.connection(PROXY, FIRST_PORT) as connection:  # still served
            self.assertIsNone(wire.broker_refuses_identity(connection, 1))
        portway.signal(signal.SIGTERM)  # the second: at once
        self.assertIsNotNone(portway.process.wait(10))

    def test_reload_adds_and_removes_an_external_listener(self):
        text = configuration(PROXY, self.inside_brokers())
        portway = self.start_portway(PROXY, text)
        second = f"""  - name: EXTERNAL2
    advertise: "second{{id}}.{DOMAIN}"
    ports: {{first: {SECOND_FIRST_PORT}, ids: 1-3}}
serve:"""
        with self.connection(PROXY, FIRST_PORT + 2) as untouched:
            self.assertIsNone(wire.broker_refuses_identity(untouched, 3))
            self.reload(portway, text.replace("serve:", second))
            with self.connection(PROXY, SECOND_FIRST_PORT + 1) as connection:
                self.assertIsNone(wire.broker_refuses_identity(connection, 2))
                self.assertEqual((f"second2.{DOMAIN}", SECOND_FIRST_PORT + 1),
                                 wire.metadata(connection, []).brokers[2])

            generation = portway.status()["configuration"]["generation"]
            portway.write_configuration(text.replace("bootstrap_port", "bootstrap_prot"))
            portway.signal(signal.SIGHUP)
            error = wait_until(lambda: portway.status()["configuration"]["last_error"],
                               "the bad file to be refused")
            self.assertIn("bootstrap_prot", error)
            self.assertEqual(generation, portway.status()["configuration"]["generation"])

            self.reload(portway, text)
            with self.assertRaises(ConnectionRefusedError):
                self.connection(PROXY, SECOND_FIRST_PORT + 1)
            self.assertIsNone(wire.broker_refuses_identity(untouched, 3))

    def reload(self, portway, text: str):
        generation = portway.status()["configuration"]["generation"]
        portway.write_configuration(text)
        portway.signal(signal.SIGHUP)
        wait_until(lambda: portway.status()["configuration"]["generation"] > generation,
                   f"the new configuration; log: {portway.log_path}")
        portway.wait_ready()

    def test_broker_without_a_place_in_the_plan(self):
        portway = self.start_portway(
            PROXY, configuration(PROXY, self.inside_brokers(), ids="1-2", label="s"))
        with self.connection(PROXY, FIRST_PORT) as connection:
            told = wire.metadata(connection, []).brokers
        self.assertEqual({broker_id: (f"s{broker_id}.{DOMAIN}", FIRST_PORT + broker_id - 1)
                          for broker_id in (1, 2)}, told)
        listener = portway.status()["external_listeners"][0]
        self.assertEqual([3], listener["brokers_without_place"])
        self.assertIn("ids", listener["widen_hint"])
        self.assertRegex(portway.get("/metrics")[1],
                         r"(?m)^portway_brokers_without_place\b.* 1$")
        self.assertIn(listener["widen_hint"].split("\n")[0][:20], portway.log())
        self.check_other_partitions_work()

    def check_other_partitions_work(self):
        from confluent_kafka import Producer
        topic = self.create_topic()
        leaders = self.leaders(topic)
        producer, failures = Producer({"bootstrap.servers": f"{PROXY}:{FIRST_PORT}"}), []
        for partition, leader in leaders.items():
            if leader != 3:
                producer.produce(topic, b"value", partition=partition, on_delivery=lambda error, _:
                                 failures.append(error) if error else None)
        self.assertEqual(0, producer.flush(30))
        self.assertEqual([], failures)
