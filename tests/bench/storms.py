"""Storms of alerts with their truth: a company's graph, cascades, noise, and all that goes wrong.

Parameters are swept by the tests; nothing of the grouping is tuned to one value of them.
"""

from __future__ import annotations

import random
from typing import NamedTuple

import msgspec

from opsweave.analysis.correlation import Item, Topology

TYPES = ("latency", "errors", "saturation", "queue", "timeouts", "restarts")
NOISE_TYPES = ("disk", "certificate", "backup", "cpu", "latency", "errors")


class Weather(NamedTuple):
    """How a storm is made; times in seconds."""

    services: int = 60
    hosts: int = 15
    fanout: int = 3
    """Calls of a service, at most."""
    incidents: int = 12
    hours: float = 12.0
    spread: float = 0.7
    """Probability that trouble passes on to who leans on it."""
    delay: float = 20.0
    """Mean of a hop."""
    detect: float = 40.0
    """Mean delay of a rule, so that onsets are told in another order than they happened."""
    silent: float = 0.2
    """Entities in trouble that no rule watches."""
    noise: float = 0.3
    """Alerts by chance, as a share of the storm's."""
    flapping: float = 0.1
    skew: float = 2.0
    """Standard deviation of an entity's clock."""
    overlaps: int = 4
    """Incidents that begin near another one while it is live: in the graph and in time."""
    overlap_s: tuple[float, float] = (30.0, 600.0)
    labels: bool = False
    """Without a graph alerts carry what tools put on them."""


class Storm(NamedTuple):
    items: list[Item]
    truth: dict[str, int]
    """Alert -> its incident; noise has a number of its own for each key."""
    topology: Topology
    near: set[int]
    """Incidents that overlap another."""


class _World:
    def __init__(self, weather: Weather, chance: random.Random) -> None:
        self.names = [f"svc-{n:03d}" for n in range(weather.services)]
        self.hosts = [f"host-{n:02d}" for n in range(weather.hosts)]
        self.edges: list[tuple[str, str, str]] = []
        self.home = {name: chance.choice(self.hosts) for name in self.names}
        self.space = {name: f"team-{chance.randrange(8)}" for name in self.names}
        for number, name in enumerate(self.names):
            deeper = self.names[number + 1 : number + 1 + weather.services // 3]
            for other in chance.sample(deeper, min(len(deeper), chance.randint(0, weather.fanout))):
                self.edges.append((name, other, "calls"))
            self.edges.append((name, self.home[name], "runs_on"))
        self.suffer: dict[str, list[str]] = {}
        for source, target, _ in self.edges:
            self.suffer.setdefault(target, []).append(source)

    def cascade(
        self, root: str, at: float, weather: Weather, chance: random.Random
    ) -> dict[str, float]:
        """Entity -> when it gets into trouble."""
        found = {root: at}
        queue = [root]
        while queue:
            one = queue.pop(0)
            for other in self.suffer.get(one, ()):
                if other not in found and chance.random() < weather.spread:
                    found[other] = found[one] + chance.expovariate(1 / weather.delay)
                    queue.append(other)
        return found


def storm(seed: int, weather: Weather = Weather()) -> Storm:  # noqa: B008 - immutable
    """One storm, the same for the same seed; items in the order in which they come in."""
    chance = random.Random(seed)
    world = _World(weather, chance)
    starts, near = _plan(world, weather, chance)
    rows: list[tuple[Item, int]] = []
    for number, (root, at) in enumerate(starts):
        for entity, when in world.cascade(root, at, weather, chance).items():
            if entity == root or chance.random() >= weather.silent:
                rows += _alerts(world, entity, when, number, weather, chance)
    rows += _noise(world, len(rows), len(starts), weather, chance)
    clock = {entity: chance.gauss(0.0, weather.skew) for entity in world.names + world.hosts}
    items, truth, seen = [], {}, set()
    for item, number in sorted(rows, key=lambda row: row[0].start_s):
        if item.id in truth:
            continue
        truth[item.id] = number
        seen.add(number)
        items.append(_moved(item, clock.get(item.entity, 0.0)))
    items.sort(key=lambda item: item.start_s + chance.expovariate(1 / 10.0))
    graph = Topology() if weather.labels else Topology(world.names + world.hosts, world.edges)
    return Storm(items, truth, graph, near)


def _plan(
    world: _World, weather: Weather, chance: random.Random
) -> tuple[list[tuple[str, float]], set[int]]:
    """(root, when) of each incident, and which overlap another."""
    span = weather.hours * 3600.0
    starts: list[tuple[str, float]] = []
    near: set[int] = set()
    everyone = world.names + world.hosts
    starts += [
        (chance.choice(everyone), chance.uniform(0.0, span))
        for _ in range(weather.incidents - weather.overlaps)
    ]
    for _ in range(min(weather.overlaps, len(starts))):
        number = chance.randrange(len(starts))
        root, at = starts[number]
        close = [o for s, t, _ in world.edges for o in (s, t) if root in (s, t) and o != root]
        further = [o for s, t, _ in world.edges for o in (s, t) if {s, t} & set(close)]
        options = {*further} - {root, *close} or {*everyone} - {root}
        near |= {number, len(starts)}
        starts.append((chance.choice(sorted(options)), at + chance.uniform(*weather.overlap_s)))
    return starts, near


def _alerts(
    world: _World, entity: str, when: float, number: int, weather: Weather, chance: random.Random
) -> list[tuple[Item, int]]:
    found = []
    for type_ in chance.sample(TYPES, chance.choice((1, 1, 2, 3))):
        at = when + chance.expovariate(1 / weather.detect)
        ends = at + chance.uniform(120.0, 1200.0)
        found.append((_item(world, entity, type_, at, ends), number))
        if chance.random() < weather.flapping:
            for _ in range(chance.randint(1, 4)):
                at = ends + chance.uniform(20.0, 200.0)
                ends = at + chance.uniform(20.0, 200.0)
                found.append((_item(world, entity, type_, at, ends), number))
    return found


def _noise(
    world: _World, n: int, first: int, weather: Weather, chance: random.Random
) -> list[tuple[Item, int]]:
    """By chance, each alert its own; what comes back within half an hour is the same one."""
    found, last = [], {}
    for _ in range(int(n * weather.noise)):
        entity = chance.choice(world.names + world.hosts)
        type_ = chance.choice(NOISE_TYPES)
        at = chance.uniform(0.0, weather.hours * 3600.0)
        found.append((at, entity, type_, at + chance.uniform(30.0, 600.0)))
    rows = []
    for at, entity, type_, ends in sorted(found):
        known = last.get((entity, type_))
        if known is None or at - known[1] > 1800.0:
            first += 1
            known = (first, ends)
        last[entity, type_] = (known[0], ends)
        rows.append((_item(world, entity, type_, at, ends), known[0]))
    return rows


def _item(world: _World, entity: str, type_: str, at: float, ends: float) -> Item:
    marks: tuple[str, ...] = (f"host={world.home.get(entity, entity)}",)
    if entity in world.space:
        marks += (f"namespace={world.space[entity]}",)
    return Item(
        id=f"{entity}/{type_}/{at:.3f}",
        entity=entity,
        type=type_,
        start_s=at,
        end_s=ends,
        marks=marks,
    )


def _moved(item: Item, by: float) -> Item:
    return msgspec.structs.replace(
        item, start_s=item.start_s + by, end_s=(item.end_s or item.start_s) + by
    )
