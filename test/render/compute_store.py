"""What the fake Compute API remembers: resources by their path, endpoints of network endpoint
groups, and which resource stands in the way of deleting another."""

import copy
import ipaddress
import re
from typing import Any, Iterator

Resource = dict[str, Any]

_URL = re.compile(r"(?:https?://[^/]+/compute/\w+/)?(projects/[^/]+/(?:global|regions/[^/]+|"
                  r"zones/[^/]+)/\w+/[^/]+)\Z")
# Not kept in the store: every project has them.
PUBLIC = frozenset({"machineTypes", "diskTypes", "acceleratorTypes", "images", "operations",
                    "licenses"})
# What the server adds, and what therefore differs between two runs of the same script.
VOLATILE = frozenset({"id", "creationTimestamp", "fingerprint", "labelFingerprint", "selfLink"})


class Refused(Exception):
    """An answer with a status of 400 or more, in Google's form."""

    def __init__(self, status: int, reason: str, message: str):
        super().__init__(message)
        self.status = status
        self.reason = reason

    def body(self) -> Resource:
        detail = {"message": str(self), "domain": "global", "reason": self.reason}
        return {"error": {"code": self.status, "message": str(self), "errors": [detail]}}


def not_found(path: str) -> Refused:
    return Refused(404, "notFound", f"The resource '{path}' was not found")


def invalid(message: str) -> Refused:
    return Refused(400, "invalid", message)


def path_of(value: Any) -> str | None:
    """projects/... of a URL or of a relative name; None if `value` names no stored resource."""
    match = _URL.match(value) if isinstance(value, str) else None
    if match is None or match.group(1).split("/")[-2] in PUBLIC:
        return None
    return match.group(1)


def collection_of(path: str) -> str:
    return path.split("/")[-2]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


class Store:
    def __init__(self, base: str, project: str):
        self.base = base  # the endpoint that clients are given, with a slash at its end
        self.project = project
        self.resources: dict[str, Resource] = {}
        self.endpoints: dict[str, list[Resource]] = {}
        self.seeded: set[str] = set()
        self.revision = 0

    def url(self, path: str) -> str:
        return self.base + path

    def find(self, path: str) -> Resource:
        if path not in self.resources:
            raise not_found(path)
        return self.resources[path]

    def of(self, collection: str) -> Iterator[tuple[str, Resource]]:
        return ((path, resource) for path, resource in list(self.resources.items())
                if collection_of(path) == collection)

    def next_fingerprint(self) -> str:
        self.revision += 1
        return f"fp{self.revision:06d}"

    def canonical(self, value: Any) -> Any:
        """References become full URLs, as the API answers them."""
        if isinstance(value, dict):
            return {key: self.canonical(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.canonical(item) for item in value]
        path = path_of(value)
        return self.url(path) if path else value

    def put(self, path: str, body: Resource, kind: str) -> Resource:
        resource = {**self.canonical(copy.deepcopy(body)), "kind": f"compute#{kind}",
                    "id": str(10**18 + len(self.resources) + self.revision), "selfLink":
                    self.url(path), "creationTimestamp": "2026-01-01T00:00:00.000-07:00",
                    "fingerprint": self.next_fingerprint()}
        scope = path.split("/")[2]
        if scope in ("regions", "zones"):
            resource[scope[:-1]] = self.url("/".join(path.split("/")[:4]))
        self.resources[path] = resource
        return resource

    def seed(self, path: str, body: Resource, kind: str) -> None:
        """Something that was there before the scripts: it neither comes nor goes with them."""
        self.put(path, {"name": path.rsplit("/", 1)[-1], **body}, kind)
        self.seeded.add(path)

    def references(self, path: str) -> set[str]:
        """The paths that the resource at `path` names."""
        resource = self.resources[path]
        found = {path_of(text) for key, value in resource.items() if key != "selfLink"
                 for text in strings(value)} - {None, path}
        if collection_of(path) == "forwardingRules":
            found |= {other for other, address in self.of("addresses")
                      if address.get("address") == resource.get("IPAddress")}
        return found  # type: ignore[return-value]

    def users(self, path: str) -> list[str]:
        return sorted(other for other in self.resources
                      if other != path and path in self.references(other))

    def check_references(self, path: str, body: Resource) -> None:
        for text in strings(body):
            named = path_of(text)
            if named and named.startswith(f"projects/{self.project}/") and named != path \
                    and named not in self.resources:
                raise not_found(named)

    def free_address(self, subnetwork_url: str) -> str:
        """The lowest address of a subnet that nothing has; the first two are Google's."""
        subnet = self.find(path_of(subnetwork_url) or subnetwork_url)
        taken = {text for resource in self.resources.values() for text in strings(resource)}
        hosts = list(ipaddress.ip_network(subnet["ipCidrRange"]).hosts())[1:-1]
        for host in hosts:
            if str(host) not in taken:
                return str(host)
        raise Refused(400, "ipSpaceExhausted", f"IP space of '{subnetwork_url}' is exhausted.")

    # What tests ask.

    def created(self) -> list[str]:
        return sorted(set(self.resources) - self.seeded)

    def picture(self) -> dict[str, Any]:
        """Everything that scripts decide, to compare two runs."""
        def plain(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: plain(item) for key, item in value.items() if key not in VOLATILE}
            if isinstance(value, list):
                return [plain(item) for item in value]
            return path_of(value) or value
        shown = {path: plain(resource) for path, resource in self.resources.items()}
        for path, scaler in [*self.of("autoscalers")]:  # gcloud gives each a name of chance
            picture = {**shown.pop(path), "name": "autoscaler"}
            shown[f"autoscaler of {path_of(scaler.get('target'))}"] = picture
        for path, endpoints in self.endpoints.items():
            shown[path + "/endpoints"] = sorted((plain(item) for item in endpoints), key=str)
        return shown

    def snapshot(self) -> tuple:
        return copy.deepcopy((self.resources, self.endpoints, self.revision))

    def restore(self, snapshot: tuple) -> None:
        self.resources, self.endpoints, self.revision = copy.deepcopy(snapshot)
