#!/usr/bin/env python3
"""Checks a folder of rendered files: run_checks.py FOLDER CHECK. Prints one line per finding and
exits 1 if there are any; 77 and one line if what the check needs is not on this machine."""

import pathlib
import sys

import check_kubernetes
import check_shell
import check_systemd
import check_terraform
import findings
import terraform_tool

CHECKS = {
    "shell": check_shell.check,
    "terraform": check_terraform.check,
    "terraform-fmt": terraform_tool.check_format,
    "terraform-validate": terraform_tool.check_validate,
    "kubernetes": check_kubernetes.check,
    "helm": check_kubernetes.check_charts,
    "systemd": check_systemd.check,
    "systemd-verify": check_systemd.verify,
}


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[1] not in CHECKS or not pathlib.Path(arguments[0]).is_dir():
        print(f"usage: run_checks.py FOLDER {{{'|'.join(CHECKS)}}}", file=sys.stderr)
        return findings.EXIT_USAGE
    folder, name = pathlib.Path(arguments[0]), arguments[1]
    try:
        report = CHECKS[name](folder)
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    for finding in report.sorted():
        print(finding)
    if report.findings:
        return findings.EXIT_FOUND
    if report.files_checked == 0:
        print(f"{folder}:1: there is nothing here that {name} checks")
        return findings.EXIT_FOUND
    print(f"{name}: {report.files_checked} checked, nothing found")
    return findings.EXIT_FINE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
