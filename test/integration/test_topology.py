"""Brokers that join, swap their addresses, move and leave, while Portway runs."""

import cluster as kafka
import wire
from case import SiteTest
from portway_process import FIRST_PORT, configuration
from site_inside import SPARE_BROKER_ADDRESSES, SPARE_PROXY_ADDRESSES
from waiting import wait_until

PROXY = SPARE_PROXY_ADDRESSES[0]
PLACE_A, PLACE_B, PLACE_C = SPARE_BROKER_ADDRESSES[:3]
FOURTH, FIFTH = 4, 5
LEARNT_SECONDS = 30


class TopologyTest(SiteTest):
    def setUp(self):
        self.addCleanup(self.cluster.stop)
        self.portway = self.start_portway(
            PROXY, configuration(PROXY, self.inside_brokers(), serve={"topology_refresh": "1s"}))

    def start_brokers(self, places: dict):
        nodes = [kafka.Node(broker_id, host) for broker_id, host in places.items()]
        for node in nodes:
            self.cluster.start_node(node)
        self.cluster.wait_ready(nodes)

    def brokers_told(self) -> dict:
        with self.connection(PROXY, FIRST_PORT) as connection:
            return wire.metadata(connection, []).brokers

    def is_reached(self, broker_id: int) -> bool:
        with self.connection(PROXY, FIRST_PORT + broker_id - 1, timeout=3) as connection:
            return wire.broker_refuses_identity(connection, broker_id) is None

    def wait_until_reached(self, *broker_ids: int):
        for broker_id in broker_ids:
            wait_until(lambda broker_id=broker_id: self.is_reached(broker_id),
                       f"broker {broker_id} behind its port; log: {self.portway.log_path}",
                       LEARNT_SECONDS)

    def assert_told(self, broker_ids):
        expected = {broker_id: tuple(self.outside(broker_id).split(":"))
                    for broker_id in broker_ids}
        wait_until(lambda: {broker_id: (host, str(port)) for broker_id, (host, port)
                            in self.brokers_told().items()} == expected,
                   f"clients to be told of brokers {broker_ids}", LEARNT_SECONDS)

    def test_join_swap_move_and_leave(self):
        with self.connection(PROXY, FIRST_PORT) as untouched:
            self.assertIsNone(wire.broker_refuses_identity(untouched, 1))

            self.start_brokers({FOURTH: PLACE_A, FIFTH: PLACE_B})
            self.assert_told([1, 2, 3, FOURTH, FIFTH])
            self.wait_until_reached(FOURTH, FIFTH)

            self.stop_brokers(FOURTH, FIFTH)
            self.start_brokers({FOURTH: PLACE_B, FIFTH: PLACE_A})
            self.wait_until_reached(FOURTH, FIFTH)
            self.assert_told([1, 2, 3, FOURTH, FIFTH])

            self.stop_brokers(FOURTH)
            self.start_brokers({FOURTH: PLACE_C})
            self.wait_until_reached(FOURTH, FIFTH)

            self.stop_brokers(FOURTH, FIFTH)
            self.assert_told([1, 2, 3])
            self.assertIsNone(wire.broker_refuses_identity(untouched, 1))
            self.assertEqual(200, self.portway.get("/readyz")[0])

    def stop_brokers(self, *broker_ids: int):
        for broker_id in broker_ids:
            self.cluster.stop_node(broker_id)
