"""Replicas that were started one after the other, with bootstrap brokers in different orders,
cannot be told apart."""

import errno

import raw_client
import wire
from case import SiteTest
from portway_process import FIRST_PORT
from site_inside import REPLICAS, SPARE_PROXY_ADDRESSES
from waiting import wait_until

BROKER_IDS = (1, 2, 3)


class ReplicasTest(SiteTest):
    def answers(self, address: str, broker_id: int, request, count: int) -> set:
        api_key, version, body, flexible = request
        with self.connection(address, FIRST_PORT + broker_id - 1) as connection:
            return {connection.request(api_key, version, body, flexible) for _ in range(count)}

    def assert_same_answers(self, addresses, broker_id: int, name: str, request):
        """A KRaft broker names another broker as controller each time, by chance: the same broker
        gives several answers. What the replicas make of them must be the same set of bytes."""
        seen = {address: set() for address in addresses}

        def all_saw_the_same():
            for address in addresses:
                seen[address] |= self.answers(address, broker_id, request, 30)
            return len({frozenset(answers) for answers in seen.values()}) == 1

        wait_until(all_saw_the_same, f"the same answers to {name} of broker {broker_id}: {seen}",
                   seconds=15)
        self.assertLessEqual(len(seen[addresses[0]]), len(BROKER_IDS), name)
        for answer in seen[addresses[0]]:
            self.assertNotIn(b"10.64.0.", answer, f"{name}: an address of the inside")
            self.assertIn(b".tidbcloud.com", answer, name)

    def test_answers_are_equal_byte_for_byte(self):
        group = self.unique("group")
        requests = raw_client.address_requests(group, newest=self.release >= (4, 0))
        wait_until(lambda: self.coordinator_is_known(requests["FindCoordinator v0"]),
                   "a group coordinator")
        for broker_id in BROKER_IDS:
            for name, request in requests.items():
                with self.subTest(name, broker=broker_id):
                    self.assert_same_answers(REPLICAS, broker_id, name, request)

    def coordinator_is_known(self, request) -> bool:
        answers = {answer for broker_id in BROKER_IDS
                   for answer in self.answers(REPLICAS[0], broker_id, request, 1)}
        return all(b".tidbcloud.com" in answer for answer in answers)

    def test_a_replica_that_just_started_serves_every_port(self):
        address = SPARE_PROXY_ADDRESSES[0]
        self.start_portway(address)
        for broker_id in reversed(BROKER_IDS):
            with self.connection(address, FIRST_PORT + broker_id - 1) as connection:
                self.assertIsNone(wire.broker_refuses_identity(connection, broker_id))
        metadata = raw_client.address_requests("group", newest=False)["Metadata v8"]
        self.assert_same_answers([REPLICAS[0], address], 3, "Metadata v8", metadata)

    def test_clients_reach_no_broker_but_through_portway(self):
        """Without this the other tests would prove little."""
        for host, port in self.inside_brokers():
            with self.assertRaises(OSError) as refusal:
                self.connection(host, port, timeout=2)
            self.assertEqual(errno.ENETUNREACH, refusal.exception.errno)

    def test_every_port_is_its_broker(self):
        for address in REPLICAS:
            for broker_id in BROKER_IDS:
                with self.connection(address, FIRST_PORT + broker_id - 1) as connection:
                    self.assertIsNone(wire.broker_refuses_identity(connection, broker_id))
                    other = broker_id % len(BROKER_IDS) + 1
                    self.assertIsNotNone(wire.broker_refuses_identity(connection, other))
