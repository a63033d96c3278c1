"""A small Google Compute v1 REST server on loopback, for gcloud itself to talk to. It stores what
is inserted, holds to the discovery document and to compute_rules.py, and can make the n-th change
fail. Run alone, it seeds a site and waits: fake_compute.py SITE.json [PORT]."""

import copy
import email.parser
import json
import re
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import compute_rules
from compute_store import Refused, Resource, Store, collection_of, invalid, path_of
from discovery import Discovery, Method

SERVICE_PATH = "/compute/v1/"
POLL_SECONDS = 0.02  # how long close() waits
KINDS = {"addresses": "address"}  # elsewhere the singular is the plural without its s
WRITERS = {"insert", "delete", "patch", "update"}
# POST and yet no change.
READERS = {"listNetworkEndpoints", "getHealth", "listManagedInstances", "listInstances", "wait",
           "listErrors", "testIamPermissions"}
FINGERPRINTED = {"backendServices", "serviceAttachments"}


def kind_of(collection: str) -> str:
    return KINDS.get(collection, collection[:-1])


def merge(old: Any, new: Any) -> Any:
    """RFC 7396: what a PATCH leaves out stays, null takes away, a list is replaced."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    merged = {**old, **{key: merge(old.get(key), value) for key, value in new.items()}}
    return {key: value for key, value in merged.items() if value is not None}


class FakeCompute:
    """`complaints` are requests that no correct client sends; `log` is every request."""

    def __init__(self, discovery: Discovery, site: dict[str, Any], port: int = 0):
        self.discovery = discovery
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}{SERVICE_PATH}"
        self.store = Store(self.url, site["project"])
        self.operations: dict[str, Resource] = {}
        self.operation_count = 0
        self.complaints: list[str] = []
        self.log: list[str] = []
        self.changes: list[str] = []
        self.history: list[tuple] = []  # the store after each change
        self.fail_at = 0  # the how-manieth change is refused; 0: none
        _seed(self.store, site)
        self.thread = threading.Thread(target=self.server.serve_forever,
                                       args=(POLL_SECONDS,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def start_counting(self, fail_at: int = 0) -> None:
        self.changes, self.history, self.fail_at = [], [], fail_at

    # One request.

    def answer(self, http_method: str, target: str, raw: bytes) -> tuple[int, Resource]:
        url = urllib.parse.urlsplit(target)
        query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        with self.lock:
            self.log.append(f"{http_method} {target} {raw.decode('utf-8', 'replace')}".rstrip())
            try:
                body = json.loads(raw) if raw else None
                return 200, self._dispatch(http_method, url.path, query, body)
            except Refused as refused:
                return refused.status, refused.body()
            except (KeyError, ValueError, TypeError) as error:
                self.complaints.append(f"{http_method} {url.path}: {error!r}")
                return 400, Refused(400, "badRequest", repr(error)).body()

    def _dispatch(self, http_method: str, path: str, query: dict, body: Any) -> Resource:
        if not path.startswith(SERVICE_PATH):
            raise self._complain(f"{http_method} {path}: not the Compute API")
        path = urllib.parse.unquote(path.removeprefix(SERVICE_PATH))
        found = self.discovery.find(http_method, path)
        if found is None:
            raise self._complain(f"{http_method} {path}: compute v1 has no such method")
        method, places = found
        problems = [*self.discovery.query_problems(method, query),
                    *self.discovery.body_problems(method, body)]
        if problems:
            raise self._complain(f"{method.id}: {'; '.join(problems)}")
        if places.get("project") != self.store.project and not method.id.startswith(
                "compute.images."):
            raise Refused(403, "forbidden", f"Required permission for '{places.get('project')}'")
        if method.verb in READERS or http_method == "GET":
            return self._read(method, path, query)
        self.changes.append(f"{method.id} {path}")
        if self.fail_at == len(self.changes):
            raise Refused(403, "quotaExceeded", f"injected failure of change {self.fail_at}")
        operation = self._change(method, path, body)
        self.history.append(self.store.snapshot())
        return operation

    def _complain(self, text: str) -> Refused:
        self.complaints.append(text)
        return invalid(text)

    # Reading.

    def _read(self, method: Method, path: str, query: dict) -> Resource:
        verb = method.verb
        if ".regionOperations" in method.id or ".globalOperations" in method.id \
                or ".zoneOperations" in method.id:
            return self._operation(verb, path)
        if verb == "list":
            return self._list(method, path, query)
        if verb == "aggregatedList":
            return self._aggregated(path, query)
        if verb == "get":
            return self._get(path)
        owner = path.rsplit("/", 1)[0]
        if verb == "listNetworkEndpoints":
            self.store.find(owner)
            return {"items": [{"networkEndpoint": endpoint}
                              for endpoint in self.store.endpoints.get(owner, [])]}
        if verb == "getHealth":
            return {"kind": "compute#backendServiceGroupHealth", "healthStatus": [
                {"instance": self.store.url(machine), "healthState": "HEALTHY"}
                for machine in self._machines(self._group_of(owner))]}
        if verb in ("listManagedInstances", "listInstances"):
            return {"managedInstances" if "Managed" in verb else "items": [
                {"instance": self.store.url(machine), "name": machine.rsplit("/", 1)[-1],
                 "instanceStatus": "RUNNING", "currentAction": "NONE"}
                for machine in self._machines(owner)]}
        if verb == "getFromFamily":
            project = path.split("/")[1]
            return {"kind": "compute#image", "name": "image", "diskSizeGb": "10", "selfLink":
                    self.store.url(f"projects/{project}/global/images/image")}
        raise self._complain(f"{method.id}: the fake does not know this method")

    def _get(self, path: str) -> Resource:
        parts = path.split("/")
        if len(parts) == 2:
            return {"kind": "compute#project", "name": parts[1], "selfLink": self.store.url(path)}
        if len(parts) == 4 and parts[2] in ("regions", "zones"):
            return self._place(path)
        return self.store.find(path)

    def _place(self, path: str) -> Resource:
        _, _, scope, name = path.split("/")
        place = {"kind": f"compute#{scope[:-1]}", "name": name, "status": "UP",
                 "selfLink": self.store.url(path)}
        if scope == "zones":
            place["region"] = self.store.url(f"projects/{self.store.project}/regions/"
                                             + name.rsplit("-", 1)[0])
        return place

    def _list(self, method: Method, path: str, query: dict) -> Resource:
        if path.split("/")[2:] in (["regions"], ["zones"]):
            regions = sorted({compute_rules.region_of(known) for known in self.store.resources}
                             - {""})
            names = regions if path.endswith("/regions") else [
                f"{region}-{zone}" for region in regions for zone in "abc"]
            items = [self._place(f"{path}/{name}") for name in names]
        else:
            items = [resource for known, resource in sorted(self.store.resources.items())
                     if known.rsplit("/", 1)[0] == path]
        return {"kind": f"compute#{kind_of(method.id.split('.')[1])}List",
                "items": _filtered(items, query)}

    def _aggregated(self, path: str, query: dict) -> Resource:
        collection = path.rsplit("/", 1)[-1]
        scopes: dict[str, Resource] = {}
        for known, resource in sorted(self.store.of(collection)):
            if _filtered([resource], query):
                scope = "/".join(known.split("/")[2:-2])
                scopes.setdefault(scope, {}).setdefault(collection, []).append(resource)
        return {"kind": f"compute#{kind_of(collection)}AggregatedList", "items": scopes}

    def _group_of(self, service_path: str) -> str:
        backends = self.store.find(service_path).get("backends", [])
        return (path_of(backends[0]["group"]) or "") if backends else ""

    def _machines(self, group_path: str) -> list[str]:
        manager = self.store.resources.get(
            group_path.replace("/instanceGroups/", "/instanceGroupManagers/"))
        if manager is None:
            return []
        region = compute_rules.region_of(group_path)
        base = manager.get("baseInstanceName", manager["name"])
        return [f"projects/{self.store.project}/zones/{region}-{'abc'[number % 3]}/instances/"
                f"{base}-{number:04d}" for number in range(manager.get("targetSize", 0))]

    # Changing.

    def _change(self, method: Method, path: str, body: Any) -> Resource:
        verb, store = method.verb, self.store
        if verb == "insert":
            target = f"{path}/{body['name']}"
            self._insert(target, body)
        elif verb in WRITERS:
            target = path
            getattr(self, f"_{verb}")(target, body)
        else:
            target = path.rsplit("/", 1)[0]
            store.find(target)
            special = getattr(self, f"_do_{verb}", None)
            if special is None:
                raise self._complain(f"{method.id}: the fake does not know this method")
            special(target, body)
        return self._new_operation(verb, target)

    def _check(self, path: str, resource: Resource) -> None:
        self.store.check_references(path, resource)
        rule = compute_rules.RULES.get(collection_of(path))
        if rule:
            rule(self.store, path, resource)

    def _insert(self, path: str, body: Resource) -> None:
        store, collection = self.store, collection_of(path)
        if not re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", body["name"]):
            raise invalid(f"Invalid value for field 'resource.name': '{body['name']}'.")
        if path in store.resources:
            raise Refused(409, "alreadyExists", f"The resource '{path}' already exists")
        body = {**_defaults(collection), **body}
        self._check(path, body)
        if collection in ("forwardingRules", "addresses"):
            self._give_address(collection, body)
        resource = store.put(path, body, kind_of(collection))
        if collection == "instanceGroupManagers":
            group = path.replace("/instanceGroupManagers/", "/instanceGroups/")
            store.put(group, {"name": body["name"]}, "instanceGroup")
            resource.update(instanceGroup=store.url(group), status={
                "isStable": True, "versionTarget": {"isReached": True}})
        if collection == "autoscalers":
            store.find(path_of(body["target"]) or "")["targetSize"] = \
                body["autoscalingPolicy"]["minNumReplicas"]

    def _give_address(self, collection: str, body: Resource) -> None:
        field = "address" if collection == "addresses" else "IPAddress"
        reserved = path_of(body.get(field))
        if reserved:
            body[field] = self.store.find(reserved)["address"]
        elif field not in body and body.get("subnetwork"):
            body[field] = self.store.free_address(body["subnetwork"])

    def _delete(self, path: str, _body: Any) -> None:
        store = self.store
        resource = store.find(path)
        group = path_of(resource.get("instanceGroup"))
        users = [user for user in store.users(path) if user != group]
        users += [user for user in store.users(group) if user != path] if group else []
        if users:
            raise Refused(400, "resourceInUseByAnotherResource",
                          f"The {kind_of(collection_of(path))} resource '{path}' is already being "
                          f"used by '{users[0]}'")
        for gone in filter(None, (path, group)):
            del store.resources[gone]
            store.endpoints.pop(gone, None)
        if collection_of(path) == "instances":  # its endpoints go silently, as Google's do
            for name, endpoints in store.endpoints.items():
                store.endpoints[name] = [endpoint for endpoint in endpoints
                                         if path_of(endpoint.get("instance")) != path]

    def _patch(self, path: str, body: Any) -> None:
        self._rewrite(path, body, merge(self.store.find(path), self.store.canonical(body)))

    def _update(self, path: str, body: Any) -> None:
        old = self.store.find(path)
        kept = {key: old[key] for key in ("kind", "id", "selfLink", "creationTimestamp", "region",
                                          "zone", "fingerprint", "name") if key in old}
        self._rewrite(path, body, {**kept, **self.store.canonical(body)})

    def _rewrite(self, path: str, body: Resource, new: Resource) -> None:
        given = body.get("fingerprint")
        if given != self.store.find(path).get("fingerprint") and (
                given is not None or collection_of(path) in FINGERPRINTED):
            raise Refused(412, "conditionNotMet", "Invalid fingerprint.")
        self._check(path, new)
        new["fingerprint"] = self.store.next_fingerprint()
        self.store.resources[path] = new

    def _do_attachNetworkEndpoints(self, path: str, body: Resource) -> None:
        compute_rules.attach_endpoints(self.store, path, body["networkEndpoints"])

    def _do_detachNetworkEndpoints(self, path: str, body: Resource) -> None:
        compute_rules.detach_endpoints(self.store, path, body["networkEndpoints"])

    def _do_setTags(self, path: str, body: Resource) -> None:
        self.store.find(path)["tags"] = {"items": body.get("items", []),
                                         "fingerprint": self.store.next_fingerprint()}

    def _do_setInstanceTemplate(self, path: str, body: Resource) -> None:
        self._patch(path, {"instanceTemplate": body["instanceTemplate"], "versions": [
            {"instanceTemplate": body["instanceTemplate"]}]})

    # Operations.

    def _new_operation(self, verb: str, target: str) -> Resource:
        self.operation_count += 1
        scope = "/".join(target.split("/")[:-2])
        path = f"{scope}/operations/operation-{self.operation_count}"
        operation = {"kind": "compute#operation", "name": path.rsplit("/", 1)[-1], "id":
                     str(self.operation_count), "operationType": verb, "status": "RUNNING",
                     "progress": 0, "selfLink": self.store.url(path),
                     "targetLink": self.store.url(target)}
        place = target.split("/")[2]
        if place in ("regions", "zones"):
            operation[place[:-1]] = self.store.url("/".join(target.split("/")[:4]))
        self.operations[path] = operation
        return copy.deepcopy(operation)

    def _operation(self, verb: str, path: str) -> Resource:
        if verb not in ("get", "wait"):
            return {"kind": "compute#operationList", "items": []}
        path = path.removesuffix("/wait")
        if path not in self.operations:
            raise Refused(404, "notFound", f"The resource '{path}' was not found")
        self.operations[path].update(status="DONE", progress=100)
        return self.operations[path]


def _defaults(collection: str) -> Resource:
    """What the API fills in and other requests depend on."""
    return copy.deepcopy({
        "subnetworks": {"purpose": "PRIVATE"},
        "firewalls": {"direction": "INGRESS", "priority": 1000},
        "backendServices": {"sessionAffinity": "NONE", "protocol": "TCP"},
        "forwardingRules": {"IPProtocol": "TCP"},
        "instances": {"status": "RUNNING", "tags": {"fingerprint": "fp000000"}},
        "addresses": {"addressType": "EXTERNAL", "status": "RESERVED"},
    }.get(collection, {}))


def _filtered(items: list[Resource], query: dict) -> list[Resource]:
    """name = "x", name eq "x": enough for exact names. gcloud filters again by itself, so a filter
    that is not understood may let everything through."""
    text = query.get("filter", [""])[0]
    match = re.fullmatch(r'\(?\s*name\s*(?:=|eq)\s*"?\^?([\w-]+)\$?"?\s*\)?', text)
    return [item for item in items if item["name"] == match.group(1)] if match else items


def _seed(store: Store, site: dict[str, Any]) -> None:
    """`site`: project, network, subnetworks [{name, region, range}], instances [{name, zone,
    subnet, address, tags}]: what the operator has before Portway's scripts run."""
    project = f"projects/{site['project']}"
    network = f"{project}/global/networks/{site['network']}"
    store.seed(network, {"autoCreateSubnetworks": False}, "network")
    regions = {}
    for subnet in site["subnetworks"]:
        path = f"{project}/regions/{subnet['region']}/subnetworks/{subnet['name']}"
        regions[subnet["name"]] = path
        store.seed(path, {"network": network, "ipCidrRange": subnet["range"],
                          "purpose": "PRIVATE"}, "subnetwork")
    for machine in site.get("instances", []):
        path = f"{project}/zones/{machine['zone']}/instances/{machine['name']}"
        store.seed(path, {**_defaults("instances"), "networkInterfaces": [
            {"name": "nic0", "network": network, "subnetwork": regions[machine["subnet"]],
             "networkIP": machine["address"]}],
            "tags": {"items": machine.get("tags", []), "fingerprint": "fp000000"}}, "instance")


