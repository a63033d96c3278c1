#!/usr/bin/env python3
"""The gcloud scripts that Portway renders for its examples (src/render/testdata), run by gcloud
against the fake Compute API: gcloud_examples_test.py TestCase. Each example has the whole life of
gcloud_cycle.py; then plans change, and things are found that are not the plan's."""

import json
import pathlib
import shutil
import sys
import tempfile
import unittest

import findings
from gcloud_cycle import Cycle, FakeSite

RENDERED = pathlib.Path(__file__).resolve().parents[2] / "src" / "render" / "testdata"
PROJECT = "projects/my-kafka-project"
REGION = f"{PROJECT}/regions/us-west1"
MUST_FAIL = 10**6  # no such change: the script has to fail by itself
NEW = {"project": "my-kafka-project", "network": "default", "subnetworks": []}
EXISTING = {
    "project": "my-kafka-project",
    "network": "kafka-vpc",
    "subnetworks": [{"name": "brokers-subnet", "region": "us-west1", "range": "10.64.0.0/18"}],
    "instances": [
        {"name": f"broker-node{number}", "zone": f"us-west1-{zone}", "subnet": "brokers-subnet",
         "address": f"10.64.0.{number + 1}", "tags": ["http-server"] if number == 2 else []}
        for number, zone in ((1, "a"), (2, "b"), (3, "c"))],
}
SCRIPTS = ("create", "status", "teardown")
# teardown.sh asks; the cycle has nobody to answer.
YES = '#!/usr/bin/env bash\nexec bash "$(dirname "$0")/teardown.sh" --yes\n'
KEPT = '#!/usr/bin/env bash\nbash "$(dirname "$0")/status.sh" >"$HOME/status.txt"\n'
DRY = '#!/usr/bin/env bash\nexec bash "$(dirname "$0")/create.sh" --dry-run\n'


def say(text: str) -> None:
    print(f"  {text}", flush=True)


class Rendered(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="portway-rendered-")
        self.addCleanup(scratch.cleanup)
        # gcloud takes commas, blanks and equals signs in flags apart; folders may have them.
        self.root = pathlib.Path(scratch.name) / "a, b=c"
        shutil.copytree(RENDERED, self.root)
        for folder in self.root.glob("*/gcloud/*/"):
            (folder / "teardown-yes.sh").write_text(YES, "utf-8")
            (folder / "status-kept.sh").write_text(KEPT, "utf-8")
            (folder / "create-dry.sh").write_text(DRY, "utf-8")

    def cycle(self, example: str, method: str, site: dict, failures: str) -> None:
        scripts = {"create": "create.sh", "status": "status.sh", "teardown": "teardown-yes.sh"}
        folder = self.root / example / "gcloud" / method
        self.assertEqual([], Cycle(folder, site, scripts, say).run(failures))

    def site(self, example: str, method: str, seed: dict) -> FakeSite:
        """A fake with the scripts of one example; plan() changes to those of another."""
        self.scripts = Cycle(self.root, seed, {}, say)
        self.plan(example, method)
        return FakeSite(self.scripts)

    def plan(self, example: str, method: str) -> None:
        folder = f"{example}/gcloud/{method}"
        self.scripts.scripts = {name: f"{folder}/{name}.sh" for name in SCRIPTS}
        self.scripts.scripts["teardown"] = f"{folder}/teardown-yes.sh"
        self.scripts.scripts["status kept"] = f"{folder}/status-kept.sh"
        self.scripts.scripts["dry"] = f"{folder}/create-dry.sh"

    def none_wrong(self) -> None:
        self.assertEqual([], self.scripts.problems)

    def accepted(self, site: FakeSite, attachment: str) -> dict[str, int]:
        lists = site.fake.store.find(f"{REGION}/serviceAttachments/{attachment}")
        return {item["projectIdOrNum"]: item["connectionLimit"]
                for item in lists["consumerAcceptLists"]}

    def opened(self, site: FakeSite, rule: str) -> list[str]:
        allowed = site.fake.store.find(f"{PROJECT}/global/firewalls/{rule}")["allowed"]
        return sorted(port for item in allowed for port in item["ports"])


class ExistingCluster(Rendered):
    def test_life(self):
        self.cycle("existing-cluster", "port-mapping", EXISTING, "")


class Method1(Rendered):
    def test_life(self):
        self.cycle("method1", "port-mapping", NEW, "2")


class Method2(Rendered):
    def test_life(self):
        self.cycle("method2", "proxy", EXISTING, "")


