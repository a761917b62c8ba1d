"""Made-up storms of alerts with their truth, since no public set of grouped alerts was found.

A layered graph of services on hosts; each incident begins at one entity and climbs to callers (or
from a host to what runs on it) with random delays, types and silent members; some begin while
another is live. Noise comes by itself, and some alerts flap. It shares no code with the grouping.
"""

from __future__ import annotations

import random
from typing import Any

import msgspec

_TYPES = ("latency", "errors", "saturation", "timeouts", "queue_length")
_NOISE = ("certificate_expiry", "disk_usage", "backup_late", "latency", "errors")
_START = 1_767_600_000


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How a storm is drawn; times in seconds."""

    services: int = 80
    hosts: int = 16
    layers: int = 5
    incidents: int = 14
    hours: float = 10.0
    overlap: float = 0.3
    """Share of incidents that begin while another is live."""
    climb: float = 0.7
    """Probability that a caller suffers."""
    silent: float = 0.2
    noise: float = 0.25
    """Alerts by chance, as a share of the storm's."""
    flap: float = 0.1


class Storm(msgspec.Struct, frozen=True):
    """Alerts in the order in which they are told, their truth, and the graph."""

    alerts: list[dict[str, Any]]
    truth: dict[str, str]
    graph: dict[str, Any]


def storm(seed: int, shape: Shape = Shape()) -> Storm:  # noqa: B008  (immutable)
    """The storm of a seed.

    >>> one = storm(1)
    >>> len(one.truth) == len({alert["id"] for alert in one.alerts})
    True
    """
    chance = random.Random(seed)
    graph = _graph(chance, shape)
    drawn: list[tuple[float, str, str, str]] = []
    starts: list[float] = []
    for number in range(shape.incidents):
        live = starts and chance.random() < shape.overlap
        at = chance.choice(starts) if live else chance.uniform(0.0, shape.hours * 3600.0)
        at += chance.uniform(20.0, 240.0) if live else 0.0
        starts.append(at)
        drawn += _incident(chance, shape, graph, f"i{number:02d}", at)
    names = [node["id"] for node in graph["nodes"]]
    for number in range(round(shape.noise * len(drawn))):
        at = chance.uniform(0.0, shape.hours * 3600.0)
        drawn.append((at, chance.choice(names), chance.choice(_NOISE), f"n{number:03d}"))
    drawn.sort()
    alerts, truth = [], {}
    for number, (at, entity, kind, group) in enumerate(drawn):
        name = f"a{number:05d}"
        truth[name] = group
        alerts.append(_alert(name, entity, kind, at, chance.uniform(60.0, 1800.0)))
    return Storm(alerts, truth, graph)


def _graph(chance: random.Random, shape: Shape) -> dict[str, Any]:
    """Services call services of lower layers; each runs on one host."""
    layer = [number * shape.layers // shape.services for number in range(shape.services)]
    edges = []
    for number in range(shape.services):
        below = [other for other in range(shape.services) if layer[other] == layer[number] + 1]
        called = chance.sample(below, min(len(below), chance.randint(1, 3)))
        edges += [[_service(number), _service(other), "calls"] for other in called]
        edges.append([_service(number), f"host-{chance.randrange(shape.hosts):02d}", "runs_on"])
    hosts = [{"id": f"host-{number:02d}", "kind": "host"} for number in range(shape.hosts)]
    services = [{"id": _service(number), "kind": "service"} for number in range(shape.services)]
    return {"nodes": services + hosts, "edges": edges}


def _incident(
    chance: random.Random, shape: Shape, graph: dict[str, Any], group: str, at: float
) -> list[tuple[float, str, str, str]]:
    """(time, entity, type, group) of the alerts of one incident: at least one."""
    leans: dict[str, list[str]] = {}
    for source, target, _ in graph["edges"]:
        leans.setdefault(target, []).append(source)
    root = chance.choice([node["id"] for node in graph["nodes"]])
    reached, queue = {root: at}, [root]
    while queue:
        entity = queue.pop(0)
        for caller in leans.get(entity, ()):
            if caller not in reached and chance.random() < shape.climb:
                reached[caller] = reached[entity] + chance.expovariate(1.0 / 25.0)
                queue.append(caller)
    told = []
    for entity, since in reached.items():
        if entity != root and chance.random() < shape.silent:
            continue
        for kind in chance.sample(_TYPES, chance.randint(1, 2)):
            moment = since + chance.expovariate(1.0 / 30.0)
            told.append((moment, entity, kind, group))
            while chance.random() < shape.flap:
                moment += chance.uniform(60.0, 300.0)
                told.append((moment, entity, kind, group))
    return told


def _alert(name: str, entity: str, kind: str, at: float, lasts: float) -> dict[str, Any]:
    return {
        "id": name,
        "type": kind,
        "entity": entity,
        "starts_at": round(_START + at, 3),
        "ends_at": round(_START + at + lasts, 3),
    }


def _service(number: int) -> str:
    return f"service-{number:03d}"
