#!/usr/bin/env python3
"""Shows of every rule that it can fail: one small tree per violation, and one clean tree."""

import pathlib
import sys
import tempfile
import unittest

import check_style
from source_tree import SourceTree

CLEAN = {
    "src/base/CMakeLists.txt": "portway_layer(base SOURCES thing.cc)\n",
    "src/base/thing.h": "#pragma once\n\nint thing();\n",
    "src/base/thing.cc": '#include "base/thing.h"\n\nint thing() { return 1; }\n',
    ".clang-format": "BasedOnStyle: Google\nColumnLimit: 100\n",
    "run.sh": "#!/usr/bin/env bash\nset -euo pipefail\necho \"$1\"\n",
}
CMAKE = "src/{0}/CMakeLists.txt"

# name -> (part, rule, the files that differ from the clean tree)
VIOLATIONS = {
    "long line": ("rules", "line-length", {"run.sh": "#!/bin/bash\n# " + "x" * 99 + "\n"}),
    "long file": ("rules", "file-length", {"run.sh": "#!/bin/bash\n" + "#\n" * 600}),
    "no pragma once": ("rules", "pragma-once", {"src/base/thing.h": "int thing();\n"}),
    "receive outside net": ("rules", "banned-call", {
        "src/base/thing.cc": '#include "base/thing.h"\nint f() { return ::recv(0, 0, 0, 0); }\n'}),
    "clock outside net": ("rules", "banned-call", {
        "src/base/thing.cc": '#include "base/thing.h"\n'
                             "auto t = std::chrono::steady_clock::now();\n"}),
    "time()": ("rules", "banned-call", {
        "src/base/thing.cc": '#include "base/thing.h"\nauto t = time(nullptr);\n'}),
    "resolver outside net": ("rules", "banned-call", {
        "src/base/thing.cc": '#include "base/thing.h"\nint r = getaddrinfo(0, 0, 0, 0);\n'}),
    "rand": ("rules", "banned-call", {
        "src/base/thing.cc": '#include "base/thing.h"\nint r = rand();\n'}),
    "sleep in a test": ("rules", "banned-call", {
        "src/base/thing.cc": '#include "base/thing.h"\nvoid s() { sleep_for(1s); }\n'}),
    "sleep in Python": ("rules", "banned-call", {"tools/x.py": "import time\ntime.sleep(1)\n"}),
    "upward include": ("rules", "layers", {
        "src/kafka/up.h": "#pragma once\n", "src/base/thing.cc":
            '#include "base/thing.h"\n#include "kafka/up.h"\n'}),
    "session includes net": ("rules", "layers", {
        CMAKE.format("session"): "portway_layer(session SOURCES s.cc)\n",
        "src/net/n.h": "#pragma once\n", "src/session/s.cc": '#include "net/n.h"\n'}),
    "unknown layer": ("rules", "layers", {"src/extra/e.h": "#pragma once\n"}),
    "spdlog twice": ("rules", "third-party", {
        "src/base/thing.cc": '#include "base/thing.h"\n#include <spdlog/spdlog.h>\n',
        "src/base/thing.h": "#pragma once\n#include <spdlog/spdlog.h>\n"}),
    "CLI11 outside app": ("rules", "third-party", {
        "src/base/thing.cc": '#include "base/thing.h"\n#include <CLI/CLI.hpp>\n'}),
    "source not built": ("rules", "dead-file", {"src/base/lost.cc": "int lost;\n"}),
    "header not included": ("rules", "dead-file", {"src/base/lost.h": "#pragma once\n"}),
    "promise": ("rules", "promise", {"run.sh": "#!/bin/bash\n# TO" "DO: later\n"}),
    "machine path": ("rules", "machine-path", {"run.sh": "#!/bin/bash\nls /home/" "someone\n"}),
    "format": ("format", "format", {"src/base/thing.h": "#pragma once\n\nint   thing( );\n"}),
    "header needs another": ("headers", "header", {
        "src/base/needy.h": "#pragma once\n\nstd::string needy();\n"}),
    "header not first in its source": ("headers", "header", {
        "src/base/thing.h": "#pragma once\n\nstd::string thing();\n",
        "src/base/thing.cc": '#include <string>\n\n#include "base/thing.h"\n'}),
    "shell": ("shell", "shell", {"run.sh": "#!/bin/bash\nrm -rf $1\n"}),
}


def findings(part, files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            full = pathlib.Path(root) / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_text(text, encoding="utf-8")
        return check_style.findings_of(part, SourceTree(root))


class CheckStyleTest(unittest.TestCase):
    def test_clean_tree_has_no_findings(self):
        for part in ("rules", "format", "headers", "shell"):
            self.assertEqual([], findings(part, CLEAN), part)

    def test_every_violation_is_found_by_its_rule(self):
        for name, (part, rule, files) in VIOLATIONS.items():
            with self.subTest(name):
                found = {finding.rule for finding in findings(part, {**CLEAN, **files})}
                self.assertIn(rule, found)

    def test_comments_and_literals_are_not_code(self):
        text = '#include "base/thing.h"\n// ::recv(1)\nconst char* s = "rand()";\n'
        self.assertEqual([], findings("rules", {**CLEAN, "src/base/thing.cc": text}))

    def test_net_may_call_the_system(self):
        files = {**CLEAN, CMAKE.format("net"): "portway_layer(net SOURCES n.cc)\n",
                 "src/net/n.cc": "int f() { return ::recv(0, 0, 0, 0); }\n"}
        self.assertEqual([], findings("rules", files))


if __name__ == "__main__":
    sys.exit(unittest.main())
