#!/usr/bin/env python3
"""The life of what a folder of gcloud scripts makes, with gcloud itself and a fake Compute API:
created, created again (nothing changes), shown, left half made and completed, repaired, torn down
twice, and torn down when half made. gcloud_cycle.py FOLDER --site SITE.json [--failures 3,7|all]"""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time
from typing import Any, Callable

import findings
from compute_store import Resource
from discovery import Discovery
from fake_compute import FakeCompute
from gcloud_once import GcloudOnce

SCRIPT_SECONDS = 300
CHECK = "gcloud"
OUTPUT_LINES_SHOWN = 15
# Other APIs that scripts may try: the fake answers that it is not they, where gcloud would else try
# the dead proxy again and again.
OTHER_APIS = ("cloudresourcemanager", "container", "dns", "iam", "logging", "servicedirectory",
              "serviceusage", "storage")
DEAD_PROXY = "http://127.0.0.1:9"  # nothing listens on the discard port: the real network is off


def environment(url: str, project: str, home: str) -> dict[str, str]:
    """All that a script sees. Nothing of the caller's but PATH: no account, no settings of gcloud;
    and whatever does not go to the fake goes to a proxy that is not there."""
    host = url.partition("/compute/")[0]
    return {
        **{f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": f"{host}/{api}/"
           for api in OTHER_APIS},
        "PATH": os.environ["PATH"],
        "HOME": home,
        "LC_ALL": "C.UTF-8",
        "CLOUDSDK_CONFIG": home,
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE": url,
        "CLOUDSDK_CORE_PROJECT": project,
        "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
        "CLOUDSDK_CORE_CHECK_GCE_METADATA": "false",
        "CLOUDSDK_CORE_DISABLE_FILE_LOGGING": "true",
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
        "CLOUDSDK_CORE_SURVEY_DISABLE_PROMPTS": "true",
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "1",
        "HTTP_PROXY": DEAD_PROXY, "HTTPS_PROXY": DEAD_PROXY, "NO_PROXY": "127.0.0.1",
        "http_proxy": DEAD_PROXY, "https_proxy": DEAD_PROXY, "no_proxy": "127.0.0.1",
    }


