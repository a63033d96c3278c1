#!/usr/bin/env python3
"""Shows that a check passes what is right and can fail: checks_test.py CHECK runs it over samples/
and over every broken variant of it. Exits 77 where the check itself cannot run."""

import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import broken_samples
import findings
import run_checks

SAMPLES = pathlib.Path(__file__).resolve().parent / "samples"


class ChecksTest(unittest.TestCase):
    check = ""  # set by main

    def found(self, folder: pathlib.Path) -> list[str]:
        return [str(finding) for finding in run_checks.CHECKS[self.check](folder).sorted()]

    def test_samples_are_fine(self):
        self.assertEqual([], self.found(SAMPLES))

    def test_a_folder_with_nothing_to_check_is_not_fine(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "README.md").write_text("nothing", "utf-8")
            self.assertEqual(findings.EXIT_FOUND, run_checks.main([folder, self.check]))

    def test_every_broken_sample_is_found(self):
        for broken in broken_samples.BY_CHECK[self.check]:
            with self.subTest(broken.what), tempfile.TemporaryDirectory() as scratch:
                folder = pathlib.Path(scratch) / "rendered"
                shutil.copytree(SAMPLES, folder)
                text = (folder / broken.path).read_text("utf-8")
                self.assertIn(broken.old, text, "the sample has changed")
                (folder / broken.path).write_text(text.replace(broken.old, broken.new, 1), "utf-8")
                found = self.found(folder)
                self.assertTrue(any(re.search(broken.finding, line) for line in found),
                                f"{broken.finding!r} is in none of:\n" + "\n".join(found))


def main(arguments: list[str]) -> int:
    ChecksTest.check = arguments[0]
    try:
        run_checks.CHECKS[arguments[0]](SAMPLES)
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(ChecksTest)
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    return findings.EXIT_FINE if result.wasSuccessful() else findings.EXIT_FOUND


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
