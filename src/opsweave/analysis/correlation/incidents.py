"""A whole list of alerts to incidents: the grouper over it in order, with hindsight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from opsweave.analysis.correlation.group import Group
from opsweave.analysis.correlation.grouper import Grouper, id_of
from opsweave.analysis.correlation.item import Item
from opsweave.analysis.correlation.learned import Learned
from opsweave.analysis.correlation.placed import Placed, Settings
from opsweave.analysis.correlation.reach import reach_of
from opsweave.analysis.correlation.split import LEAST, Onset, halves
from opsweave.analysis.correlation.taught import Taught
from opsweave.analysis.correlation.topology import Topology

Row = tuple[Item, Placed]
Members = dict[str, list[Row]]


class Grouped(msgspec.Struct, frozen=True, kw_only=True):
    """One incident. Times in seconds."""

    id: str
    """Of its first alert: the same whenever these alerts are grouped."""
    alerts: tuple[str, ...]
    """Ids in the order of their onset."""
    joins: tuple[Placed, ...]
    """Why each is in it."""
    cause: str = ""
    """What its alerts have most in common: an entity, or ``=name=value`` of a mark."""
    share: float = 0.0
    """The belief in that, of 1."""
    start_s: float = 0.0
    end_s: float = 0.0


def correlate(
    items: Iterable[Item],
    topology: Topology | None = None,
    *,
    taught: Taught | None = None,
    settings: Settings | None = None,
) -> list[Grouped]:
    """Incidents in the order of their first alert. The order of ``items`` does not matter: they
    are taken by onset, ties by id. What is usual is learnt from all of them first.

    >>> a = Item(id="a", entity="db", type="slow", start_s=0.0)
    >>> b = Item(id="b", entity="shop", type="errors", start_s=20.0)
    >>> c = Item(id="c", entity="mail", type="full", start_s=30.0)
    >>> graph = Topology(edges=[("shop", "db", "calls")])
    >>> [one.alerts for one in correlate([c, b, a], graph)]
    [('a', 'b'), ('c',)]
    """
    ordered = sorted(items, key=lambda item: (item.start_s, item.id))
    learned = Learned()
    for item in ordered:
        learned.see(item)
    grouper = Grouper(topology, learned=learned, taught=taught, settings=settings)
    members: Members = {}
    for item in ordered:
        placed = grouper.place(item, learn=False)
        members.setdefault(placed.group, []).append((item, placed))
        if placed.merged:
            members[placed.group] += members.pop(placed.merged, [])
    found = [one for id_, rows in members.items() for one in _parts(grouper, id_, _in_order(rows))]
    return sorted(found, key=lambda one: (one.start_s, one.id))


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row[0].start_s, row[0].id))


def _parts(grouper: Grouper, id_: str, rows: list[Row]) -> list[Grouped]:
    """One incident, or several when hindsight says that they have causes of their own."""
    open_, found = [rows], []
    while open_:
        part = open_.pop()
        second = _second(grouper, part)
        if not second:
            group = grouper.groups.get(id_) if len(part) == len(rows) else None
            items = [item for item, placed in part if placed.rule != "again"]
            found.append(_one(group or grouper.alone(items or [part[0][0]]), part))
            continue
        open_ += [
            [row for row in part if (row[0].entity in second) is side] for side in (False, True)
        ]
    return found


def _second(grouper: Grouper, rows: Sequence[Row]) -> frozenset[str]:
    """Entities of a second incident in it."""
    first: dict[str, Item] = {}
    for item, _ in rows:
        if item.entity:
            first.setdefault(item.entity, item)
    if len(first) < LEAST:
        return frozenset()
    onsets = [
        Onset(entity, item.start_s, dict(reach_of(item, grouper.topology, grouper.learned)))
        for entity, item in first.items()
    ]
    found = halves(onsets)
    return found.second if found is not None else frozenset()


def _one(group: Group, rows: Sequence[Row]) -> Grouped:
    cause, share = group.likeliest()
    ends = [max(item.start_s, item.end_s or item.start_s) for item, _ in rows]
    id_ = id_of(rows[0][0])
    return Grouped(
        id=id_,
        alerts=tuple(item.id for item, _ in rows),
        joins=tuple(_told(placed, id_, number) for number, (_, placed) in enumerate(rows)),
        cause=cause,
        share=share,
        start_s=rows[0][0].start_s,
        end_s=max(ends),
    )


def _told(placed: Placed, group: str, number: int) -> Placed:
    rule = "first" if number == 0 else placed.rule
    return msgspec.structs.replace(placed, group=group, rule=rule, merged="")
