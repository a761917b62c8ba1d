"""One incident, two causes: which alerts are whose.

Two causes that are both strong by evidence of their own, of which neither explains the other, are
two faults whose symptoms met. Each alert goes to the cause that reaches it best and soonest: a
cause does not make alerts before it begins, and makes most of them soon after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from opsweave.analysis.causality.families import HARD, family_of
from opsweave.analysis.causality.influence import Edges, reach
from opsweave.facts import Cause, CauseKind

SECOND = 1_000_000_000
OWN, MECHANISM, UNEXPLAINED, TIMING = 0.8, 0.6, 0.8, 0.5
"""Parts that a cause must have to be one beside another."""
OUTSIDE = 0.6
"""Own trouble that is enough of what is outside: its callers' share of it is told by themselves."""
EARLY_S = 7.5
"""A bucket and a half: onsets are no surer than that."""
PACE_S = 60.0
STEEP = 3
BEFORE = 0.02
"""What is left of a cause for alerts that began before it."""
LEAST_REACH = 0.3
REST_S = 20.0
"""After what was acted upon has come to rest, its victims do."""
_VALUES = ("dataset:", "model:")


class Sighting(NamedTuple):
    """An alert of the incident."""

    id: str
    entity: str
    at_ns: int
    symptom: bool
    quiet_s: float | None
    """How long ago it ended; None while it fires."""


class Division(msgspec.Struct, frozen=True, kw_only=True):
    """``alerts`` leave with the second cause; the first keeps the others."""

    stays: Cause
    goes: Cause
    alerts: frozenset[str]


def divide(
    causes: Sequence[Cause], alerts: Sequence[Sighting], edges: Edges, *, acted: str = ""
) -> Division | None:
    """None when one cause is enough. ``acted``: entity of the cause that is being recovered; it
    stays, whatever its evidence says by now, and what still fires may all be the other's."""
    strong = [cause for cause in causes if stands(cause)]
    first = _first(causes, strong, acted)
    if first is None:
        return None
    for other in strong:
        if other.entity == first.entity or _tells_of(first, other):
            continue
        if acted and _follows(other, reach_of(edges, first)):
            continue
        stays, goes = first, other
        if not acted and (other.onset_ns or 0) < (first.onset_ns or 0):
            stays, goes = other, first
        moved = _moved(stays, goes, alerts, edges, acted=bool(acted))
        if moved:
            return Division(stays=stays, goes=goes, alerts=moved)
    return None


def stands(cause: Cause) -> bool:
    """Whether a cause is strong by itself. Neither its reach nor its onset is asked: some of the
    symptoms are another's, and may have begun before it."""
    part = cause.parts.get
    return (
        part("own", 0.0) >= (OUTSIDE if cause.kind is CauseKind.OUTSIDE else OWN)
        and part("mechanism", 0.0) >= MECHANISM
        and part("unexplained", 0.0) >= UNEXPLAINED
        and part("timing", 1.0) >= TIMING
        and part("untried", 1.0) == 1.0
    )


def _first(causes: Sequence[Cause], strong: Sequence[Cause], acted: str) -> Cause | None:
    if acted:
        return next((cause for cause in causes if cause.entity == acted), None)
    return strong[0] if strong else None


def _follows(other: Cause, reached: Mapping[str, float]) -> bool:
    """Whether it may be an effect of a cause which its recovery has silenced first."""
    soft = other.change is None and family_of(other.indicator) not in HARD
    return soft and reached.get(other.entity, 0.0) >= LEAST_REACH


def _tells_of(first: Cause, other: Cause) -> bool:
    """What is outside seems slow to a caller that is itself in trouble."""
    return any(
        one.kind is CauseKind.OUTSIDE and one.arguments.get("target") == two.entity
        for one, two in ((first, other), (other, first))
    )


def _moved(
    stays: Cause, goes: Cause, alerts: Sequence[Sighting], edges: Edges, *, acted: bool
) -> frozenset[str]:
    """Alerts of ``goes``; none unless both sides have what an incident is made of."""
    near, far = reach_of(edges, stays), reach_of(edges, goes)
    # Who came first began with the incident, even if its own sign was told late.
    since = min([a.at_ns for a in alerts], default=0)
    stays = msgspec.structs.replace(stays, onset_ns=min(since, stays.onset_ns or since))
    mine: list[Sighting] = []
    theirs: list[Sighting] = []
    for alert in alerts:
        better = _worth(goes, far, alert) > _worth(stays, near, alert)
        (theirs if better else mine).append(alert)
    if acted and not any(a.symptom for a in theirs) and _quiet(stays, mine):
        left = [a for a in mine if a.symptom and a.quiet_s is None and _reached(far, a)]
        theirs += left
        mine = [a for a in mine if a not in left]
    suffers = any(a.symptom and _reached(far, a) for a in theirs)
    remains = any(a.symptom or (acted and a.entity == stays.entity) for a in mine)
    return frozenset(a.id for a in theirs) if suffers and remains else frozenset()


def _quiet(cause: Cause, alerts: Iterable[Sighting]) -> bool:
    """Whether what was acted upon has been at rest for so long that its victims would be too."""
    own = [a for a in alerts if a.entity == cause.entity]
    return bool(own) and all(a.quiet_s is not None and a.quiet_s >= REST_S for a in own)


def _reached(reached: Mapping[str, float], alert: Sighting) -> bool:
    return reached.get(alert.entity, 0.0) >= LEAST_REACH


def _worth(cause: Cause, reached: Mapping[str, float], alert: Sighting) -> float:
    p = reached.get(alert.entity, 0.0)
    lag_s = (alert.at_ns - (cause.onset_ns or alert.at_ns)) / SECOND
    if lag_s < -EARLY_S:
        return p * BEFORE
    return float(p * (1.0 + max(0.0, lag_s) / PACE_S) ** -STEEP)


def reach_of(edges: Edges, cause: Cause) -> dict[str, float]:
    """Entities that the cause can bring trouble to: a lock does not spoil what its holder writes.

    >>> edges = {"job:j": {"dataset:d": 0.9, "database:b": 0.7}, "database:b": {"service:s": 0.9}}
    >>> lock = Cause(rank=1, entity="job:j", indicator="lock", kind=CauseKind.CONTENTION)
    >>> sorted(reach_of(edges, lock))
    ['database:b', 'job:j', 'service:s']
    """
    if cause.kind is not CauseKind.CONTENTION:
        return reach(edges, cause.entity)
    effects = edges.get(cause.entity, {})
    kept = {e: w for e, w in effects.items() if not e.startswith(_VALUES)}
    return reach({**edges, cause.entity: kept}, cause.entity)
