#!/usr/bin/env python3
"""docs/portway.schema.json, as an editor would use it: the examples of portway init hold to it, and
mistakes do not."""

import json
import pathlib
import sys
import unittest

import findings

PROJECT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = sorted((PROJECT / "src" / "plan" / "examples").glob("*.yaml"))
BROKEN = {
    "an unknown key": lambda spec: spec["cluster"].update(nmae="orders"),
    "a missing key": lambda spec: spec["external_listeners"][0].pop("advertise"),
    "a port out of bounds": lambda spec: spec["external_listeners"][0]["ports"].update(first=70000),
    "another word": lambda spec: spec["external_listeners"][0].update(method="portmapping"),
    "a name that Google refuses": lambda spec: spec["cloud"].update(network="Kafka_VPC"),
    "no range": lambda spec: spec["cloud"].update(subnet={"range": "10.64.0.0"}),
}


class SchemaTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import jsonschema
        import yaml
        schema = json.loads((PROJECT / "docs" / "portway.schema.json").read_text("utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        cls.validator = jsonschema.Draft7Validator(schema)
        cls.load = staticmethod(lambda path: yaml.safe_load(path.read_text("utf-8")))

    def test_every_example_holds_to_it(self):
        self.assertTrue(EXAMPLES)
        for path in EXAMPLES:
            with self.subTest(path.name):
                self.assertEqual([], [error.message for error in
                                      self.validator.iter_errors(self.load(path))])

    def test_mistakes_do_not(self):
        for mistake, make in BROKEN.items():
            with self.subTest(mistake):
                spec = self.load(EXAMPLES[0])
                make(spec)
                self.assertFalse(self.validator.is_valid(spec))

    def test_every_key_is_explained(self):
        def properties(node):
            if isinstance(node, dict):
                yield from node.get("properties", {}).items()
                for inner in node.values():
                    yield from properties(inner)
            elif isinstance(node, list):
                for inner in node:
                    yield from properties(inner)

        for name, field in properties(self.validator.schema):
            with self.subTest(name):
                self.assertTrue(field.get("description"))


def main() -> int:
    try:
        findings.use_packages("schema")
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
