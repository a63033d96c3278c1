#!/usr/bin/env python3
"""The proxy VM's start-up script of the example method2, run as a VM would: in a mount namespace of
its own, where /etc and /usr/local/bin are scratch, with stand-ins for what it calls."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import findings

SCRIPT = (pathlib.Path(__file__).resolve().parents[2] / "src" / "render" / "testdata" / "method2"
          / "proxy" / "startup.sh")
EXECUTABLE = "#!/bin/true\n"
SHA256 = "35a00f9b2c4e5cb26fd1b2c7ea0c8fdcd4d7cbc7b8f14a3c4f7b1d0e2f3a4b5c"  # of something else
NOTED = '#!/bin/sh\necho "${0##*/} $*" >>"$CALLS"\n'
# Fails as often as the file says.
DOWNLOAD = NOTED + """left=$(cat "$FAILURES")
if [ "$left" -gt 0 ]; then echo $((left - 1)) >"$FAILURES"; exit 1; fi
printf '%s' '""" + EXECUTABLE + """' >"$4"
"""
INSIDE = """set -e
mount --make-rprivate /
mount --bind "$SCRATCH/etc" /etc
mount --bind "$SCRATCH/local" /usr/local/bin
export PATH="$SCRATCH/bin:$PATH"
for script in "$@"; do bash "$script"; echo next >>"$CALLS"; done
"""
NAMESPACE = ["unshare", "--map-root-user", "--mount"]


class StartupScript(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="portway-startup-")
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        for folder in ("bin", "etc/systemd/system", "local"):
            (self.scratch / folder).mkdir(parents=True)
        for name in ("systemctl", "sysctl", "sleep"):
            self.stand_in(name, NOTED)
        self.stand_in("gcloud", DOWNLOAD)

    def stand_in(self, name: str, text: str) -> None:
        path = self.scratch / "bin" / name
        path.write_text(text, "utf-8")
        path.chmod(0o755)

    def boot(self, *texts: str, failures: int = 0) -> tuple[int, list[str]]:
        """Runs each text, and stops at the first that fails; the exit code and what was called."""
        calls = self.scratch / "calls"
        calls.write_text("", "utf-8")
        (self.scratch / "failures").write_text(str(failures), "utf-8")
        scripts = []
        for number, text in enumerate(texts):
            scripts.append(self.scratch / f"startup{number}.sh")
            scripts[-1].write_text(text, "utf-8")
        result = subprocess.run(
            [*NAMESPACE, "bash", "-c", INSIDE, "bash", *scripts], check=False,
            capture_output=True, text=True, env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SCRATCH": str(self.scratch),
                "CALLS": str(calls), "FAILURES": str(self.scratch / "failures")})
        self.output = result.stdout + result.stderr
        return result.returncode, [line for line in calls.read_text("utf-8").split("\n") if line]

    def installed(self) -> list[str]:
        found = [path.relative_to(self.scratch) for folder in ("etc", "local")
                 for path in (self.scratch / folder).rglob("*") if path.is_file()]
        return sorted(map(str, found))

    def test_installs_and_starts(self):
        script = SCRIPT.read_text("utf-8")
        code, calls = self.boot(script, script, failures=2)
        self.assertEqual(0, code, self.output)
        self.assertEqual(["etc/portway/portway.yaml", "etc/systemd/system/portway.service",
                          "local/portway"], self.installed())
        for name, path in (("portway.yaml", "etc/portway"),
                           ("portway.service", "etc/systemd/system")):
            self.assertEqual((SCRIPT.parent / name).read_bytes(),
                             (self.scratch / path / name).read_bytes())
        self.assertEqual(0o755, (self.scratch / "local/portway").stat().st_mode & 0o777)
        first, second = calls[:calls.index("next")], calls[calls.index("next") + 1:]
        self.assertEqual(3, sum(call.startswith("gcloud storage cp") for call in first))
        self.assertEqual("systemctl restart portway.service", first[-1])
        self.assertEqual(0, sum(call.startswith("gcloud") for call in second))
        self.assertIn("systemctl start portway.service", second)

    def test_another_executable_is_not_installed(self):
        script, places = re.subn(r"(?m)^sha256=.*$", f"sha256={SHA256}",
                                 SCRIPT.read_text("utf-8"))
        self.assertEqual(1, places)
        code, calls = self.boot(script)
        self.assertEqual(1, code, self.output)
        self.assertEqual([], self.installed())
        self.assertEqual(1, len(calls), calls)

    def test_no_executable_is_a_failure(self):
        code, calls = self.boot(SCRIPT.read_text("utf-8"), failures=100)
        self.assertEqual(1, code, self.output)
        self.assertEqual([], self.installed())
        self.assertEqual(10, sum(call.startswith("gcloud") for call in calls))


if __name__ == "__main__":
    if findings.find_tool("unshare") is None or subprocess.run(
            [*NAMESPACE, "true"], check=False, capture_output=True).returncode:
        print("skipped: startup-script: no mount namespace can be made here")
        sys.exit(findings.EXIT_SKIPPED)
    unittest.main(verbosity=2)
