"""Which incident is which fault's, and how clean the incidents are, once the truth is known.

An alert is a fault's when its entity can suffer from that fault alone, or from both and it began
before the second was there. What could be of either is ambiguous and counts for nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opsweave.facts import Alert, Incident
from opsweave.kernel.clock import SECOND

BUCKET_NS = 6 * SECOND
"""An onset is known to a bucket of the detector."""


class Struck(NamedTuple):
    """One fault as it was: its true cause, who can suffer, since when (ns)."""

    entity: str | None
    change: str | None
    suffers: frozenset[str]
    since_ns: int


class Matched(NamedTuple):
    """Incidents against faults."""

    own: tuple[tuple[Incident, ...], ...]
    """The incidents of each fault, in the order of their opening."""
    strange: tuple[Incident, ...]
    """Of no fault."""
    purity: float | None
    """Share of attributed alerts that stand in an incident with most of their own."""
    completeness: float | None
    """Share of attributed alerts that stand in their fault's largest incident."""
    attributed: int
    ambiguous: int


def match(
    incidents: Sequence[Incident], alerts: Sequence[Alert], faults: Sequence[Struck]
) -> Matched:
    """Incidents since the first injection, all alerts, and what was broken, in order."""
    of = {alert.id: _fault_of(alert, faults) for alert in alerts}
    table = [Counter(of[a] for a in one.alerts if of.get(a) is not None) for one in incidents]
    own: list[list[Incident]] = [[] for _ in faults]
    strange: list[Incident] = []
    for incident, counts in zip(incidents, table, strict=True):
        owner = _owner(incident, counts, faults)
        (strange if owner is None else own[owner]).append(incident)
    loose = [a for a in alerts if a.symptom and of[a.id] is not None]
    placed = {a for incident in incidents for a in incident.alerts}
    total = sum(counts.total() for counts in table)
    whole = total + sum(a.id not in placed for a in loose)
    best = [max((counts[f] for counts in table), default=0) for f in range(len(faults))]
    return Matched(
        own=tuple(tuple(found) for found in own),
        strange=tuple(strange),
        purity=sum(max(c.values(), default=0) for c in table) / total if total else None,
        completeness=sum(best) / whole if whole else None,
        attributed=total,
        ambiguous=sum(of.get(a) is None for a in placed),
    )


def _fault_of(alert: Alert, faults: Sequence[Struck]) -> int | None:
    able = [n for n, fault in enumerate(faults) if alert.entity in fault.suffers]
    if len(able) == 1:
        return able[0]
    there = [n for n in able if faults[n].since_ns - BUCKET_NS <= alert.started_ns]
    return there[0] if len(there) == 1 else None


def _owner(
    incident: Incident, counts: Mapping[int | None, int], faults: Sequence[Struck]
) -> int | None:
    """The fault that most of its alerts are of; when most could be of either, the one that it
    names as its cause."""
    most = max(counts.values(), default=0)
    leading = [n for n in range(len(faults)) if counts.get(n, 0) == most]
    if len(leading) == 1 and 2 * most > len(incident.alerts):
        return leading[0]
    first = incident.causes[0] if incident.causes else None
    named = [n for n, fault in enumerate(faults) if first and fault.entity == first.entity]
    if named:
        return named[0]
    return leading[0] if len(faults) == 1 or most else None
