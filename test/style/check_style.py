#!/usr/bin/env python3
"""Checks the style of the project: check_style.py ROOT {rules|format|headers|shell}.

Prints one line per finding and exits 1 if there are any; 77 (skipped) if a tool is missing."""

import sys

import rules
import tools
from source_tree import SourceTree

EXIT_SKIPPED = 77


def findings_of(part: str, tree: SourceTree):
    if part == "rules":
        return [finding for rule in rules.RULES for finding in rule(tree)]
    return list(tools.TOOLS[part](tree))


def main(arguments) -> int:
    parts = ["rules", *tools.TOOLS]
    if len(arguments) != 2 or arguments[1] not in parts:
        print(f"usage: check_style.py ROOT {{{'|'.join(parts)}}}", file=sys.stderr)
        return 2
    tree = SourceTree(arguments[0])
    try:
        findings = findings_of(arguments[1], tree)
    except tools.ToolMissing as missing:
        print(f"skipped: {missing}")
        return EXIT_SKIPPED
    for finding in sorted(findings, key=lambda finding: (finding.path, finding.line)):
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
