"""Relations in two times: when they held, and when we knew it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from opsweave.facts import Relation, RelationPeriod
from opsweave.kernel.ids import content_hash


def period_of(relation: Relation, now_ns: int) -> RelationPeriod:
    """A period that begins: the relation holds, as we know since ``now_ns``."""
    since = relation.valid_from_ns or now_ns
    identity = content_hash(relation.source, relation.kind, relation.target, str(since))
    return RelationPeriod(
        id=f"rel-{identity}",
        tenant=relation.tenant,
        entity=relation.source,
        kind=relation.kind,
        target=relation.target,
        origin=relation.origin,
        valid_from_ns=since,
        recorded_ns=now_ns,
        at_ns=now_ns,
    )


def ended(period: RelationPeriod, valid_to_ns: int, now_ns: int) -> RelationPeriod:
    """The period, over since ``valid_to_ns``, as we know since ``now_ns``."""
    return msgspec.structs.replace(period, valid_to_ns=valid_to_ns, end_recorded_ns=now_ns)


def as_of(
    periods: Iterable[RelationPeriod], at_ns: int, known_ns: int | None = None
) -> list[Relation]:
    """What held at ``at_ns``, as far as it was known at ``known_ns`` (None: now).

    >>> call = Relation(source="a", kind="calls", target="b", valid_from_ns=10)
    >>> over = ended(period_of(call, 12), 20, 25)
    >>> [len(as_of([over], at)) for at in (5, 15, 22)]
    [0, 1, 0]
    >>> len(as_of([over], 22, known_ns=24)), len(as_of([over], 15, known_ns=11))
    (1, 0)
    """
    held = []
    for period in periods:
        if period.valid_from_ns > at_ns:
            continue
        if known_ns is not None and period.recorded_ns > known_ns:
            continue
        end = period.valid_to_ns
        unknown = (
            known_ns is not None
            and period.end_recorded_ns is not None
            and period.end_recorded_ns > known_ns
        )
        if end is None or unknown or at_ns < end:
            relation = period.relation()
            held.append(
                msgspec.structs.replace(relation, valid_to_ns=None) if unknown else relation
            )
    return held
