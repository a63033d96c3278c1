"""Process 1 of an integration site: three places that only their neighbours reach, real brokers in
the last, three replicas of Portway in the middle.

    client 10.201.0.1 --- 10.201.0.11, .12, .13 proxy 10.64.0.1 --- 10.64.0.2, .3, .4 brokers

Nothing is forwarded, so a client that is told a broker's own address cannot reach it. When this
process ends, the kernel takes its namespaces and everything that runs in them away."""

import argparse
import json
import pathlib
import signal
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "tools" / "kafka"), str(PROJECT / "test" / "integration")]

import cluster as kafka  # noqa: E402
import namespaces  # noqa: E402
import portway_process  # noqa: E402

REPLICAS = ["10.201.0.11", "10.201.0.12", "10.201.0.13"]
SPARE_PROXY_ADDRESSES = ["10.201.0.21", "10.201.0.22", "10.201.0.23"]
BROKERS = ["10.64.0.2", "10.64.0.3", "10.64.0.4"]
SPARE_BROKER_ADDRESSES = [f"10.64.0.{last}" for last in range(5, 30)]
BROKER_IDS = range(1, 65)


def write_hosts(path: pathlib.Path):
    """Every broker's name leads to another replica than its neighbour's, as behind a balancer.
    Names with an s lead to the one proxy that a test starts for itself."""
    lines = ["127.0.0.1 localhost"]
    lines += [f"{SPARE_PROXY_ADDRESSES[0]} s{broker_id}.{portway_process.DOMAIN}"
              for broker_id in BROKER_IDS]
    lines += [f"{REPLICAS[broker_id % len(REPLICAS)]} b{broker_id}.{portway_process.DOMAIN}"
              for broker_id in BROKER_IDS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def build_network(hosts: pathlib.Path) -> dict:
    write_hosts(hosts)
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)
    places = {name: namespaces.Namespace.create() for name in ("client", "proxy", "kafka")}
    client, proxy, brokers = places.values()
    namespaces.join(client, "outside0", proxy, "front0")
    namespaces.join(proxy, "back0", brokers, "inside0")
    client.add_address("outside0", "10.201.0.1/24")
    for address in REPLICAS + SPARE_PROXY_ADDRESSES:
        proxy.add_address("front0", f"{address}/24")
    proxy.add_address("back0", "10.64.0.1/24")
    for address in BROKERS + SPARE_BROKER_ADDRESSES:
        brokers.add_address("inside0", f"{address}/24")
    return places


def start_cluster(arguments, place) -> kafka.Cluster:
    voters = [kafka.Node(node_id, host, controller=(host, kafka.CONTROLLER_PORT))
              for node_id, host in enumerate(BROKERS, 1)]
    cluster = kafka.Cluster(
        arguments.version, kafka.libs_in_cache(arguments.cache, arguments.version),
        str(arguments.directory / "cluster"), voters, prefix=place.prefix, connect=place.connect)
    cluster.start()
    return cluster


def start_replicas(arguments, place) -> list:
    """One after the other, each with another order of bootstrap brokers."""
    replicas = []
    for number, address in enumerate(REPLICAS):
        replica = portway_process.PortwayProcess(
            arguments.portway, place, address, arguments.directory / f"replica{number + 1}")
        order = BROKERS[number:] + BROKERS[:number]
        replica.serve(portway_process.configuration(
            address, [(host, kafka.BROKER_PORT) for host in order]))
        replica.wait_ready()
        replicas.append(replica)
    return replicas


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", required=True)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--portway", required=True)
    parser.add_argument("--directory", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    places = build_network(arguments.directory / "hosts")
    cluster = start_cluster(arguments, places["kafka"])
    cluster.save(arguments.directory / "cluster.json")
    replicas = start_replicas(arguments, places["proxy"])
    state = {"version": arguments.version, "cache": arguments.cache, "portway": arguments.portway,
             "replicas": [replica.process.pid for replica in replicas],
             "holders": {name: place.holder_pid for name, place in places.items()}}
    ready = arguments.directory / "ready.json"
    ready.with_suffix(".new").write_text(json.dumps(state), encoding="utf-8")
    ready.with_suffix(".new").rename(ready)
    signal.pause()


if __name__ == "__main__":
    main()
