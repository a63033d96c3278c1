#!/usr/bin/env python3
"""Integration sites: brokers, proxies and clients in namespaces of their own.

    site_control.py up DIRECTORY --version 4.3.0 --portway BINARY   returns when it is ready
    site_control.py run DIRECTORY MODULE...                         tests, where clients are
    site_control.py down DIRECTORY                                  ends it

A site ends by itself when the process that called `up` (ctest, a shell) ends. Exit code 77: this
machine cannot do it, and why."""

import argparse
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "tools" / "kafka")]

from cluster import default_cache, libs_in_cache  # noqa: E402
from waiting import wait_until  # noqa: E402

EXIT_SKIPPED = 77
UP_SECONDS = 150
LIFETIME_SECONDS = 1800


def unshare_command() -> list | None:
    """How to get mounts, processes and networks of one's own here; None if not at all."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    # In a chroot, / is no mount point and its propagation cannot be changed.
    for propagation in ([], ["--propagation", "unchanged"]):
        command = ["unshare", *as_root, "--mount", *propagation, "--net", "--pid", "--fork",
                   "--kill-child", "--mount-proc"]
        probe = [*command, "sh", "-c", "ip link set lo up && mount --bind /etc/hosts /etc/hosts"]
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return command
    return None


def reason_to_skip(cache: str, version: str) -> str | None:
    for tool in ("unshare", "nsenter", "ip", "java"):
        if not shutil.which(tool):
            return f"{tool} is not installed"
    if not libs_in_cache(cache, version):
        return f"Kafka {version} is not in {cache}; ./test.sh fetches it"
    if not unshare_command():
        return "this machine lets nobody make namespaces (needs root, or user namespaces)"
    return None


def up(arguments) -> int:
    reason = reason_to_skip(arguments.cache, arguments.version)
    if reason:
        print(f"skipped: {reason}")
        return EXIT_SKIPPED
    shutil.rmtree(arguments.directory, ignore_errors=True)
    arguments.directory.mkdir(parents=True)
    caller = os.pidfd_open(os.getppid())
    log_path = arguments.directory / "site.log"
    if os.fork() == 0:
        try:
            supervise(arguments, caller, log_path)
        finally:
            os._exit(0)
    wait_until(lambda: (arguments.directory / "ready.json").exists()
               or (arguments.directory / "ended").exists(),
               f"the site; its log: {log_path}", UP_SECONDS)
    if (arguments.directory / "ended").exists():
        print(log_path.read_text(encoding="utf-8", errors="replace"), file=sys.stderr)
        return 1
    return 0


def supervise(arguments, caller: int, log_path: pathlib.Path):
    """Outlives `up`; ends the site with its caller, at `down`, or when it has become too old."""
    os.setsid()
    with open(os.devnull, "rb") as nothing, open(log_path, "ab") as log:
        for descriptor, file in ((0, nothing), (1, log), (2, log)):
            os.dup2(file.fileno(), descriptor)
    site = subprocess.Popen([
        *unshare_command(), sys.executable, "-B", str(HERE / "site_inside.py"),
        "--version", arguments.version, "--cache", arguments.cache,
        "--portway", arguments.portway, "--directory", str(arguments.directory)])
    (arguments.directory / "supervisor.pid").write_text(str(os.getpid()), encoding="utf-8")
    signal.signal(signal.SIGTERM, lambda *_: site.kill())
    wait_until(lambda: children_of(site.pid) or site.poll() is not None, "process 1", 10)
    (arguments.directory / "inside.pid").write_text(
        "".join(children_of(site.pid)[:1]), encoding="utf-8")
    ended = os.pidfd_open(site.pid)
    select.select([caller, ended], [], [], LIFETIME_SECONDS)
    site.kill()  # --kill-child takes process 1 along, and with it every process of the site
    site.wait()
    (arguments.directory / "ended").touch()


def children_of(pid: int) -> list:
    try:
        return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except FileNotFoundError:
        return []


def down(arguments) -> int:
    pid_file = arguments.directory / "supervisor.pid"
    if not pid_file.exists():
        print("skipped: the site was not up")
        return EXIT_SKIPPED
    os.kill(int(pid_file.read_text("ascii")), signal.SIGTERM)
    wait_until(lambda: (arguments.directory / "ended").exists(), "the site to end", 30)
    return 0


def run(arguments) -> int:
    if not (arguments.directory / "ready.json").exists():
        print("skipped: the site is not up; see the test that starts it")
        return EXIT_SKIPPED
    inside = (arguments.directory / "inside.pid").read_text("ascii")
    python = pathlib.Path(arguments.cache) / "python" / "clients" / "bin" / "python"
    if not os.access(python, os.X_OK):
        print(f"skipped: librdkafka for Python is not at {python}; ./test.sh fetches it")
        return EXIT_SKIPPED
    user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    # With the root of process 1: in a chroot, that of its mount namespace is another, and the
    # working directory of here would be outside of it, where Java does not start.
    command = ["nsenter", "--target", inside, *user, "--mount", "--root", "--wd", "--pid", "--net",
               "--",
               str(python), "-B", str(HERE / "run_tests.py"), str(arguments.directory),
               *arguments.modules]
    return subprocess.run(command, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, function in (("up", up), ("run", run), ("down", down)):
        command = commands.add_parser(name)
        command.set_defaults(function=function)
        command.add_argument("directory", type=lambda text: pathlib.Path(text).resolve())
        command.add_argument("--cache", default=default_cache())
        if name == "up":
            command.add_argument("--version", required=True)
            command.add_argument("--portway", required=True)
        if name == "run":
            command.add_argument("modules", nargs="+")
    arguments = parser.parse_args()
    return arguments.function(arguments)


if __name__ == "__main__":
    sys.exit(main())
