#!/usr/bin/env python3
"""Whether a rendered chart, with the values it comes with, gives the same objects as the plain
manifests beside it: chart_is_manifests.py FOLDER, where FOLDER has chart/ and manifests/. The
namespace is not the chart's to make (helm install --create-namespace)."""

import pathlib
import sys
from typing import Any, Iterator

import check_kubernetes
import findings

Objects = dict[tuple[str, str], dict[str, Any]]


def objects_of(text: str) -> Objects:
    import yaml
    documents = [data for data in yaml.safe_load_all(text) if data is not None]
    return {(data["kind"], data["metadata"]["name"]): data for data in documents}


def manifests(folder: pathlib.Path) -> Objects:
    objects: Objects = {}
    for path in sorted((folder / "manifests").glob("*.yaml")):
        objects.update(objects_of(path.read_text("utf-8")))
    return objects


def chart(folder: pathlib.Path, namespace: str) -> Objects:
    command = check_kubernetes.helm_command()
    is_helm = pathlib.Path(command[0]).name == "helm"
    rendered = findings.run([*command, "template", *(["portway"] if is_helm else []),
                             "-n", namespace, folder / "chart"])
    if rendered.returncode:
        raise SystemExit(f"helm template: {(rendered.stdout + rendered.stderr).strip()}")
    return objects_of(rendered.stdout)


def differences(at: str, one: Any, other: Any) -> Iterator[str]:
    """`one` is of the manifests, `other` of the chart. Types count: "1" is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys(), key=str):
            if key not in one or key not in other:
                yield f"{at}.{key}: only in the {'manifests' if key in one else 'chart'}"
            else:
                yield from differences(f"{at}.{key}", one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other)):
            yield from differences(f"{at}[{number}]", left, right)
    elif type(one) is not type(other) or one != other:
        yield f"{at}: {one!r} in the manifests, {other!r} in the chart"


def compare(folder: pathlib.Path) -> list[str]:
    plain = manifests(folder)
    [(namespace_key, namespace)] = [item for item in plain.items() if item[0][0] == "Namespace"]
    templated = chart(folder, namespace["metadata"]["name"])
    del plain[namespace_key]
    return list(differences("", {"/".join(key): value for key, value in plain.items()},
                            {"/".join(key): value for key, value in templated.items()}))


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not (pathlib.Path(arguments[0]) / "chart").is_dir():
        print("usage: chart_is_manifests.py FOLDER (with chart/ and manifests/)", file=sys.stderr)
        return findings.EXIT_USAGE
    try:
        findings.use_packages("helm")
        found = compare(pathlib.Path(arguments[0]))
    except findings.Skipped as skipped:
        print(skipped)
        return findings.EXIT_SKIPPED
    for difference in found:
        print(difference)
    return findings.EXIT_FOUND if found else findings.EXIT_FINE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
