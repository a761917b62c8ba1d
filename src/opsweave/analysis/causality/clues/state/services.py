"""Services that lead nowhere, and addresses that name nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from opsweave.analysis.causality.clues.state.finding import FATAL, Finding, Scene
from opsweave.analysis.causality.clues.state.kubectl import Described

_PORT = re.compile(r"(?:(\S+)\s+)?(\d+)/(TCP|UDP|SCTP)")
_ADDRESS = re.compile(r"^(?:[a-z]+://)?([a-z][a-z0-9-]*)(?:\.[a-z0-9.-]+)?:(\d+)(?:/.*)?$")
_OPTIONAL = 0.3
"""Nats of an address of nobody: often a part that was never installed."""


def services(scene: Scene) -> Iterator[Finding]:
    """Findings of all services and of the addresses that workloads were given."""
    pods = {name: (pod.pairs("Labels"), pod) for name, pod in scene.cluster.of("pods").items()}
    for name, service in sorted(scene.cluster.of("services").items()):
        entity = name if name in scene.nodes else scene.workload(service.pairs("Selector"), name)
        yield from _selector(scene, service, entity, pods)
        yield from _ports(service, entity, pods)
    yield from _addresses(scene)


def _selected(
    service: Described, pods: Mapping[str, tuple[Mapping[str, str], Described]]
) -> list[Described]:
    wanted = service.pairs("Selector")
    if not wanted:
        return []
    return [pod for labels, pod in pods.values() if wanted.items() <= labels.items()]


def _selector(
    scene: Scene,
    service: Described,
    entity: str,
    pods: Mapping[str, tuple[Mapping[str, str], Described]],
) -> Iterator[Finding]:
    """A selector that fits no pod although the workload of that name has some."""
    if not service.pairs("Selector") or _selected(service, pods):
        return
    own = [n for n in pods if n.startswith(f"{service.name}-")]
    if own:
        says = f"its selector {service.field('Selector')} fits none of its {len(own)} pods"
        yield _finding(service, entity, FATAL, "selector", says)


def _ports(
    service: Described, entity: str, pods: Mapping[str, tuple[Mapping[str, str], Described]]
) -> Iterator[Finding]:
    """A target port, or its protocol, that no container of the pods declares."""
    open_: set[tuple[str, str]] = set()
    for pod in _selected(service, pods):
        for line in [*pod.fields("Port"), *pod.fields("Ports")]:
            open_ |= {(port, protocol) for _, port, protocol in _PORT.findall(line)}
    if not open_:
        return
    for line in service.fields("TargetPort"):
        target = _PORT.search(line)
        if target is None:
            yield from _named(service, entity, line)
            continue
        port, protocol = target.group(2), target.group(3)
        if (port, protocol) in open_:
            continue
        offered = ", ".join(sorted("/".join(p) for p in open_))
        kind = "protocol" if any(port == p for p, _ in open_) else "target port"
        says = f"sends to {port}/{protocol}, its pods listen on {offered}"
        yield _finding(service, entity, FATAL, kind, says)


def _named(service: Described, entity: str, target: str) -> Iterator[Finding]:
    """A target port by a name that no container has: the endpoints come without a port."""
    addresses = service.field("Endpoints")
    if addresses and ":" not in addresses:
        says = f"sends to port {target}, which its pods do not name"
        yield _finding(service, entity, FATAL, "target port", says)


def _addresses(scene: Scene) -> Iterator[Finding]:
    """Environment variables with ``host:port`` of a service that does not exist or listen there."""
    offered: dict[str, set[str]] = {}
    for name, service in scene.cluster.of("services").items():
        offered[name] = {
            port for line in service.fields("Port") for _, port, _ in _PORT.findall(line)
        }
    if not offered:
        return
    for kind in ("deployments", "statefulsets", "pods"):
        for name, found in sorted(scene.cluster.of(kind).items()):
            labels = found.pairs("Labels") or found.pairs("Selector")
            entity = scene.of_pod(found) if kind == "pods" else scene.workload(labels, name)
            for variable, value in re.findall(
                r"^\s+([A-Z][A-Z0-9_]*):\s+(\S+)$", found.text, re.MULTILINE
            ):
                address = _ADDRESS.match(value)
                if address is None:
                    continue
                host, port = address.groups()
                if host in offered and port in offered[host]:
                    continue
                if host not in offered and "." in value.partition(":")[0]:
                    continue  # of another namespace, which the print does not show
                why = f"{host} has no port {port}" if host in offered else f"no service {host}"
                says = f"{kind[:-1]} {name}: {variable}={value}, but {why}"
                yield Finding(
                    entity=entity,
                    nats=FATAL if host in offered else _OPTIONAL,
                    indicator="address",
                    says=says,
                    command=f"describe {kind} {name}",
                )


def _finding(service: Described, entity: str, nats: float, indicator: str, says: str) -> Finding:
    return Finding(
        entity=entity,
        nats=nats,
        indicator=indicator,
        says=f"service {service.name}: {says}",
        command=f"describe services {service.name}",
    )
