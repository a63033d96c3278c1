"""Terraform modules: they parse, they hold to the schema of the google provider, they refer to
nothing that is not declared. What terraform itself says: terraform_tool.py."""

import json
import pathlib
import re
from typing import Any

import findings
from findings import Report
from terraform_source import (Block, Reference, SourceFile, entries, is_block_list, unquoted)

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE / "data" / "google_schema_subset.json"
CHECK = "terraform"
PROVIDER_MIN = (7, 40)  # before it, provider bugs bite exactly these resources

META = {"count", "for_each", "provider", "depends_on"}
META_BLOCKS = {"lifecycle", "provisioner", "connection", "precondition", "postcondition"}
TOP_LEVEL = {"terraform", "provider", "variable", "locals", "output", "resource", "data", "module",
             "check", "moved", "import", "removed"}
ALWAYS_THERE = {"each", "count", "self", "path", "terraform"}
# What the provider demands and its published schema does not say.
AT_LEAST_ONE = {
    "google_compute_region_network_endpoint": ("ip_address", "fqdn"),
    "google_compute_firewall": ("allow", "deny"),
    "google_compute_region_health_check": (
        "tcp_health_check", "http_health_check", "https_health_check", "ssl_health_check",
        "http2_health_check", "grpc_health_check", "grpc_tls_health_check"),
    "google_compute_service_attachment.consumer_accept_lists": (
        "project_id_or_num", "network_url", "endpoint_url"),
}


def check(root: pathlib.Path) -> Report:
    findings.use_packages(CHECK)
    report = Report()
    schema = json.loads(SCHEMA.read_text("utf-8"))
    folders = module_folders(root)
    modules = {folder.resolve(): Module(folder, root, report, schema) for folder in folders}
    for module in modules.values():
        module.check(modules)
    return report


def module_folders(root: pathlib.Path) -> list[pathlib.Path]:
    return sorted({path.parent for path in findings.files_below(root) if path.suffix == ".tf"})


