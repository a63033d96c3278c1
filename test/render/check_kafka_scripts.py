#!/usr/bin/env python3
"""Renders an example's scripts and runs the checkers over them: check_kafka_scripts.py RENDER_FILES
EXAMPLE CHECK (of run_checks.py)."""

import pathlib
import subprocess
import sys
import tempfile

import run_checks

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    render, example, check = arguments
    own_files = PROJECT / "src" / "render" / "testdata" / f"{example}.input"
    with tempfile.TemporaryDirectory(prefix="scripts-") as folder:
        subprocess.run(
            [render, PROJECT / "src" / "plan" / "examples" / f"{example}.yaml", folder, "scripts",
             *(f"{path.stem}={path}" for path in sorted(own_files.glob("*.properties")))],
            check=True)
        return run_checks.main([folder, check])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
