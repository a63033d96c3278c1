"""Google's own description of the Compute API, as PyPI's google-api-python-client carries it:
which method an HTTP request is, and what is wrong with its parameters and its body."""

import json
import pathlib
import re
from typing import Any, Iterator, NamedTuple

import findings

DOCUMENT = "googleapiclient/discovery_cache/documents/compute.v1.json"
INTEGERS = {"int32": (-2**31, 2**31 - 1), "uint32": (0, 2**32 - 1)}
# gcloud of 2025 sends it with every list; documents of 2026 name it no more.
OLD_PARAMETERS = frozenset({"returnPartialSuccess"})
# Integers of 64 bits are strings in Google's JSON; a number is accepted too.
LONGS = {"int64": (-2**63, 2**63 - 1), "uint64": (0, 2**64 - 1)}


class Method(NamedTuple):
    id: str
    http_method: str
    pattern: re.Pattern
    parameters: frozenset[str]
    request: str | None
    response: str | None

    @property
    def verb(self) -> str:
        return self.id.rsplit(".", 1)[-1]


class Discovery:
    def __init__(self, document: dict[str, Any]):
        self.schemas = document["schemas"]
        self.common = frozenset(document["parameters"])
        self.methods = list(self._methods(document["resources"]))

    @classmethod
    def load(cls, check: str) -> "Discovery":
        path = pathlib.Path(findings.use_packages(check)) / DOCUMENT
        if not path.is_file():
            raise findings.Skipped(check, f"{path} is missing")
        return cls(json.loads(path.read_text("utf-8")))

    def _methods(self, resources: dict[str, Any]) -> Iterator[Method]:
        for resource in resources.values():
            for method in resource.get("methods", {}).values():
                pattern = re.sub(r"\{\+?(\w+)\}", r"(?P<\1>[^/]+)", method["flatPath"])
                yield Method(method["id"], method["httpMethod"], re.compile(pattern + r"\Z"),
                             frozenset(method.get("parameters", {})),
                             method.get("request", {}).get("$ref"),
                             method.get("response", {}).get("$ref"))
            yield from self._methods(resource.get("resources", {}))

    def find(self, http_method: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """The method that `path` (below compute/v1/) is, and what stands in its places."""
        for method in self.methods:
            match = method.http_method == http_method and method.pattern.match(path)
            if match:
                return method, match.groupdict()
        return None

    def query_problems(self, method: Method, query: dict[str, list[str]]) -> Iterator[str]:
        for name in query:
            if name not in method.parameters | self.common | OLD_PARAMETERS:
                yield f"{method.id} knows no query parameter {name!r}"

    def body_problems(self, method: Method, body: Any) -> Iterator[str]:
        if method.request is None:
            if body:
                yield f"{method.id} takes no body"
            return
        yield from self._object(method.request, self.schemas[method.request], body or {}, "",
                                method.id)

    def _object(self, name: str, schema: dict, value: Any, at: str, method: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at or name}: an object is expected, got {value!r}"
            return
        properties = schema.get("properties", {})
        for key, item in value.items():
            where = f"{at}.{key}" if at else key
            if key in properties:
                yield from self._value(properties[key], item, where, method)
            elif "additionalProperties" in schema:
                yield from self._value(schema["additionalProperties"], item, where, method)
            else:
                yield f"{where}: {name} has no such field"
        for key, item in properties.items():
            if method in item.get("annotations", {}).get("required", ()) and key not in value:
                yield f"{at + '.' if at else ''}{key}: {method} requires it"

    def _value(self, schema: dict, value: Any, at: str, method: str) -> Iterator[str]:
        if value is None:
            return  # a PATCH takes a field away with null
        if "$ref" in schema:
            yield from self._object(schema["$ref"], self.schemas[schema["$ref"]], value, at, method)
            return
        kind = schema.get("type", "any")
        if kind == "object":
            yield from self._object(at, schema, value, at, method)
        elif kind == "array":
            if not isinstance(value, list):
                yield f"{at}: a list is expected, got {value!r}"
                return
            for number, item in enumerate(value):
                yield from self._value(schema["items"], item, f"{at}[{number}]", method)
        elif kind != "any":
            problem = self._scalar(schema, kind, value)
            if problem:
                yield f"{at}: {problem}, got {value!r}"

    @staticmethod
    def _scalar(schema: dict, kind: str, value: Any) -> str | None:
        form = schema.get("format")
        if kind == "boolean":
            return None if isinstance(value, bool) else "true or false is expected"
        if form in INTEGERS or form in LONGS:
            low, high = {**INTEGERS, **LONGS}[form]
            text = str(value)
            if isinstance(value, bool) or not re.fullmatch(r"-?\d+", text) or (
                    form in INTEGERS and not isinstance(value, int)):
                return f"{form} is expected"
            return None if low <= int(text) <= high else f"{form} is from {low} to {high}"
        if kind in ("number", "integer"):
            good = isinstance(value, (int, float)) and not isinstance(value, bool)
            return None if good else "a number is expected"
        if not isinstance(value, str):
            return "a string is expected"
        if "enum" in schema and value not in schema["enum"]:
            return f"one of {', '.join(schema['enum'])} is expected"
        if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
            return f"{schema['pattern']} is expected"
        return None
