#!/usr/bin/env python3
"""gcloud_cycle.py over the sample scripts, and over small wrong ones that it must not let pass:
gcloud_cycle_test.py TestCase."""

import json
import pathlib
import sys
import tempfile
import unittest

import findings
from gcloud_cycle import Cycle

SAMPLES = pathlib.Path(__file__).resolve().parent / "samples"
SITE = json.loads((SAMPLES / "site.json").read_text("utf-8"))
SCRIPTS = {"create": "create.sh", "status": "status.sh", "teardown": "teardown.sh"}
ADDRESS = "addresses {} a --region=us-west1"
DESCRIBE = f"gcloud compute {ADDRESS.format('describe')} >/dev/null 2>&1"
CREATE = f"gcloud compute {ADDRESS.format('create')} --subnet=brokers"
DELETE = f"gcloud compute {ADDRESS.format('delete')}"
RIGHT = {"create": f"{DESCRIBE} || {CREATE}", "status": f"{DESCRIBE}",
         "teardown": f"if {DESCRIBE}; then {DELETE}; fi"}

# What is wrong -> (the scripts that differ, what the cycle says of it).
WRONG = {
    "creates twice": ({"create": CREATE}, r"create again: exit code 1.*already exists"),
    "does not stop": ({"create": f"{RIGHT['create']} || true"}, r"change 1 .* fails: exit code 0"),
    "unknown flag": ({"create": f"{CREATE} --ports=ALL"}, r"create: exit code 2.*unrecognized"),
    "leaves something": ({"teardown": "true"}, r"teardown: left behind: .*/addresses/a"),
    "deletes blindly": ({"teardown": DELETE}, r"teardown again: exit code 1.*was not found"),
    "status changes something": ({"status": DELETE}, r"status: must change nothing"),
    "goes to another API": ({"status": "gcloud dns managed-zones list"}, 
                            r"status: the API would refuse: GET /dns/"),
}


class CycleTest(unittest.TestCase):
    def cycle(self, folder: pathlib.Path, failures: str, plain: bool = False) -> list[str]:
        return Cycle(folder, SITE, SCRIPTS, lambda text: print(f"  {text}", flush=True), plain).run(
            failures)


class PortMapping(CycleTest):
    def test_samples(self):
        self.assertEqual([], self.cycle(SAMPLES / "gcloud" / "port-mapping", ""))


class Proxy(CycleTest):
    def test_samples(self):
        self.assertEqual([], self.cycle(SAMPLES / "gcloud" / "proxy", "6"))


class Wrong(CycleTest):
    def small(self, changed: dict[str, str], failures: str, plain: bool = False) -> str:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**RIGHT, **changed}.items():
                script = pathlib.Path(folder) / SCRIPTS[name]
                script.write_text(f"set -euo pipefail\n{text}\n", "utf-8")
            return " ".join("\n".join(
                self.cycle(pathlib.Path(folder), failures, plain)).split())

    def test_right_scripts_pass(self):
        for plain in (False, True):
            with self.subTest(plain=plain):
                self.assertEqual("", self.small({}, "1", plain))

    def test_wrong_scripts_are_found(self):
        for what, (changed, said) in WRONG.items():
            with self.subTest(what):
                self.assertRegex(self.small(changed, "1"), said)


def main(arguments: list[str]) -> int:
    try:
        Cycle(SAMPLES, SITE, SCRIPTS)
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    suite = unittest.defaultTestLoader.loadTestsFromName(arguments[0], sys.modules[__name__])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    return findings.EXIT_FINE if result.wasSuccessful() else findings.EXIT_FOUND


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
