"""The rules of style that other programs decide: clang-format, the compiler, shellcheck."""

import concurrent.futures
import os
import re
import shutil
import subprocess
from typing import Iterator

from rules import Finding
from source_tree import SourceFile, SourceTree

CLANG_FORMAT = "clang-format-16"
SHELLCHECK = "shellcheck"
FILES_PER_FORMAT_RUN = 20


class ToolMissing(Exception):
    pass


def _need(tool: str) -> str:
    found = shutil.which(tool)
    if not found:
        raise ToolMissing(f"{tool} is not installed; ./test.sh installs it")
    return found


def _run(command, root):
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def _in_parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for findings in pool.map(function, items):
            yield from findings


def formatting(tree: SourceTree) -> Iterator[Finding]:
    tool = _need(CLANG_FORMAT)
    paths = [file.path for file in tree.cpp()]

    def check(group):
        result = _run([tool, "--dry-run", "-Werror", "--ferror-limit=1", *group], tree.root)
        return [Finding("format", path, int(line), f"{CLANG_FORMAT} would change this")
                for path, line in re.findall(r"^(\S+):(\d+):\d+: error:", result.stderr, re.M)]

    yield from _in_parallel(check, [paths[at:at + FILES_PER_FORMAT_RUN]
                                    for at in range(0, len(paths), FILES_PER_FORMAT_RUN)])


def _proved_by_its_source(tree: SourceTree, header: SourceFile) -> bool:
    """x.cc includes x.h before anything else, so compiling it proves that x.h stands alone."""
    for ending in (".cc", "_test.cc"):
        source = tree.by_path.get(header.path.removesuffix(".h") + ending)
        if source:
            first = next((name for _, name, _ in source.includes()), "")
            return header.path.removeprefix("src/") == first
    return False


def headers(tree: SourceTree) -> Iterator[Finding]:
    compiler = _need(os.environ.get("CXX", "g++"))

    def check(header):
        command = [compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", "-Isrc", "-I.",
                   "-include", header.path, os.devnull]
        result = _run(command, tree.root)
        if result.returncode == 0:
            return []
        first = next((line for line in result.stderr.split("\n") if "error:" in line), "error")
        return [Finding("header", header.path, 1, f"does not compile on its own: {first}")]

    alone = [file for file in tree.cpp()
             if file.is_header and not _proved_by_its_source(tree, file)]
    yield from _in_parallel(check, alone)


def shell(tree: SourceTree) -> Iterator[Finding]:
    tool = _need(SHELLCHECK)
    scripts = [file.path for file in tree.files if file.is_shell]
    if not scripts:
        return
    result = _run([tool, "--external-sources", "--format=gcc", *scripts], tree.root)
    for path, line, message in re.findall(r"^(\S+?):(\d+):\d+: (.*)$", result.stdout, re.M):
        yield Finding("shell", path, int(line), message)


TOOLS = {"format": formatting, "headers": headers, "shell": shell}