class Module:
    """One folder of *.tf files."""

    def __init__(self, folder: pathlib.Path, root: pathlib.Path, report: Report, schema: dict):
        self.folder, self.report, self.schema = folder, report, schema
        self.files: list[SourceFile] = []
        for path in sorted(folder.glob("*.tf")):
            report.files_checked += 1
            shown = findings.relative(path, root)
            try:
                self.files.append(SourceFile(path, shown))
            except Exception as error:  # the parser has no one base class for its errors
                first = str(error).strip().split("\n")[0]
                report.add(shown, getattr(error, "line", 1), f"does not parse: {first}")
        self.blocks = [block for file in self.files for block in file.blocks()]
        self.variables = {block.labels[0]: block for block in self._of("variable")}
        self.locals = {name: (block, block.file.line_of_key(block.body, name))
                       for block in self._of("locals") for name, _ in entries(block.body)}
        self.objects = {(block.kind, *block.labels) for block in self.blocks
                        if block.kind in ("resource", "data", "module")}

    def _of(self, kind: str) -> list[Block]:
        return [block for block in self.blocks if block.kind == kind]

    def add(self, file: SourceFile, line: int, message: str) -> None:
        self.report.add(file.shown, line, message)

    def check(self, modules: dict[pathlib.Path, "Module"]) -> None:
        for block in self.blocks:
            if block.kind not in TOP_LEVEL:
                self.add(block.file, block.line, f"unknown block {block.kind}")
            elif block.kind in ("resource", "data"):
                self._object(block)
            elif block.kind == "module":
                self._call(block, modules)
        self._duplicates()
        self._provider_version()
        used: set[tuple[str, str]] = set()
        for file in self.files:
            iterators = file.iterators()
            for reference in file.references():
                used.add((reference.root, reference.steps[0] if reference.steps else ""))
                self._reference(reference, iterators)
        for name, block in self.variables.items():
            if ("var", name) not in used:
                self.add(block.file, block.line, f"variable {name} is used nowhere")
        for name, (block, line) in self.locals.items():
            if ("local", name) not in used:
                self.add(block.file, line, f"local {name} is used nowhere")

    def _duplicates(self) -> None:
        seen = set()
        for block in self.blocks:
            key = (block.kind, *block.labels)
            if block.labels and key in seen and block.kind != "provider":
                self.add(block.file, block.line, f"{' '.join(key)} is declared twice")
            seen.add(key)

    def _provider_version(self) -> None:
        """Only where google is used, and once a module."""
        if not any(labels[0].startswith("google_") for kind, *labels in self.objects
                   if kind != "module"):
            return
        for block in self._of("terraform"):
            for requirement in block.body.get("required_providers", []):
                google = next((value for name, value in entries(requirement) if name == "google"),
                              None)
                if google is None:
                    continue
                lowest = re.search(r"[>=~]\s*v?(\d+)\.(\d+)", str(dict(entries(google))))
                if lowest is None or (int(lowest[1]), int(lowest[2])) < PROVIDER_MIN:
                    self.add(block.file, block.file.line_of_key(block.body, "google"),
                             f"google must be at least {'.'.join(map(str, PROVIDER_MIN))}")
                return
        self.add(self.files[0], 1, "required_providers does not name google")

    # Resources and data.

    def _object(self, block: Block) -> None:
        kind = block.labels[0]
        schemas = self.schema["resource_schemas" if block.kind == "resource"
                              else "data_source_schemas"]
        if kind not in schemas:
            self.add(block.file, block.line, f"{block.kind} type {kind} is not in "
                     f"{SCHEMA.name}: misspelt, or to be added there")
            return
        if "for_each" not in block.body and re.search(r"\beach\.(key|value)\b", str(block.body)):
            self.add(block.file, block.line, "uses each and has no for_each")
        self._body(block, kind, schemas[kind]["block"], block.body, META)

    def _body(self, block: Block, where: str, schema: dict, body: dict,
              meta: frozenset | set = frozenset()) -> None:
        file, attributes = block.file, schema.get("attributes", {})
        nested = schema.get("block_types", {})
        given: dict[str, int] = {}
        for name, value in entries(body):
            line = file.line_of_key(body, name)
            if name == "dynamic":
                self._dynamic(block, where, nested, value, given)
            elif name in meta or (meta and name in META_BLOCKS):
                continue
            elif name in nested:
                if not is_block_list(value):
                    self.add(file, line, f"{where}: {name} is a block, not an argument")
                    continue
                given[name] = len(value)
                for item in value:
                    self._body(block, f"{where}.{name}", nested[name]["block"], item)
            elif name not in attributes:
                self.add(file, line, f"{where} has no argument or block {name}")
            elif is_block_list(value):
                self.add(file, line, f"{where}: {name} is an argument, not a block")
            else:
                given[name] = 1
                self._argument(file, line, where, name, attributes[name], value)
        self._missing(block, where, schema, body, given)

    def _missing(self, block: Block, where: str, schema: dict, body: dict,
                 given: dict[str, int]) -> None:
        line = body.get("__start_line__", block.line)
        for name, attribute in schema.get("attributes", {}).items():
            if attribute.get("required") and name not in given:
                self.add(block.file, line, f"{where} needs {name}")
        for name, nested in schema.get("block_types", {}).items():
            count = given.get(name, 0)
            if count < nested.get("min_items", 0):
                self.add(block.file, line, f"{where} needs a block {name}")
            if nested.get("max_items", 0) and count > nested["max_items"] or (
                    nested["nesting_mode"] == "single" and count > 1):
                self.add(block.file, line, f"{where} has {count} blocks {name}; at most "
                         f"{nested.get('max_items', 1)}")
        choices = AT_LEAST_ONE.get(where)
        if choices and not any(name in given for name in choices) and block.kind == "resource":
            self.add(block.file, line, f"{where} needs at least one of {', '.join(choices)}")

    def _dynamic(self, block: Block, where: str, nested: dict, value: Any,
                 given: dict[str, int]) -> None:
        for item in value:
            for label, dynamic in entries(item):
                line = dynamic.get("__start_line__", block.line)
                if label not in nested:
                    self.add(block.file, line, f"{where} has no block {label}")
                    continue
                given[label] = max(1, given.get(label, 0))
                if "for_each" not in dynamic:
                    self.add(block.file, line, f"dynamic {label} needs for_each")
                contents = dynamic.get("content", [])
                if not is_block_list(contents) or len(contents) != 1:
                    self.add(block.file, line, f"dynamic {label} needs one block content")
                    continue
                self._body(block, f"{where}.{label}", nested[label]["block"], contents[0])

    def _argument(self, file: SourceFile, line: int, where: str, name: str, attribute: dict,
                  value: Any) -> None:
        if not attribute.get("required") and not attribute.get("optional"):
            self.add(file, line, f"{where}: {name} is set by Google, not by you")
        if attribute.get("deprecated"):
            self.add(file, line, f"{where}: {name} is deprecated")
        problem = type_problem(attribute.get("type"), value)
        if problem:
            self.add(file, line, f"{where}: {name} is {problem}")

    def _call(self, block: Block, modules: dict[pathlib.Path, "Module"]) -> None:
        """A module that calls another folder's: its variables are the arguments."""
        source = unquoted(str(block.body.get("source", "")))
        callee = modules.get((self.folder / source).resolve()) if source.startswith(".") else None
        if callee is None:
            self.add(block.file, block.line, f"module source {source!r} is no folder rendered here")
            return
        given = {name for name, _ in entries(block.body)} - META - {
            "source", "version", "providers"}
        for name in sorted(given - set(callee.variables)):
            self.add(block.file, block.file.line_of_key(block.body, name),
                     f"module {source} has no variable {name}")
        for name, variable in callee.variables.items():
            if name not in given and "default" not in variable.body:
                self.add(block.file, block.line, f"module {source} needs {name}")

    # References.

    def _reference(self, reference: Reference, iterators: set[str]) -> None:
        root, steps = reference.root, reference.steps
        if root in ALWAYS_THERE or root in iterators or not steps:
            return
        if root == "var":
            known = steps[0] in self.variables
        elif root == "local":
            known = steps[0] in self.locals
        elif root == "module":
            known = ("module", steps[0]) in self.objects
        elif root == "data":
            known = len(steps) > 1 and ("data", *steps[:2]) in self.objects
            self._attribute(reference, "data_source_schemas", steps, known)
        elif "_" in root and root.split("_")[0] == "google":
            known = ("resource", root, steps[0]) in self.objects
            self._attribute(reference, "resource_schemas", (root, *steps), known)
        else:
            known = root in {unquoted(name) for name in ("string", "number", "bool", "any")}
        if not known:
            self.add(reference.file, reference.line,
                     f"{'.'.join((root, *steps))}: nothing of that name is declared")

    def _attribute(self, reference: Reference, schemas: str, path: tuple[str, ...],
                   known: bool) -> None:
        schema = self.schema[schemas].get(path[0]) if known and len(path) > 2 else None
        if schema is None:
            return
        block = schema["block"]
        if path[2] not in block.get("attributes", {}) and path[2] not in block.get(
                "block_types", {}):
            self.add(reference.file, reference.line, f"{path[0]} has no attribute {path[2]}")


def type_problem(kind: Any, value: Any) -> str | None:
    """What is wrong with a literal; expressions are terraform's own to judge."""
    if isinstance(value, str) and ("${" in value or value.startswith(('"<<', "<<"))):
        return None
    if value is None or value == "null":
        return None
    text = unquoted(value) if isinstance(value, str) else value
    if kind == "number":
        good = isinstance(text, (int, float)) and not isinstance(text, bool) or (
            isinstance(text, str) and re.fullmatch(r"-?\d+(\.\d+)?", text))
        return None if good else f"a number, not {value}"
    if kind == "bool":
        return None if text in (True, False, "true", "false") else f"true or false, not {value}"
    if kind == "string":
        return "a string, not a list or map" if isinstance(text, (list, dict)) else None
    if isinstance(kind, list) and kind[0] in ("list", "set"):
        if not isinstance(text, list):
            return f"a {kind[0]}, not {value}"
        problems = [problem for item in text if (problem := type_problem(kind[1], item))]
        return f"a {kind[0]} of: {problems[0]}" if problems else None
    if isinstance(kind, list) and kind[0] == "map":
        return None if isinstance(text, dict) else f"a map, not {value}"
    return None

