#!/usr/bin/env python3
"""The fake Compute API by plain HTTP: it keeps what it is given, and refuses what Google refuses.
Each rule of compute_rules.py is broken once. Exits 77 without the discovery document."""

import json
import pathlib
import sys
import unittest
import urllib.error
import urllib.request

import findings
from discovery import Discovery
from fake_compute import FakeCompute

SITE = json.loads((pathlib.Path(__file__).resolve().parent / "samples" / "site.json").read_text())
PROJECT = f"projects/{SITE['project']}"
REGION = f"{PROJECT}/regions/us-west1"
NETWORK = f"{PROJECT}/global/networks/kafka-vpc"
SUBNET = f"{REGION}/subnetworks/brokers"
PORT_MAP = {"name": "neg", "network": NETWORK, "subnetwork": SUBNET,
            "networkEndpointType": "GCE_VM_IP_PORTMAP"}


def broker(number: int) -> str:
    return f"{PROJECT}/zones/us-west1-{'abc'[number - 1]}/instances/broker-{number}"


def endpoint(number: int, client_port: int, **more) -> dict:
    return {"instance": broker(number), "port": 39092, "clientDestinationPort": client_port, **more}


class FakeComputeTest(unittest.TestCase):
    discovery: Discovery

    def setUp(self):
        self.fake = FakeCompute(self.discovery, SITE)
        self.addCleanup(self.fake.close)

    def call(self, method: str, path: str, body=None) -> tuple[int, dict]:
        request = urllib.request.Request(
            self.fake.url + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def do(self, method: str, path: str, body=None) -> dict:
        status, answer = self.call(method, path, body)
        self.assertEqual(200, status, answer)
        return answer

    def refused(self, reason: str, message: str, method: str, path: str, body=None):
        before = self.fake.store.picture()
        status, answer = self.call(method, path, body)
        self.assertGreaterEqual(status, 400, answer)
        self.assertEqual(reason, answer["error"]["errors"][0]["reason"], answer)
        self.assertIn(message, answer["error"]["message"])
        self.assertEqual(before, self.fake.store.picture(), "refused, and changed something")

    def insert(self, collection: str, body: dict, scope: str = REGION) -> str:
        self.do("POST", f"{scope}/{collection}", body)
        return f"{scope}/{collection}/{body['name']}"

    # What tests start from.

    def psc(self, name: str = "psc", cidr: str = "10.20.0.0/24") -> str:
        return self.insert("subnetworks", {"name": name, "network": NETWORK, "ipCidrRange": cidr,
                                           "purpose": "PRIVATE_SERVICE_CONNECT"})

    def service(self, **more) -> str:
        return self.insert("backendServices", {
            "name": "bs", "protocol": "TCP", "loadBalancingScheme": "INTERNAL", "network": NETWORK,
            **more})

    def port_map(self) -> str:
        """A backend service before a port-mapping group."""
        return self.service(backends=[{"group": self.insert("networkEndpointGroups", PORT_MAP)}])

    def rule_body(self, service: str, **more) -> dict:
        return {"name": "fr", "loadBalancingScheme": "INTERNAL", "IPProtocol": "TCP", "network":
                NETWORK, "subnetwork": SUBNET, "backendService": service, "allPorts": True, **more}

    def attachment_body(self, rule: str, subnet: str, **more) -> dict:
        return {"name": "sa", "targetService": rule, "connectionPreference": "ACCEPT_MANUAL",
                "natSubnets": [subnet], "consumerAcceptLists": [
                    {"projectIdOrNum": "tidb", "connectionLimit": 10}], **more}

    def attached(self) -> tuple[str, str, str]:
        subnet, service = self.psc(), self.port_map()
        rule = self.insert("forwardingRules", self.rule_body(service))
        self.insert("serviceAttachments", self.attachment_body(rule, subnet))
        return subnet, service, rule

    # Resources.

    def test_insert_get_list_delete(self):
        self.refused("notFound", "was not found", "GET", f"{REGION}/subnetworks/psc")
        path = self.psc()
        self.assertEqual("PRIVATE_SERVICE_CONNECT", self.do("GET", path)["purpose"])
        names = [item["name"] for item in self.do("GET", f"{REGION}/subnetworks")["items"]]
        self.assertEqual(["brokers", "psc"], names)
        only = self.do("GET", f"{REGION}/subnetworks?filter=name%20%3D%20psc")["items"]
        self.assertEqual(["psc"], [item["name"] for item in only])
        everywhere = self.do("GET", f"{PROJECT}/aggregated/subnetworks?returnPartialSuccess=True")
        self.assertEqual(2, len(everywhere["items"]["regions/us-west1"]["subnetworks"]))
        self.refused("alreadyExists", "already exists", "POST", f"{REGION}/subnetworks", {
            "name": "psc", "network": NETWORK, "ipCidrRange": "10.30.0.0/24"})
        operation = self.do("DELETE", path)
        done = self.do("POST", f"{REGION}/operations/{operation['name']}/wait")
        self.assertEqual(("RUNNING", "DONE"), (operation["status"], done["status"]))
        self.assertEqual([], self.fake.store.created())

    def test_deleting_what_is_in_use(self):
        subnet, service, rule = self.attached()
        for path in (subnet, service, rule, f"{REGION}/networkEndpointGroups/neg", NETWORK):
            self.refused("resourceInUseByAnotherResource", "is already being used by", "DELETE",
                         path)
        self.do("DELETE", f"{REGION}/serviceAttachments/sa")
        self.do("DELETE", rule)

    def test_what_is_named_must_be_there(self):
        self.refused("notFound", "healthChecks/none", "POST", f"{REGION}/backendServices", {
            "name": "bs", "healthChecks": [f"{REGION}/healthChecks/none"]})

    def test_patch_needs_the_fingerprint(self):
        self.attached()
        path = f"{REGION}/serviceAttachments/sa"
        self.refused("conditionNotMet", "fingerprint", "PATCH", path, {"description": "x"})
        fingerprint = self.do("GET", path)["fingerprint"]
        self.do("PATCH", path, {"description": "x", "fingerprint": fingerprint})
        self.assertEqual("x", self.do("GET", path)["description"])
        self.refused("conditionNotMet", "fingerprint", "PATCH", path,
                     {"description": "y", "fingerprint": fingerprint})

    # Bodies, by the discovery document.

    def test_bodies(self):
        path = f"{REGION}/forwardingRules"
        for message, body in {
            "allPort: ForwardingRule has no such field": {"name": "fr", "allPort": True},
            "allPorts: true or false is expected": {"name": "fr", "allPorts": "yes"},
            "one of": {"name": "fr", "loadBalancingScheme": "INSIDE"},
            "a list is expected": {"name": "fr", "ports": "9092"},
            "ports[0]: a string is expected": {"name": "fr", "ports": [9092]},
        }.items():
            self.refused("invalid", message, "POST", path, body)
        self.refused("invalid", "int32 is expected", "POST", f"{REGION}/networkEndpointGroups/neg/"
                     "attachNetworkEndpoints", {"networkEndpoints": [{"port": "9092"}]})
        self.refused("invalid", "knows no query parameter", "GET", f"{path}?sort=name")
        self.refused("invalid", "has no such method", "PUT", f"{path}/fr", {"name": "fr"})
        self.assertEqual(8, len(self.fake.complaints))

    # Rules.

    def test_subnetwork_overlaps(self):
        self.refused("invalid", "conflicts with", "POST", f"{REGION}/subnetworks", {
            "name": "psc", "network": NETWORK, "ipCidrRange": "10.10.8.0/24"})

    def test_port_mapping_service(self):
        check = self.insert("healthChecks", {"name": "hc", "type": "TCP",
                                             "tcpHealthCheck": {"port": 9092}})
        group = self.insert("networkEndpointGroups", PORT_MAP)
        path, body = f"{REGION}/backendServices", {
            "name": "bs", "loadBalancingScheme": "INTERNAL", "backends": [{"group": group}]}
        self.refused("invalid", "health checks are not supported", "POST", path,
                     {**body, "healthChecks": [check]})
        self.refused("invalid", "Balancing mode", "POST", path, {
            **body, "backends": [{"group": group, "balancingMode": "UTILIZATION"}]})
        self.refused("invalid", "scheme INTERNAL", "POST", path,
                     {**body, "loadBalancingScheme": "INTERNAL_MANAGED"})

    def test_port_mapping_rule(self):
        service, path = self.port_map(), f"{REGION}/forwardingRules"
        self.refused("invalid", "must be allPorts", "POST", path,
                     self.rule_body(service, allPorts=False, ports=["9093"]))
        self.refused("invalid", "L3_DEFAULT", "POST", path,
                     self.rule_body(service, IPProtocol="L3_DEFAULT"))
        self.insert("forwardingRules", self.rule_body(service))
        self.refused("invalid", "already a forwarding rule", "POST", path,
                     self.rule_body(service, name="second"))

    def test_rule(self):
        service, psc = self.service(), self.psc()
        path = f"{REGION}/forwardingRules"
        self.refused("invalid", "purpose PRIVATE", "POST", path,
                     self.rule_body(service, subnetwork=psc))
        six = [str(port) for port in range(9092, 9098)]
        self.refused("invalid", "At most 5 ports", "POST", path,
                     self.rule_body(service, allPorts=False, ports=six))

    def test_service_needs_a_health_check_before_instances(self):
        self._fleet()
        self.refused("invalid", "At least one health check", "POST", f"{REGION}/backendServices", {
            "name": "bs", "loadBalancingScheme": "INTERNAL",
            "backends": [{"group": f"{REGION}/instanceGroups/fleet"}]})

    def _fleet(self, **more) -> str:
        template = self.insert("instanceTemplates", {"name": "t", "properties": {
            "machineType": "e2-small", "networkInterfaces": [{"subnetwork": SUBNET}]}})
        return self.insert("instanceGroupManagers", {
            "name": "fleet", "instanceTemplate": template, "targetSize": 3,
            "baseInstanceName": "fleet", **more})

    def test_fleet(self):
        fleet = self._fleet()
        scaler = {"name": "scaler", "target": fleet, "autoscalingPolicy": {
            "minNumReplicas": 4, "maxNumReplicas": 6}}
        wrong = {**scaler, "autoscalingPolicy": {"minNumReplicas": 7, "maxNumReplicas": 6}}
        self.refused("invalid", "minNumReplicas", "POST", f"{REGION}/autoscalers", wrong)
        self.insert("autoscalers", scaler)
        machines = self.do("POST", f"{fleet}/listManagedInstances")["managedInstances"]
        self.assertEqual(4, len(machines))
        self.refused("invalid", "already has", "POST", f"{REGION}/autoscalers",
                     {**scaler, "name": "second"})
        self.refused("invalid", "number of zones", "PATCH", fleet,
                     {"updatePolicy": {"maxSurge": {"fixed": 1}}})
        self.refused("resourceInUseByAnotherResource", "autoscalers/scaler", "DELETE", fleet)

    def test_attachment(self):
        subnet, _, rule = self.attached()
        path = f"{REGION}/serviceAttachments"
        other = self.psc("other", "10.21.0.0/24")
        for message, change in {
            "must be PRIVATE_SERVICE_CONNECT": {"natSubnets": [SUBNET]},
            "is already used by": {"natSubnets": [subnet]},
            "a forwarding rule of the same region": {"targetService": f"{path}/sa"},
            "Incorrect combination": {"connectionPreference": "ACCEPT_AUTOMATIC"},
            "in the accept list and in the reject list": {"consumerRejectLists": ["tidb"]},
            "already a service attachment": {},
        }.items():
            self.refused("invalid", message, "POST", path, {
                **self.attachment_body(rule, other), "name": "second", **change})

    def test_endpoints(self):
        group = self.insert("networkEndpointGroups", PORT_MAP)
        attach, detach = f"{group}/attachNetworkEndpoints", f"{group}/detachNetworkEndpoints"
        self.do("POST", attach, {"networkEndpoints": [endpoint(1, 9093), endpoint(2, 9094)]})
        for message, wrong in {
            "9093 is already mapped": endpoint(3, 9093),
            "is already an endpoint": endpoint(1, 9099),
            "clientDestinationPort": {"instance": broker(3), "port": 39092},
            "is not the address": endpoint(3, 9095, ipAddress="10.10.0.99"),
        }.items():
            self.refused("invalid", message, "POST", attach, {"networkEndpoints": [wrong]})
        self.refused("notFound", "broker-9", "POST", attach, {"networkEndpoints": [
            {**endpoint(1, 9095), "instance": broker(1).replace("broker-1", "broker-9")}]})
        self.do("POST", attach, {"networkEndpoints": [endpoint(1, 19093, port=39093)]})
        listed = self.do("POST", f"{group}/listNetworkEndpoints")["items"]
        self.assertEqual([9093, 9094, 19093], [item["networkEndpoint"]["clientDestinationPort"]
                                               for item in listed])
        self.do("POST", detach, {"networkEndpoints": [{"instance": broker(1)}]})
        self.refused("invalid", "No network endpoint", "POST", detach,
                     {"networkEndpoints": [{"instance": broker(1)}]})
        self.do("DELETE", broker(2))
        self.assertEqual([], self.fake.store.endpoints[group])

    def test_the_nth_change_fails(self):
        self.fake.start_counting(fail_at=2)
        self.psc()
        self.refused("quotaExceeded", "injected", "POST", f"{REGION}/networkEndpointGroups",
                     PORT_MAP)
        self.insert("networkEndpointGroups", PORT_MAP)


def main() -> int:
    try:
        FakeComputeTest.discovery = Discovery.load("fake-compute")
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(FakeComputeTest)
    result = unittest.TextTestRunner().run(suite)
    return findings.EXIT_FINE if result.wasSuccessful() else findings.EXIT_FOUND


if __name__ == "__main__":
    sys.exit(main())
