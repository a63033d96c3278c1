"""Kubernetes manifests and Helm charts: every object holds to Kubernetes' own schema, and what one
object says of another is there. A chart is linted and rendered, and its manifests checked too."""

import functools
import json
import pathlib
import re
import tempfile
from typing import Any, Iterator

import findings
from findings import Report

HERE = pathlib.Path(__file__).resolve().parent
KUBERNETES_VERSION = "1.34"
CHECK = "kubernetes"
# Kinds that are not Kubernetes' own: the schema that stands in for the cluster's definition.
CUSTOM = {("networking.gke.io", "ServiceAttachment"): HERE / "data" / "serviceattachment_v1.json"}
CLUSTER_WIDE = {"Namespace", "ClusterRole", "ClusterRoleBinding", "PriorityClass", "StorageClass",
                "CustomResourceDefinition"}
WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet"}


class Object:
    """One document of a manifest, and where it starts."""

    def __init__(self, data: dict[str, Any], path: str, node: Any):
        self.data, self.path, self.node = data, path, node
        metadata = data.get("metadata") or {}
        self.kind = str(data.get("kind"))
        self.name = str(metadata.get("name") or metadata.get("generateName"))
        self.namespace = "" if self.kind in CLUSTER_WIDE else str(metadata.get("namespace", ""))

    @property
    def spec(self) -> dict[str, Any]:
        return self.data.get("spec") or {}

    def line(self, steps: Any = ()) -> int:
        """Where `steps` (keys and indexes) lead to, or as far as they do."""
        node = self.node
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            node = found
        return node.start_mark.line + 1


def _child(node: Any, step: Any) -> Any:
    if isinstance(node.value, list) and node.tag.endswith(":map"):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def charts(root: pathlib.Path) -> list[pathlib.Path]:
    return [path.parent for path in findings.files_below(root) if path.name == "Chart.yaml"]


def check(root: pathlib.Path) -> Report:
    findings.use_packages(CHECK)
    report, inside = Report(), charts(root)
    objects: list[Object] = []
    for path in findings.files_below(root):
        if path.suffix not in (".yaml", ".yml") or any(chart in path.parents for chart in inside):
            continue
        report.files_checked += 1
        objects += read(path.read_text("utf-8"), findings.relative(path, root), report)
    check_objects(objects, report)
    return report


def read(text: str, shown: str, report: Report) -> list[Object]:
    import yaml
    try:
        nodes = [node for node in yaml.compose_all(text, yaml.SafeLoader) if node is not None]
        documents = [data for data in yaml.safe_load_all(text) if data is not None]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report.add(shown, mark.line + 1 if mark else 1,
                   f"not YAML: {getattr(error, 'problem', error)}")
        return []
    objects = []
    for node, data in zip(nodes, documents):
        for line, key in _twice(node):
            report.add(shown, line, f"key {key} stands twice")
        if not isinstance(data, dict) or not data.get("kind") or not data.get("apiVersion"):
            report.add(shown, node.start_mark.line + 1, "no object: apiVersion and kind are needed")
        else:
            objects.append(Object(data, shown, node))
    return objects


def _twice(node: Any) -> Iterator[tuple[int, str]]:
    """YAML readers take the last of two equal keys without a word."""
    if not isinstance(node.value, list):
        return
    if node.tag.endswith(":map"):
        seen = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield key.start_mark.line + 1, key.value
            seen.add(str(key.value))
            yield from _twice(value)
    else:
        for item in node.value:
            yield from _twice(item)


def check_objects(objects: list[Object], report: Report) -> None:
    seen = set()
    for item in objects:
        identity = (item.kind, item.namespace, item.name)
        if identity in seen:
            report.add(item.path, item.line(), f"{item.kind} {item.name} is there twice")
        seen.add(identity)
        for steps, message in schema_problems(item.data):
            report.add(item.path, item.line(steps), f"{item.kind} {item.name}: {message}")
    for item in objects:
        for steps, message in _references(item, objects):
            report.add(item.path, item.line(steps), f"{item.kind} {item.name}: {message}")