class Cycle:
    """Each step appends to `problems`; a step that fails does not keep the others from running."""

    def __init__(self, folder: pathlib.Path, site: dict[str, Any], scripts: dict[str, str],
                 say: Callable[[str], None] = print, plain: bool = False):
        findings.need_tool(CHECK, "gcloud")
        self.plain = plain
        self.folder, self.site, self.scripts, self.say = folder, site, scripts, say
        self.discovery = Discovery.load(CHECK)
        self.problems: list[str] = []
        self.history: list[tuple] = []
        self.complete: Resource = {}
        self.teardown_changes = 0

    def run(self, failures: str) -> list[str]:
        missing = [name for name in self.scripts.values() if not (self.folder / name).is_file()]
        if missing:
            return [f"{self.folder}: {', '.join(missing)} is not there"]
        with FakeSite(self) as site:
            self._straight(site)
            points = self._failure_points(failures)
            for number, at in enumerate(points):
                if not self.problems:
                    self._half_made(site, at, really_fail=number == 0)
            if points and self.teardown_changes and not self.problems:
                self._half_gone(site)
        return self.problems

    def _failure_points(self, failures: str) -> list[int]:
        """Numbers of changes: what was asked for, or the first, the middle and the last."""
        last = len(self.history)
        if failures == "all":
            return list(range(1, last + 1))
        if failures == "none":
            return []
        if failures:
            return [number for number in map(int, failures.split(",")) if number <= last]
        return sorted({max(1, last // 2), 1, last}, key=lambda number: number != last // 2)

    def _straight(self, site: "FakeSite") -> None:
        if not site.script("create", "create"):
            return
        self.history, self.complete = list(site.fake.history), site.fake.store.picture()
        if not self.history:
            self.problems.append("create: changed nothing in an empty project")
        site.script("create", "create again", changes=False)
        site.script("status", "status", changes=False)
        self._repair(site)
        if site.script("teardown", "teardown"):
            site.expect_empty("teardown")
        self.teardown_changes = len(site.fake.changes)
        site.script("teardown", "teardown again", changes=False)

    def _repair(self, site: "FakeSite") -> None:
        """A machine that was made anew has lost its endpoint in the group."""
        for path, endpoints in site.fake.store.endpoints.items():
            if endpoints:
                lost = endpoints.pop()
                if site.script("create", f"create after {lost.get('clientDestinationPort')} of "
                               f"{path.rsplit('/', 1)[-1]} was lost"):
                    site.expect_complete("create after a lost endpoint")
                return

    def _half_made(self, site: "FakeSite", at: int, really_fail: bool) -> None:
        """The change number `at` fails. Once with a script that sees it fail; else from what the
        changes before it had left, which is the same and saves a run."""
        what = f"create, change {at} of {len(self.history)} fails"
        if really_fail:
            site.reset(None)
            site.script("create", what, fail_at=at)
        if at > 1:
            site.reset(self.history[at - 2])
            if site.script("teardown", f"teardown after {at - 1} changes"):
                site.expect_empty(f"teardown after {at - 1} changes")
        site.reset(self.history[at - 2] if at > 1 else None)
        if at > 1 or really_fail:
            if site.script("create", f"create after {at - 1} changes"):
                site.expect_complete(f"create after {at - 1} changes")


    def _half_gone(self, site: "FakeSite") -> None:
        """A teardown that fails half-way and is run again."""
        site.reset(self.history[-1])
        at = (self.teardown_changes + 1) // 2
        site.script("teardown", f"teardown, change {at} of {self.teardown_changes} fails",
                    fail_at=at)
        if site.script("teardown", "teardown after a failed one"):
            site.expect_empty("teardown after a failed one")


class FakeSite:
    """One fake API and what a script needs to talk to it."""

    def __init__(self, cycle: Cycle):
        self.cycle = cycle
        self.home = tempfile.TemporaryDirectory(prefix="portway-gcloud-")
        self.fake = FakeCompute(cycle.discovery, cycle.site)
        self.environment = environment(self.fake.url, cycle.site["project"], self.home.name)
        self.empty = self.fake.store.snapshot()
        self.gcloud = None if cycle.plain else GcloudOnce(self.home.name, self.environment)
        if self.gcloud and self.gcloud.folder:
            self.environment["PATH"] = f"{self.gcloud.folder}:{self.environment['PATH']}"
        elif self.gcloud:
            cycle.say(f"gcloud is loaded for each call: {self.gcloud.why}")

    def __enter__(self) -> "FakeSite":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.gcloud:
            self.gcloud.close()
        self.fake.close()
        self.home.cleanup()

    def reset(self, snapshot: tuple | None) -> None:
        self.fake.store.restore(snapshot or self.empty)

    def script(self, name: str, what: str, fail_at: int = 0, changes: bool = True) -> bool:
        """Runs a script; whether all was as expected."""
        before, started = len(self.cycle.problems), time.monotonic()
        self.fake.start_counting(fail_at)
        self.fake.complaints.clear()
        calls = len(self.fake.log)
        result = findings.run(["bash", self.cycle.folder.resolve() / self.cycle.scripts[name]],
                              cwd=self.home.name, env=self.environment, timeout=SCRIPT_SECONDS)
        output = (result.stdout + result.stderr).strip().split("\n")
        if (result.returncode != 0) != (fail_at > 0):
            self.problem(f"{what}: exit code {result.returncode}", output)
        for complaint in self.fake.complaints:
            self.problem(f"{what}: the API would refuse: {complaint}")
        if not changes and self.fake.changes:
            self.problem(f"{what}: must change nothing, and did: {', '.join(self.fake.changes)}")
        if fail_at and len(self.fake.changes) > fail_at:
            self.problem(f"{what}: the script went on: {', '.join(self.fake.changes[fail_at:])}")
        self.cycle.say(f"{what}: {len(self.fake.changes)} changes, {len(self.fake.log) - calls} "
                       f"requests, {time.monotonic() - started:.1f} s")
        return len(self.cycle.problems) == before

    def problem(self, text: str, output: list[str] | None = None) -> None:
        self.cycle.problems.append("\n    ".join([text, *(output or [])[-OUTPUT_LINES_SHOWN:]]))

    def expect_empty(self, what: str) -> None:
        left = self.fake.store.created()
        if left:
            self.problem(f"{what}: left behind: {', '.join(left)}")

    def expect_complete(self, what: str) -> None:
        picture, complete = self.fake.store.picture(), self.cycle.complete
        for path in sorted(set(picture) | set(complete)):
            if picture.get(path) != complete.get(path):
                self.problem(f"{what}: {path} is {json.dumps(picture.get(path))}, and after one "
                             f"run without a failure {json.dumps(complete.get(path))}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--site", type=pathlib.Path, required=True,
                        help="what was there before: project, network, subnetworks, instances")
    parser.add_argument("--failures", default="", help="numbers of changes, all or none; "
                        "the middle, first and last unless given")
    parser.add_argument("--plain", action="store_true",
                        help="start gcloud anew for each call: slower, and the same")
    for name in ("create", "status", "teardown"):
        parser.add_argument(f"--{name}", default=f"{name}.sh", metavar="SCRIPT")
    chosen = parser.parse_args(arguments)
    scripts = {name: getattr(chosen, name) for name in ("create", "status", "teardown")}
    try:
        site = json.loads(chosen.site.read_text("utf-8"))
        problems = Cycle(chosen.folder, site, scripts,
                         lambda text: print(text, flush=True), chosen.plain).run(chosen.failures)
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    for problem in problems:
        print(f"{chosen.folder}: {problem}")
    return findings.EXIT_FOUND if problems else findings.EXIT_FINE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
