"""What Google's Compute API refuses and a schema does not show, as far as scripts for Private
Service Connect can run into it. Each rule is a function (store, path, resource) that raises Refused
for a resource about to be written; RULES names them by collection. Sources: Google Cloud's pages on
port mapping services, on published services and on internal load balancers."""

import ipaddress

from compute_store import Resource, Store, collection_of, invalid, path_of

ENDPOINTS_MAX = 1000
PORTS_OF_A_RULE_MAX = 5
REGION_ZONES = 3
PORT_MAP = "GCE_VM_IP_PORTMAP"


def region_of(path: str) -> str:
    """The region of a regional or zonal path; empty for a global one."""
    parts = path.split("/")
    if parts[2] == "regions":
        return parts[3]
    return parts[3].rsplit("-", 1)[0] if parts[2] == "zones" else ""


def named(store: Store, value: object) -> tuple[str, Resource]:
    path = path_of(value) or str(value)
    return path, store.find(path)


def groups(store: Store, service: Resource) -> list[tuple[str, Resource]]:
    return [named(store, backend.get("group")) for backend in service.get("backends", [])]


def is_port_mapping(store: Store, service: Resource) -> bool:
    return any(group.get("networkEndpointType") == PORT_MAP
               for _, group in groups(store, service))


def subnetwork(store: Store, path: str, resource: Resource) -> None:
    purpose = resource.get("purpose", "PRIVATE")
    if purpose not in ("PRIVATE", "PRIVATE_SERVICE_CONNECT", "REGIONAL_MANAGED_PROXY"):
        raise invalid(f"Invalid value for field 'resource.purpose': '{purpose}'.")
    mine = ipaddress.ip_network(resource["ipCidrRange"])
    for other_path, other in store.of("subnetworks"):
        if other_path == path or path_of(other.get("network")) != path_of(resource.get("network")):
            continue
        if mine.overlaps(ipaddress.ip_network(other["ipCidrRange"])):
            raise invalid("Invalid IPCidrRange: "
                          f"{mine} conflicts with existing subnetwork '{other['name']}' in region "
                          f"'{region_of(other_path)}'.")


def firewall(_store: Store, _path: str, resource: Resource) -> None:
    if not resource.get("allowed") and not resource.get("denied"):
        raise invalid("Exactly one of allowed or denied is expected in a firewall rule.")
    for cidr in resource.get("sourceRanges", []):
        ipaddress.ip_network(cidr)


def network_endpoint_group(store: Store, _path: str, resource: Resource) -> None:
    if resource.get("networkEndpointType") == PORT_MAP:
        if not resource.get("subnetwork"):
            raise invalid("A GCE_VM_IP_PORTMAP network endpoint group needs a subnetwork.")
        if named(store, resource["subnetwork"])[1].get("purpose") != "PRIVATE":
            raise invalid("The subnetwork of a network endpoint group must be of purpose PRIVATE.")


def backend_service(store: Store, path: str, resource: Resource) -> None:
    backends = groups(store, resource)
    kinds = {collection_of(group_path) for group_path, _ in backends}
    if len(kinds) > 1:
        raise invalid("A backend service cannot have both instance groups and network endpoint "
                      "groups.")
    for group_path, _ in backends:
        if region_of(group_path) != region_of(path):
            raise invalid(f"'{group_path}' is in another region than its backend service.")
    if is_port_mapping(store, resource):
        if resource.get("healthChecks"):
            raise invalid("Invalid value for field 'resource.healthChecks': health checks are not "
                          "supported for backend services with GCE_VM_IP_PORTMAP network endpoint "
                          "groups.")
        if resource.get("loadBalancingScheme") != "INTERNAL":
            raise invalid("GCE_VM_IP_PORTMAP network endpoint groups need load balancing scheme "
                          "INTERNAL.")
    elif backends and not resource.get("healthChecks"):
        raise invalid("Invalid value for field 'resource.healthChecks': ''. At least one health "
                      "check is required.")
    for backend in resource.get("backends", []):
        mode = backend.setdefault("balancingMode", "CONNECTION")
        if resource.get("loadBalancingScheme") == "INTERNAL" and mode != "CONNECTION":
            raise invalid(f"Invalid value for field 'resource.backends[].balancingMode': '{mode}'. "
                          "Balancing mode must be CONNECTION for an INTERNAL backend service.")