def schema_problems(data: dict[str, Any]) -> Iterator[tuple[tuple, str]]:
    import jsonschema
    group = data["apiVersion"].rpartition("/")[0]
    custom = CUSTOM.get((group, data["kind"]))
    if custom:
        schema = json.loads(custom.read_text("utf-8"))
        for error in jsonschema.Draft202012Validator(schema).iter_errors(data):
            yield tuple(error.path), f"{dotted(error.path)}: {error.message}"
        return
    validate = _kubernetes_validate()
    try:
        validate.validate(data, KUBERNETES_VERSION, strict=True)
    except validate.ValidationError as error:
        yield tuple(error.path), f"{dotted(error.path)}: {error.message}"
    except validate.SchemaNotFoundError:
        yield (), f"Kubernetes {KUBERNETES_VERSION} has no {data['kind']} {data['apiVersion']}"


@functools.cache
def _kubernetes_validate() -> Any:
    import kubernetes_validate
    utils = kubernetes_validate.utils
    utils.schema_contents = functools.cache(utils.schema_contents)  # else read for each object
    return kubernetes_validate


def dotted(path: Any) -> str:
    return re.sub(r"\.\[", "[", ".".join(
        f"[{step}]" if isinstance(step, int) else str(step) for step in path)) or "object"


# What one object says of another.

def pod_template(item: Object) -> dict[str, Any]:
    return item.spec.get("template") or {} if item.kind in WORKLOADS else {}


def containers(item: Object) -> list[dict[str, Any]]:
    spec = pod_template(item).get("spec") or {}
    return [*spec.get("initContainers", []), *spec.get("containers", [])]


def _selected(selector: dict[str, str], namespace: str, objects: list[Object]) -> list[Object]:
    return [item for item in objects if item.kind in WORKLOADS and item.namespace == namespace
            and selector.items() <= ((pod_template(item).get("metadata") or {}).get("labels")
                                     or {}).items()]


def _references(item: Object, objects: list[Object]) -> Iterator[tuple[tuple, str]]:
    def exists(kind: str, name: str) -> bool:
        return any((other.kind, other.name, other.namespace) == (kind, name, item.namespace)
                   for other in objects)

    if item.kind == "Service" and item.spec.get("selector"):
        yield from _service(item, objects)
    if item.kind in ("PodDisruptionBudget", "NetworkPolicy"):
        where = "podSelector" if item.kind == "NetworkPolicy" else "selector"
        labels = (item.spec.get(where) or {}).get("matchLabels") or {}
        if labels and not _selected(labels, item.namespace, objects):
            yield ("spec", where), f"{where} matches no pods that are rendered here"
    if item.kind == "ServiceAttachment":
        target = item.spec.get("resourceRef") or {}
        if not exists("Service", target.get("name", "")):
            yield ("spec", "resourceRef"), f"there is no Service {target.get('name')}"
    if item.kind == "HorizontalPodAutoscaler":
        target = item.spec.get("scaleTargetRef") or {}
        if not exists(target.get("kind", ""), target.get("name", "")):
            yield ("spec", "scaleTargetRef"), f"there is no {target.get('kind')} " \
                f"{target.get('name')}"
    if item.kind in WORKLOADS:
        yield from _workload(item, exists)


def _service(item: Object, objects: list[Object]) -> Iterator[tuple[tuple, str]]:
    pods = _selected(item.spec["selector"], item.namespace, objects)
    if not pods:
        yield ("spec", "selector"), "selector matches no pods that are rendered here"
        return
    names = {port.get("name") for pod in pods for container in containers(pod)
             for port in container.get("ports", [])}
    numbers = set()
    for number, port in enumerate(item.spec.get("ports", [])):
        target = port.get("targetPort")
        if isinstance(target, str) and target not in names:
            yield ("spec", "ports", number, "targetPort"), f"no container has a port {target}"
        key = (port.get("port"), port.get("protocol", "TCP"))
        if key in numbers:
            yield ("spec", "ports", number), f"port {port.get('port')} stands twice"
        numbers.add(key)


