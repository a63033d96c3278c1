"""Rendered shell scripts: bash reads them, and shellcheck finds nothing, not even style."""

import pathlib
import re

import findings
from findings import Report

CHECK = "shell"
# A script that others only source says so in its first line, as shellcheck wants it.
_SHEBANG = re.compile(rb"#!.*\b(bash|sh)\b|# shellcheck shell=")
_STRICT = re.compile(r"^set -e(u|o|uo) ?", re.M)


def is_shell(path: pathlib.Path) -> bool:
    if path.suffix == ".sh":
        return True
    with path.open("rb") as file:
        return _SHEBANG.match(file.readline(200)) is not None


def check(root: pathlib.Path) -> Report:
    report, tool = Report(), findings.need_tool(CHECK, "shellcheck")
    scripts = [path for path in findings.files_below(root) if is_shell(path)]
    for path in scripts:
        report.files_checked += 1
        shown, text = findings.relative(path, root), path.read_text("utf-8")
        for line, message in re.findall(r": line (\d+): (.*)",
                                        findings.run(["bash", "-n", path]).stderr):
            report.add(shown, int(line), f"bash: {message}")
        if text.startswith("#!"):
            if not path.stat().st_mode & 0o100:
                report.add(shown, 1, "has a #! line and may not be executed")
            if not _STRICT.search(text):
                report.add(shown, 1, "does not stop at a failing command: set -euo pipefail")
    if scripts:
        result = findings.run([tool, "--external-sources", "--severity=style", "--format=gcc",
                               *(path.resolve() for path in scripts)], cwd=root)
        for path, line, message in re.findall(r"^(\S+?):(\d+):\d+: (.*)$", result.stdout, re.M):
            report.add(findings.relative(pathlib.Path(path), root.resolve()), int(line), message)
        if result.returncode > 1:
            report.add(".", 1, f"shellcheck: {result.stderr.strip()}")
    return report
