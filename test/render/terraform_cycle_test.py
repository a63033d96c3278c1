#!/usr/bin/env python3
"""The life of the rendered modules, by terraform itself with a stand-in for the google provider:
applied, applied again, changed. terraform_cycle_test.py FOLDER, where FOLDER has an example's
rendered files. Exits 77 where terraform or the stand-in is missing."""

import json
import pathlib
import shutil
import sys
import tempfile
import unittest
from typing import Any

import findings
import terraform_tool
from terraform_source import SourceFile, entries, unquoted

CHECK = "terraform-cycle"
# What modules ask for that no default can be given for.
CONSUMER = {"project": "my-client-project", "network": "default", "subnetwork": "default"}
ADDRESSES = {f"broker-node{node}": f"10.64.0.{node + 1}" for node in range(1, 6)}
Actions = dict[str, list[str]]


def plain(value: Any) -> Any:
    """A literal as python-hcl2 has it, as JSON has it."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in entries(value)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return unquoted(value) if isinstance(value, str) else value


class Module:
    """A copy of one rendered module, with its state."""

    def __init__(self, terraform: terraform_tool.Terraform, folder: pathlib.Path):
        self.terraform, self.folder = terraform, folder
        self.variables = dict(CONSUMER) if folder.name == "consumer" else {}
        mirror = terraform_tool.stand_in_mirror()
        self.run("init", "-backend=false", "-input=false", f"-plugin-dir={mirror}")

    def run(self, *arguments: str) -> str:
        result = self.try_to(*arguments)
        if result.returncode:
            raise AssertionError(f"terraform {arguments}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def try_to(self, *arguments: str):
        self.terraform.environment["TF_DATA_DIR"] = str(self.folder / ".terraform")
        return self.terraform.run(self.folder, *arguments)

    def default(self, name: str) -> Any:
        source = SourceFile(self.folder / "variables.tf", "variables.tf")
        return next(plain(block.body["default"]) for block in source.blocks()
                    if block.kind == "variable" and block.labels[0] == name)

    def set(self, **variables: Any) -> None:
        self.variables |= variables
        (self.folder / "terraform.tfvars.json").write_text(json.dumps(self.variables), "utf-8")

    def plan(self) -> Actions:
        """What would be done, by address; what stays as it is is left out."""
        self.set()
        self.run("plan", "-input=false", "-out=plan")
        changes = json.loads(self.run("show", "-json", "plan")).get("resource_changes", [])
        return {change["address"]: change["change"]["actions"] for change in changes
                if change["change"]["actions"] not in (["no-op"], ["read"])}

    def apply(self) -> None:
        self.set()
        self.run("apply", "-input=false", "-auto-approve")

    def outputs(self) -> dict[str, Any]:
        found = json.loads(self.run("output", "-json"))
        return {name: output["value"] for name, output in found.items()}

    def refusal(self, **variables: Any) -> str:
        before = self.variables
        self.set(**variables)
        result = self.try_to("plan", "-input=false", "-no-color")
        self.variables = before
        return result.stderr if result.returncode else ""


class CycleTest(unittest.TestCase):
    rendered = pathlib.Path()  # set by main

    def setUp(self):
        self.terraform = self.enterContext(terraform_tool.Terraform(CHECK))
        self.terraform.environment |= {"PORTWAY_VM_SUBNET": "brokers-subnet",
                                       "PORTWAY_VM_ADDRESSES": json.dumps(ADDRESSES)}
        scratch = self.enterContext(tempfile.TemporaryDirectory())
        self.folder = pathlib.Path(scratch) / "rendered"
        shutil.copytree(self.rendered, self.folder)

    def module(self, name: str) -> Module:
        if not (self.folder / "terraform" / name).is_dir():
            self.skipTest(f"the plan has no module {name}")
        if name == "proxy" and not (self.folder / "proxy" / "startup.sh").exists():
            (self.folder / "proxy").mkdir(exist_ok=True)
            (self.folder / "proxy" / "startup.sh").write_text("#!/bin/sh\n", "utf-8")
        return Module(self.terraform, self.folder / "terraform" / name)

    def test_applied_again_nothing_changes(self):
        for folder in sorted((self.folder / "terraform").iterdir()):
            if not folder.is_dir():
                continue
            with self.subTest(folder.name):
                module = self.module(folder.name)
                module.apply()
                self.assertEqual({}, module.plan())

    def test_outputs_are_what_consoles_ask_for(self):
        for name in ("port-mapping", "proxy"):
            if not (self.folder / "terraform" / name).is_dir():
                continue
            module = self.module(name)
            module.apply()
            outputs = module.outputs()
            self.assertRegex(outputs["service_attachment"],
                             r"^projects/my-kafka-project/regions/us-west1/serviceAttachments/")
            ports = {str(port) for port in outputs["client_ports"].values()}
            for bootstrap in outputs["bootstrap_ports"].values():
                self.assertLessEqual(set(bootstrap.split(",")), ports)

    def test_a_broker_more_is_its_endpoints_more(self):
        module = self.module("port-mapping")
        module.apply()
        endpoints = module.default("endpoints")
        more = {}
        for name in {one["listener"] for one in endpoints.values()}:
            last = endpoints[f"{name}-3"]
            port = last["client_port"] + 1
            host = last["advertised"].split(":")[0].replace("b3.", "b4.")
            more[f"{name}-4"] = {**last, "broker": "broker-node4", "client_port": port,
                                 "advertised": f"{host}:{port}"}
        module.set(endpoints=endpoints | more,
                   brokers=module.default("brokers") | {"broker-node4": {"zone": "us-west1-a"}})
        expected = {f'google_compute_region_network_endpoint.broker["{key}"]': ["create"]
                    for key in more}
        if not module.default("target_tags"):  # then the rule knows brokers by their addresses
            expected["google_compute_firewall.nat"] = ["update"]
        self.assertEqual(expected, module.plan())

    def test_a_node_more_is_its_vm_more(self):
        module = self.module("cluster")
        module.apply()
        module.set(nodes=module.default("nodes") | {
            "broker-node4": {"zone": "us-west1-a", "address": "10.64.0.5"}})
        self.assertEqual({'google_compute_instance.node["broker-node4"]': ["create"]},
                         module.plan())

    def test_a_consumer_more_is_let_in_in_place(self):
        for name in ("port-mapping", "proxy"):
            if not (self.folder / "terraform" / name).is_dir():
                continue
            module = self.module(name)
            module.apply()
            module.set(consumers=module.default("consumers") | {
                "tidbcloud-prod-009": {"connection_limit": 1}})
            self.assertEqual({"google_compute_service_attachment.kafka": ["update"]},
                             module.plan())

    def test_a_load_balancer_is_replaced_below_its_attachment(self):
        module = self.module("port-mapping")
        module.apply()
        module.set(generation="-2")
        expected = {"google_compute_forwarding_rule.brokers": ["create", "delete"],
                    "google_compute_region_backend_service.brokers": ["create", "delete"],
                    "google_compute_service_attachment.kafka": ["update"]}
        if not module.default("target_tags"):  # then the rule knows its address, too
            expected["google_compute_firewall.nat"] = ["update"]
        self.assertEqual(expected, module.plan())

    def test_another_start_up_script_is_another_template(self):
        module = self.module("proxy")
        module.apply()
        (self.folder / "proxy" / "startup.sh").write_text("#!/bin/sh\necho 2\n", "utf-8")
        self.assertEqual({"google_compute_region_instance_template.proxy": ["create", "delete"],
                          "google_compute_region_instance_group_manager.proxies": ["update"]},
                         module.plan())

    def test_proxies_move_to_other_zones(self):
        module = self.module("proxy")
        module.apply()
        module.set(generation="-2", zones=["us-west1-b"])
        plan = module.plan()
        for made_first in ("google_compute_region_instance_group_manager.proxies",
                           "google_compute_forwarding_rule.proxies"):
            self.assertEqual(["create", "delete"], plan[made_first])
        self.assertEqual(["update"], plan["google_compute_service_attachment.kafka"])

    def test_mistakes_in_the_mapping_are_refused(self):
        module = self.module("port-mapping")
        endpoints = module.default("endpoints")
        one, other = endpoints["EXTERNAL-1"], endpoints["EXTERNAL-2"]
        for wrong, expected in (
                ({**other, "client_port": one["client_port"]}, "the same client_port"),
                ({**other, "broker": one["broker"]}, "the same port of the same broker"),
                ({**other, "advertised": one["advertised"]}, "must advertise the client_port")):
            self.assertIn(expected, module.refusal(endpoints=endpoints | {"EXTERNAL-2": wrong}))
        self.terraform.environment["PORTWAY_VM_SUBNET"] = "another"
        self.assertIn("is not in brokers-subnet", module.refusal())


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not (pathlib.Path(arguments[0]) / "terraform").is_dir():
        print("usage: terraform_cycle_test.py FOLDER (with terraform/)", file=sys.stderr)
        return findings.EXIT_USAGE
    CycleTest.rendered = pathlib.Path(arguments[0])
    try:
        findings.need_tool(CHECK, "terraform")
        findings.use_packages(CHECK)
        if terraform_tool.stand_in_mirror() is None:
            raise findings.Skipped(CHECK, "the stand-in for the google provider is not built")
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(CycleTest)
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    return findings.EXIT_FINE if result.wasSuccessful() else findings.EXIT_FOUND


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