class SecondProject(Rendered):
    def test_port_mapping(self):
        with self.site("method1", "port-mapping", NEW) as site:
            site.script("create", "create for one project")
            self.plan("two-projects", "port-mapping")
            site.script("status", "status before the change", fail_at=MUST_FAIL, changes=False)
            site.script("create", "create for two projects")
            self.none_wrong()
            self.assertEqual({"tidbcloud-prod-000": 10, "tidbcloud-prod-001": 10},
                             self.accepted(site, "kafka-psc"))
            self.assertEqual(["39092-39093"], self.opened(site, "allow-psc-traffic"))
            endpoints = site.fake.store.endpoints[f"{REGION}/networkEndpointGroups/kafka-neg"]
            self.assertEqual([9093, 9094, 9095, 9193, 9194, 9195],
                             sorted(item["clientDestinationPort"] for item in endpoints))
            self.plan("method1", "port-mapping")
            site.script("create", "create for one project again")
            site.script("status", "status", changes=False)
            self.none_wrong()
            self.assertEqual({"tidbcloud-prod-000": 10}, self.accepted(site, "kafka-psc"))
            self.assertEqual(3, len(site.fake.store.endpoints[
                f"{REGION}/networkEndpointGroups/kafka-neg"]))

    def test_proxy(self):
        with self.site("method2", "proxy", EXISTING) as site:
            site.script("create", "create for one project")
            self.plan("two-projects-proxy", "proxy")
            site.script("create", "create for two projects")
            site.script("create", "create for two projects again", changes=False)
            site.script("status", "status", changes=False)
            self.none_wrong()
            self.assertEqual({"tidbcloud-prod-000": 10, "tidbcloud-prod-001": 10},
                             self.accepted(site, "kafka-proxy-psc"))
            self.assertEqual(["9092-9155", "9192-9255"],
                             self.opened(site, "allow-proxy-psc-traffic"))
            templates = [path for path, _ in site.fake.store.of("instanceTemplates")]
            self.assertEqual(2, len(templates))
            site.script("teardown", "teardown of both templates")
            site.expect_empty("teardown of both templates")
            self.none_wrong()


class Strangers(Rendered):
    """What is there already and is not what the plan needs, or not the plan's to remove."""

    def test_dry_run_changes_nothing(self):
        with self.site("method2", "proxy", EXISTING) as site:
            site.script("dry", "create --dry-run", changes=False)
            site.script("status", "status of nothing", fail_at=MUST_FAIL, changes=False)
            self.none_wrong()

    def test_what_create_did_not_make_is_kept(self):
        rule = {"name": "allow-psc-traffic", "network": f"{PROJECT}/global/networks/kafka-vpc",
                "direction": "INGRESS", "sourceRanges": ["10.100.0.0/26"],
                "targetTags": ["kafka-node"], "allowed": [{"IPProtocol": "tcp",
                                                          "ports": ["39092"]}]}
        with self.site("existing-cluster", "port-mapping", EXISTING) as site:
            site.fake.store.seed(f"{PROJECT}/global/firewalls/allow-psc-traffic", rule, "firewall")
            site.script("create", "create beside the operator's own rule")
            site.script("teardown", "teardown beside the operator's own rule")
            self.none_wrong()
            self.assertIn(f"{PROJECT}/global/firewalls/allow-psc-traffic",
                          site.fake.store.resources)
            machine = f"{PROJECT}/zones/us-west1-b/instances/broker-node2"
            self.assertEqual({"http-server", "kafka-node"},
                             set(site.fake.store.find(machine)["tags"]["items"]))

    def test_what_cannot_serve_is_refused(self):
        wrong = json.loads(json.dumps(EXISTING))
        wrong["instances"][1]["address"] = "10.64.9.9"
        with self.site("existing-cluster", "port-mapping", wrong) as site:
            site.script("create", "create with a broker at another address", fail_at=MUST_FAIL)
            self.none_wrong()
            self.assertEqual([], [path for path in site.fake.store.created()])

    def test_connections_are_explained(self):
        with self.site("existing-cluster", "port-mapping", EXISTING) as site:
            site.script("create", "create")
            site.script("status kept", "status without endpoints", changes=False)
            kept = pathlib.Path(site.home.name) / "status.txt"
            self.assertIn("none yet", kept.read_text("utf-8"))
            attachment = site.fake.store.find(f"{REGION}/serviceAttachments/kafka-psc")
            rule = "https://compute.test/compute/v1/projects/{}/regions/us-west1/forwardingRules/e"
            attachment["connectedEndpoints"] = [
                {"endpoint": rule.format("tidbcloud-prod-000"), "status": "ACCEPTED"},
                {"endpoint": rule.format("somebody-else"), "status": "PENDING"}]
            site.script("status kept", "status with endpoints", changes=False)
            self.none_wrong()
            text = kept.read_text("utf-8")
            self.assertRegex(text, r"ACCEPTED +tidbcloud-prod-000/regions")
            self.assertRegex(text, r"PENDING +somebody-else/regions.*\n +waits for ever: its")
            self.assertIn("ok       client port 9095 to broker-node3 port 39092", text)

    def test_global_access_is_not_switched_under_an_attachment(self):
        with self.site("existing-cluster", "port-mapping", EXISTING) as site:
            site.script("create", "create without global access")
            script = self.root / self.scripts.scripts["create"]
            text = script.read_text("utf-8")
            self.assertEqual(1, text.count('"$load_balancer" off'))
            script.write_text(text.replace('"$load_balancer" off', '"$load_balancer" on'), "utf-8")
            site.script("create", "create with it", fail_at=MUST_FAIL, changes=False)
            del site.fake.store.resources[f"{REGION}/serviceAttachments/kafka-psc"]
            site.script("create", "create with it, unpublished")
            self.none_wrong()
            rule = site.fake.store.find(f"{REGION}/forwardingRules/kafka-lb")
            self.assertTrue(rule["allowGlobalAccess"])


def main(arguments: list[str]) -> int:
    try:
        Cycle(RENDERED, NEW, {}, say)
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    suite = unittest.defaultTestLoader.loadTestsFromName(arguments[0], sys.modules[__name__])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    return findings.EXIT_FINE if result.wasSuccessful() else findings.EXIT_FOUND


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