def forwarding_rule(store: Store, path: str, resource: Resource) -> None:
    if resource.get("loadBalancingScheme") != "INTERNAL" or "backendService" not in resource:
        return  # a consumer's endpoint
    service_path, service = named(store, resource["backendService"])
    if region_of(service_path) != region_of(path):
        raise invalid("The forwarding rule and its backend service must be in one region.")
    purpose = named(store, resource["subnetwork"])[1].get("purpose") \
        if resource.get("subnetwork") else "PRIVATE"
    if purpose != "PRIVATE":
        raise invalid("Invalid value for field 'resource.subnetwork': the subnetwork of an "
                      f"internal forwarding rule must be of purpose PRIVATE, not {purpose}.")
    if len(resource.get("ports", [])) > PORTS_OF_A_RULE_MAX:
        raise invalid(f"At most {PORTS_OF_A_RULE_MAX} ports can be specified; use allPorts.")
    if not resource.get("ports") and not resource.get("allPorts"):
        raise invalid("Ports or allPorts must be specified for an internal forwarding rule.")
    if not is_port_mapping(store, service):
        return
    if not resource.get("allPorts"):
        raise invalid("Invalid value for field 'resource.allPorts': a forwarding rule of a "
                      "backend service with GCE_VM_IP_PORTMAP backends must be allPorts.")
    if resource.get("IPProtocol") == "L3_DEFAULT":
        raise invalid("Invalid value for field 'resource.IPProtocol': 'L3_DEFAULT' is not "
                      "supported for GCE_VM_IP_PORTMAP backends.")
    others = [other for other in store.users(service_path)
              if collection_of(other) == "forwardingRules" and other != path]
    if others:
        raise invalid(f"Backend service '{service_path}' has GCE_VM_IP_PORTMAP backends and "
                      f"already a forwarding rule: '{others[0]}'.")


def service_attachment(store: Store, path: str, resource: Resource) -> None:
    target = resource.get("targetService") or resource.get("producerForwardingRule")
    target_path, rule = named(store, target)
    if collection_of(target_path) != "forwardingRules" or region_of(target_path) != region_of(path):
        raise invalid("Invalid value for field 'resource.targetService': a forwarding rule of the "
                      "same region is expected.")
    _nat_subnets(store, path, resource)
    accepted = resource.get("consumerAcceptLists", [])
    rejected = resource.get("consumerRejectLists", [])
    if resource.get("connectionPreference") == "ACCEPT_AUTOMATIC" and (accepted or rejected):
        raise invalid("Incorrect combination of connection preference with accept and/or reject "
                      "list.")
    both = {item.get("projectIdOrNum") for item in accepted} & set(rejected)
    if both:
        raise invalid(f"'{sorted(both)[0]}' is in the accept list and in the reject list.")
    others = [other_path for other_path, other in store.of("serviceAttachments")
              if other_path != path and path_of(other.get("targetService")) == target_path]
    if others and is_port_mapping(store, named(store, rule["backendService"])[1]):
        raise invalid(f"'{target_path}' has GCE_VM_IP_PORTMAP backends and already a service "
                      f"attachment: '{others[0]}'.")


def _nat_subnets(store: Store, path: str, resource: Resource) -> None:
    if not resource.get("natSubnets"):
        raise invalid("Invalid value for field 'resource.natSubnets': at least one is required.")
    for url in resource["natSubnets"]:
        subnet_path, subnet = named(store, url)
        if subnet.get("purpose") != "PRIVATE_SERVICE_CONNECT":
            raise invalid("Invalid value for field 'resource.natSubnets': the purpose of "
                          f"'{subnet_path}' must be PRIVATE_SERVICE_CONNECT, "
                          f"not {subnet.get('purpose')}.")
        others = [other for other in store.users(subnet_path)
                  if collection_of(other) == "serviceAttachments" and other != path]
        if others:
            raise invalid(f"Subnetwork '{subnet_path}' is already used by '{others[0]}'.")


def instance_group_manager(_store: Store, _path: str, resource: Resource) -> None:
    policy = resource.get("updatePolicy", {})
    surge, unavailable = policy.get("maxSurge", {}), policy.get("maxUnavailable", {})
    zones = len(resource.get("distributionPolicy", {}).get("zones", [])) or REGION_ZONES
    for what, value in (("maxSurge", surge), ("maxUnavailable", unavailable)):
        if 0 < value.get("fixed", 0) < zones:
            raise invalid(f"Invalid value for field 'resource.updatePolicy.{what}.fixed': "
                          f"'{value['fixed']}'. Fixed updatePolicy.{what} for regional managed "
                          f"instance group has to be either 0 or at least equal to the number of "
                          f"zones ({zones}).")
    if surge.get("fixed") == 0 and unavailable.get("fixed") == 0:
        raise invalid("maxSurge and maxUnavailable cannot both be 0.")
    if not resource.get("instanceTemplate") and not resource.get("versions"):
        raise invalid("An instance template is required.")


