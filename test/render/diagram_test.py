#!/usr/bin/env python3
"""The diagrams of the examples, laid out by Graphviz: diagram_test.py PORTWAY. Exits 77 where
Graphviz is not installed."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import findings

EXAMPLES = sorted((pathlib.Path(__file__).resolve().parents[2] / "src" / "plan" / "examples")
                  .glob("*.yaml"))


class DiagramTest(unittest.TestCase):
    portway = ""

    def test_every_example_is_a_picture_with_its_ports(self):
        for example in EXAMPLES:
            with self.subTest(example.name), tempfile.TemporaryDirectory() as folder:
                picture = pathlib.Path(folder) / "plan of mine.svg"  # a path that needs quoting
                subprocess.run([self.portway, "plan", "-c", example, "--diagram", picture],
                               check=True)
                words = " ".join(xml.etree.ElementTree.parse(picture).getroot().itertext())
                for word in ("broker 1", "broker 3", "tidbcloud-prod-000", "psc-subnet", "9094"):
                    self.assertIn(word, words)


if __name__ == "__main__":
    DiagramTest.portway = sys.argv.pop(1)
    if not shutil.which("dot"):
        print(findings.Skipped("diagram", "Graphviz's dot is not installed"))
        sys.exit(findings.EXIT_SKIPPED)
    unittest.main()
