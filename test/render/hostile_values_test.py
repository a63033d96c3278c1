#!/usr/bin/env python3
"""A cluster's name may hold anything that stands on one line. Whatever it holds, rendered files
stay what they are: the checkers accept them, and a script that is run does nothing of it.

    hostile_values_test.py RENDER_FILES"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import findings
import run_checks

PROJECT = pathlib.Path(__file__).resolve().parents[2]
NAME = "$(touch pwned) `touch pwned` ' \\\" ${HOME} %{x} {{y}} \\\\ ;:|&#"
TARGETS = {"method1": ("kafka", "scripts", "gcloud", "terraform", "docs"),
           "method2": ("gcloud", "terraform", "kubernetes", "proxy", "docs")}
CHECKS = {"scripts": ("shell", "systemd"), "gcloud": ("shell",), "terraform": ("terraform",),
          "kubernetes": ("kubernetes", "helm"), "proxy": ("shell", "systemd")}
# Says of everything that it is not there, so that a script goes all its way.
GCLOUD = """#!/usr/bin/env bash
for word; do
  if [[ $word == describe ]]; then
    echo "ERROR: The resource 'projects/p/x/$name' was not found" >&2
    exit 1
  fi
done
"""


class HostileValuesTest(unittest.TestCase):
    render_files = ""

    def render(self, example: str, folder: pathlib.Path) -> None:
        text = (PROJECT / "src" / "plan" / "examples" / f"{example}.yaml").read_text("utf-8")
        spec = folder / "portway.yaml"
        spec.write_text(text.replace("name: orders", f'name: "{NAME}"'), "utf-8")
        for target in TARGETS[example]:
            subprocess.run([self.render_files, spec, folder, target], check=True)

    def test_checkers_accept_what_is_rendered(self):
        for example, targets in TARGETS.items():
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                self.render(example, folder)
                for target in targets:
                    for check in CHECKS.get(target, ()):
                        with self.subTest(f"{example} {target} {check}"):
                            self.assertIn(run_checks.main([str(folder / target), check]),
                                          (findings.EXIT_FINE, findings.EXIT_SKIPPED))

    def test_nothing_of_it_runs(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            self.render("method1", folder)
            gcloud = folder / "bin" / "gcloud"
            gcloud.parent.mkdir()
            gcloud.write_text(GCLOUD, "utf-8")
            gcloud.chmod(0o755)
            environment = {**os.environ, "PATH": f"{gcloud.parent}:{os.environ['PATH']}",
                           "HOME": name}
            scripts = sorted(folder.rglob("*.sh"))
            self.assertTrue(scripts)
            for script in scripts:
                subprocess.run(["bash", script, "--dry-run"], cwd=folder, env=environment,
                               stdin=subprocess.DEVNULL, capture_output=True, check=False,
                               timeout=30)
            self.assertEqual([], list(folder.rglob("pwned")))


if __name__ == "__main__":
    HostileValuesTest.render_files = sys.argv.pop(1)
    unittest.main()
