"""Alerts to incidents, online: in a storm, and where every alert is new and incidents are all over.

Made by a seed: services that call later ones and run on hosts. In a storm each alert is one of few
that were there a moment ago. The other is the dearest case that is known: no alert comes twice, and
alerts fall on the graph at random, so that dozens to hundreds of incidents stay live.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from opsweave.analysis.correlation import Grouper, Item, Topology

SERVICES, HOSTS, CALLS = 400, 60, 3
GAP_S = 300.0


def graph(seed: int) -> tuple[list[str], Topology]:
    """Names of services, and what they lean on."""
    chance = random.Random(seed)
    names = [f"service-{number:03d}" for number in range(SERVICES)]
    edges = []
    for number, name in enumerate(names):
        later = names[number + 1 : number + 1 + SERVICES // 3]
        called = chance.sample(later, min(len(later), chance.randint(0, CALLS)))
        edges += [(name, other, "calls") for other in called]
        edges.append((name, f"host-{chance.randrange(HOSTS):02d}", "runs_on"))
    return names, Topology(edges=edges)


def crowd(
    names: Sequence[str], alerts: int, *, every_s: float, types: int, new: bool, seed: int
) -> list[Item]:
    """Alerts at a steady pace; ``new``: each with an identity of its own, else of its entity."""
    chance = random.Random(seed)
    made = []
    for number in range(alerts):
        entity, kind = chance.choice(names), f"type-{chance.randrange(types):03d}"
        made.append(
            Item(
                id=f"a{number}",
                entity=entity,
                type=kind,
                start_s=number * every_s,
                key=f"k{number}" if new else "",
            )
        )
    return made


def measure(alerts: int, *, seed: int = 1) -> dict[str, float]:
    """Alerts a CPU-second, by kind of stream, and of grouping by entity and a gap of time."""
    names, topology = graph(seed)
    for name in names:
        topology.pairs(name)  # once per entity and graph, whatever comes
    streams = {
        "storm": crowd(names[:20], alerts, every_s=0.1, types=6, new=False, seed=seed),
        "all new, 12 types": crowd(names, alerts, every_s=1.0, types=12, new=True, seed=seed),
        "all new, 200 types": crowd(names, alerts, every_s=1.0, types=200, new=True, seed=seed),
        "all new, one in 5 s": crowd(names, alerts, every_s=5.0, types=12, new=True, seed=seed),
    }
    found = {f"{name}, alerts/s/core": _rate(items, topology) for name, items in streams.items()}
    plain = _by_entity(streams["all new, 12 types"])
    return {
        **found,
        "by entity and gap, alerts/s/core": plain,
        "times as dear, at worst": plain / min(found.values()),
    }


def _rate(items: Sequence[Item], topology: Topology) -> float:
    grouper = Grouper(topology)
    began = time.process_time()
    for item in items:
        grouper.place(item)
    return len(items) / max(time.process_time() - began, 1e-9)


def _by_entity(items: Sequence[Item]) -> float:
    last: dict[str, float] = {}
    group: dict[str, str] = {}
    began = time.process_time()
    for item in items:
        if item.start_s - last.get(item.entity, -1e9) > GAP_S:
            group[item.entity] = item.id
        last[item.entity] = item.start_s
    return len(items) / max(time.process_time() - began, 1e-9)