def _handler(fake: FakeCompute) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name there)
            pass

        def _serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/batch"):
                self._send(200, *_batch(fake, self.headers["Content-Type"], raw))
                return
            status, body = fake.answer(self.command, self.path, raw)
            self._send(status, "application/json; charset=UTF-8", json.dumps(body).encode())

        def _send(self, status: int, content_type: str, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    return Handler


def _batch(fake: FakeCompute, content_type: str, raw: bytes) -> tuple[str, bytes]:
    """gcloud sends several requests as one multipart/mixed request."""
    message = email.parser.BytesParser().parsebytes(
        f"Content-Type: {content_type}\r\n\r\n".encode() + raw)
    parts = []
    for part in message.get_payload():
        request = part.get_payload().lstrip()
        head, _, body = request.replace("\r\n", "\n").partition("\n\n")
        http_method, target, *_ = head.split()
        status, answer = fake.answer(http_method, target, body.strip().encode())
        parts.append(f"--batch\r\nContent-Type: application/http\r\nContent-ID: <response-"
                     f"{part['Content-ID'].strip('<>')}>\r\n\r\nHTTP/1.1 {status} Status\r\n"
                     f"Content-Type: application/json\r\n\r\n{json.dumps(answer)}\r\n")
    return "multipart/mixed; boundary=batch", ("".join(parts) + "--batch--").encode()


def main(arguments: list[str]) -> int:
    with open(arguments[0], encoding="utf-8") as file:
        site = json.load(file)
    fake = FakeCompute(Discovery.load("fake_compute"), site,
                       int(arguments[1]) if len(arguments) > 1 else 0)
    print(fake.url, flush=True)
    sys.stdin.read()
    print("\n".join([*fake.log, *(f"complaint: {text}" for text in fake.complaints)]))
    fake.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
