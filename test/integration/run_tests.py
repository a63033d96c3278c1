"""Runs test modules inside a site, at the client's place: run_tests.py DIRECTORY MODULE..."""

import json
import os
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tools" / "kafka")]

EXIT_SKIPPED = 77


class TimedResult(unittest.TextTestResult):
    """Says how long each test took."""

    def startTest(self, test):
        self.started = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        unittest.TestResult.addSuccess(self, test)
        self.stream.writeln(f"ok ({time.monotonic() - self.started:.1f} s)")
        self.stream.flush()


def enter_client(directory: pathlib.Path):
    """Runs this again in the client's network namespace."""
    holders = json.loads((directory / "ready.json").read_text("utf-8"))["holders"]
    os.environ["PORTWAY_SITE"] = str(directory)
    os.execvp("nsenter", ["nsenter", f"--net=/proc/{holders['client']}/ns/net", "--",
                          sys.executable, "-B", __file__, *sys.argv[1:]])


def main() -> int:
    if "PORTWAY_SITE" not in os.environ:
        enter_client(pathlib.Path(sys.argv[1]))
    suite = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[2:])
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout,
                                     resultclass=TimedResult).run(suite)
    if not result.wasSuccessful():
        return 1
    return EXIT_SKIPPED if result.testsRun == len(result.skipped) else 0


if __name__ == "__main__":
    sys.exit(main())