def _workload(item: Object, exists: Any) -> Iterator[tuple[tuple, str]]:
    labels = (pod_template(item).get("metadata") or {}).get("labels") or {}
    selector = (item.spec.get("selector") or {}).get("matchLabels") or {}
    if not selector.items() <= labels.items():
        yield ("spec", "selector"), "selector does not match the labels of its own pods"
    spec = pod_template(item).get("spec") or {}
    volumes = spec.get("volumes", [])
    for number, volume in enumerate(volumes):
        name = (volume.get("configMap") or {}).get("name")
        if name and not exists("ConfigMap", name):
            yield ("spec", "template", "spec", "volumes", number), f"there is no ConfigMap {name}"
    account = spec.get("serviceAccountName")
    if account and account != "default" and not exists("ServiceAccount", account):
        yield ("spec", "template", "spec", "serviceAccountName"), \
            f"there is no ServiceAccount {account}"
    for kind in ("initContainers", "containers"):
        for number, container in enumerate(spec.get(kind, [])):
            where = ("spec", "template", "spec", kind, number)
            yield from _container(container, where, {volume.get("name") for volume in volumes})


def _container(container: dict[str, Any], where: tuple,
               volumes: set) -> Iterator[tuple[tuple, str]]:
    for at, mount in enumerate(container.get("volumeMounts", [])):
        if mount.get("name") not in volumes:
            yield (*where, "volumeMounts", at), f"there is no volume {mount.get('name')}"
    ports = container.get("ports", [])
    names = {port.get("name") for port in ports}
    if len({port.get("containerPort") for port in ports}) < len(ports):
        yield (*where, "ports"), "a containerPort stands twice"
    for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
        for action in ("httpGet", "tcpSocket"):
            port = ((container.get(probe) or {}).get(action) or {}).get("port")
            if isinstance(port, str) and port not in names:
                yield (*where, probe), f"{probe}: the container has no port {port}"


# Charts.

def helm_command() -> list[str]:
    """helm itself, or the program of helm_template/, which is Helm's library."""
    helm, built = findings.find_tool("helm"), findings.cache() / "helm_template" / "helm_template"
    if helm:
        return [helm]
    if built.is_file():
        return [str(built)]
    raise findings.Skipped("helm", f"there is no helm, and no helm_template in {findings.cache()}; "
                           "./test.sh builds it")


def check_charts(root: pathlib.Path) -> Report:
    report, command = Report(), helm_command()
    findings.use_packages("helm")
    for chart in charts(root):
        report.files_checked += 1
        shown = findings.relative(chart, root)
        is_helm = pathlib.Path(command[0]).name == "helm"
        with tempfile.TemporaryDirectory(prefix="portway-helm-") as home:
            environment = {"HOME": home, "PATH": "/usr/bin:/bin"}
            lint = findings.run([*command, "lint", *(["--strict"] if is_helm else []), chart],
                                env=environment)
            for level, text in re.findall(r"^\[(WARNING|ERROR)\] (.*)", lint.stdout, re.M):
                report.add(shown, 1, f"helm lint: {level}: {text}")
            rendered = findings.run([*command, "template",
                                     *(["portway"] if is_helm else []), chart], env=environment)
        if rendered.returncode:
            report.add(shown, 1, f"helm template: {(rendered.stdout + rendered.stderr).strip()}")
            continue
        if lint.returncode and not report.findings:
            report.add(shown, 1, f"helm lint: {(lint.stdout + lint.stderr).strip()}")
        check_objects(read(rendered.stdout, f"{shown} (as rendered)", report), report)
    return report
