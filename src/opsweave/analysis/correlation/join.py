"""Which incident an alert belongs to, and why: topology, time and content, never an empty key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from opsweave.facts import Alert, Join

SECOND = 1_000_000_000
MOST_HOPS = 4
"""Between two symptoms; evidence must lie within one hop of the incident."""
EARLIER_S = 180.0
LATER_S = 300.0
MOST_ALERTS = 500
"""No incident grows without bound."""
UNATTRIBUTED = "opsweave.unattributed"

Distance = Callable[[str, str], int | None]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What joining needs to know of a live incident."""

    id: str
    entities: tuple[str, ...]
    fingerprints: frozenset[str]
    apart: frozenset[str] = frozenset()
    """Fingerprints that an operator split from it."""
    started_ns: int
    active_ns: int
    """When something of it was last firing."""
    size: int = 0
    labels: frozenset[tuple[str, str]] = frozenset()


def best_join(alert: Alert, groups: Iterable[Group], distance: Distance) -> tuple[str, Join] | None:
    """(incident id, the join with its reason), or None when the alert belongs to none of them."""
    best: tuple[str, Join] | None = None
    for group in groups:
        join = _join(alert, group, distance)
        if join is not None and (best is None or join.score > best[1].score):
            best = (group.id, join)
    return best


def _join(alert: Alert, group: Group, distance: Distance) -> Join | None:
    if group.size >= MOST_ALERTS or alert.fingerprint in group.apart:
        return None
    if alert.fingerprint in group.fingerprints:
        return Join(alert=alert.id, rule="content", says="the same alert again", score=1.0)
    early = (group.started_ns - alert.started_ns) / SECOND
    late = (alert.started_ns - group.active_ns) / SECOND
    if early > EARLIER_S or late > LATER_S:
        return None
    if alert.labels.get(UNATTRIBUTED):
        return _by_content(alert, group)
    hops, near = _nearest(alert.entity, group.entities, distance)
    most = MOST_HOPS if alert.symptom else 1
    if hops is None or hops > most:
        return _by_content(alert, group)
    apart = max(0.0, late, abs(alert.started_ns - group.started_ns) / SECOND / 4)
    score = 0.9**hops * 0.5 ** (apart / LATER_S)
    where = (
        f"{alert.entity} is in it already" if hops == 0
        else f"{alert.entity} is {hops} hop{'s' * (hops > 1)} from {near}"
    )  # fmt: skip
    when = f"began {abs(early):.0f} s {'before' if early > 0 else 'after'} its onset"
    return Join(alert=alert.id, rule="topology", says=f"{where}; {when}", score=round(score, 4))


def _nearest(entity: str, others: Sequence[str], distance: Distance) -> tuple[int | None, str]:
    best, near = None, ""
    for other in others:
        hops = distance(entity, other)
        if hops is not None and (best is None or hops < best):
            best, near = hops, other
    return best, near


def _by_content(alert: Alert, group: Group) -> Join | None:
    """Two shared labels of one tool say that alerts speak of one thing; one label does not."""
    own = {(k, v) for k, v in alert.labels.items() if v and not k.startswith("opsweave.")}
    shared = sorted(own & group.labels)
    if len(shared) < 2:
        return None
    says = "shares " + ", ".join(f"{k}={v}" for k, v in shared[:3])
    return Join(alert=alert.id, rule="content", says=says, score=0.5)
