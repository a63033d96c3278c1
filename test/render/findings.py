"""What every checker of rendered files shares: what it reports, what it says when it cannot run,
and how it finds files and the things that tools/fetch.sh puts into PORTWAY_CACHE."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import Iterator, NamedTuple

EXIT_FINE = 0
EXIT_FOUND = 1
EXIT_USAGE = 2
EXIT_SKIPPED = 77
TOOL_SECONDS = 300


class Finding(NamedTuple):
    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Skipped(Exception):
    """A whole check cannot run on this machine."""

    def __init__(self, name: str, why: str):
        super().__init__(f"skipped: {name}: {why}")


class Report:
    """What a check of one folder found. A check that read no file at all has proved nothing, so its
    count is kept too."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.files_checked = 0

    def add(self, path: str, line: int, message: str) -> None:
        self.findings.append(Finding(path, line, message))

    def sorted(self) -> list[Finding]:
        return sorted(set(self.findings))


def cache() -> pathlib.Path:
    """PORTWAY_CACHE, with the same default as tools/setup.sh."""
    default = os.environ.get("XDG_CACHE_HOME") or str(pathlib.Path.home() / ".cache")
    return pathlib.Path(os.environ.get("PORTWAY_CACHE") or pathlib.Path(default) / "portway")


def use_packages(check: str) -> pathlib.Path:
    """Makes what fetch_render_checkers installed importable here; the folder it is in. The
    interpreter of ctest then runs every checker, and only a missing package skips one."""
    for place in sorted((cache() / "python" / "render").glob("lib/python3*/site-packages")):
        if place.parent.name == f"python3.{sys.version_info.minor}":
            if str(place) not in sys.path:
                sys.path.append(str(place))
            return place
    raise Skipped(check, f"its Python packages are not in {cache()}; ./test.sh fetches them")


def files_below(root: pathlib.Path) -> Iterator[pathlib.Path]:
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in (".git", ".terraform"))
        for name in sorted(files):
            yield pathlib.Path(directory) / name


def relative(path: pathlib.Path, root: pathlib.Path) -> str:
    return path.relative_to(root).as_posix()


def line_of(text: str, pattern: str, occurrence: int = 1) -> int:
    """The line on which `pattern` stands for the n-th time; 1 if nowhere."""
    for number, line in enumerate(text.split("\n"), 1):
        if re.search(pattern, line):
            occurrence -= 1
            if occurrence == 0:
                return number
    return 1


def find_tool(name: str) -> str | None:
    return shutil.which(name)


def need_tool(check: str, name: str) -> str:
    found = find_tool(name)
    if found is None:
        raise Skipped(check, f"{name} is not on this machine")
    return found


def run(command: list[str], **options) -> subprocess.CompletedProcess:
    options.setdefault("timeout", TOOL_SECONDS)
    return subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL, **options)