def autoscaler(store: Store, path: str, resource: Resource) -> None:
    policy = resource.get("autoscalingPolicy", {})
    if policy.get("minNumReplicas", 0) > policy.get("maxNumReplicas", 0):
        raise invalid("minNumReplicas must not be above maxNumReplicas.")
    target = path_of(resource.get("target"))
    for other_path, other in store.of("autoscalers"):
        if other_path != path and path_of(other.get("target")) == target:
            raise invalid(f"'{target}' already has the autoscaler '{other_path}'.")


def instance(store: Store, _path: str, resource: Resource) -> None:
    for interface in resource.get("networkInterfaces", []):
        if interface.get("subnetwork") and \
                named(store, interface["subnetwork"])[1].get("purpose") != "PRIVATE":
            raise invalid("An instance cannot be in a subnetwork whose purpose is not PRIVATE.")


RULES = {
    "subnetworks": subnetwork,
    "firewalls": firewall,
    "networkEndpointGroups": network_endpoint_group,
    "backendServices": backend_service,
    "forwardingRules": forwarding_rule,
    "serviceAttachments": service_attachment,
    "instanceGroupManagers": instance_group_manager,
    "autoscalers": autoscaler,
    "instances": instance,
}


def attach_endpoints(store: Store, path: str, new: list[Resource]) -> None:
    """Network endpoints are added all or none."""
    group = store.find(path)
    present = store.endpoints.get(path, [])
    if len(present) + len(new) > ENDPOINTS_MAX:
        raise invalid(f"A network endpoint group has at most {ENDPOINTS_MAX} endpoints.")
    added = [_endpoint(store, path, group, endpoint) for endpoint in new]
    seen_ports, seen_services = set(), set()
    for endpoint in present + added:
        client_port = endpoint.get("clientDestinationPort")
        service = (endpoint.get("instance"), endpoint.get("port"))
        if client_port is not None and client_port in seen_ports:
            raise invalid(f"Client destination port {client_port} is already mapped in '{path}'.")
        if service in seen_services:
            raise invalid(f"Instance '{service[0]}' with port {service[1]} is already an endpoint "
                          f"of '{path}'.")
        seen_ports.add(client_port)
        seen_services.add(service)
    store.endpoints[path] = present + added


def _endpoint(store: Store, path: str, group: Resource, endpoint: Resource) -> Resource:
    if group.get("networkEndpointType") != PORT_MAP:
        return endpoint
    for field in ("instance", "clientDestinationPort"):
        if field not in endpoint:
            raise invalid(f"Invalid value for field 'networkEndpoints[].{field}': it is required.")
    if "port" not in endpoint and "defaultPort" not in group:
        raise invalid("Invalid value for field 'networkEndpoints[].port': it is required.")
    instance_path, machine = named(store, endpoint["instance"])
    interface = machine["networkInterfaces"][0]
    if path_of(interface["subnetwork"]) != path_of(group["subnetwork"]):
        raise invalid(f"'{instance_path}' is not in the subnetwork of '{path}'.")
    if region_of(instance_path) != region_of(path):
        raise invalid(f"'{instance_path}' is in another region than '{path}'.")
    if endpoint.get("ipAddress", interface["networkIP"]) != interface["networkIP"]:
        raise invalid(f"{endpoint['ipAddress']} is not the address of '{instance_path}'.")
    return {"port": group.get("defaultPort"), **store.canonical(endpoint)}


def detach_endpoints(store: Store, path: str, gone: list[Resource]) -> None:
    """An endpoint to be removed names an instance, and may leave out its ports."""
    store.find(path)
    left = store.endpoints.get(path, [])
    for wanted in gone:
        wanted = store.canonical(wanted)
        kept = [endpoint for endpoint in left
                if any(endpoint.get(key) != value for key, value in wanted.items())]
        if len(kept) == len(left):
            raise invalid(f"No network endpoint of '{path}' matches {wanted}.")
        left = kept
    store.endpoints[path] = left
