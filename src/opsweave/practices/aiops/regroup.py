"""What merges and splits by people teach, and how good the grouping was by their account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from opsweave.analysis.correlation.taught import Taught, Verdict, teach
from opsweave.facts import Alert, Label
from opsweave.practices.aiops.learn import MERGE, SPLIT
from opsweave.practices.aiops.store import IncidentStore
from opsweave.runs.shadow import wilson


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """``hits`` of ``n`` with Wilson's bounds at 95 %."""

    hits: int
    n: int

    def told(self) -> dict[str, Any]:
        """``value``, ``low`` and ``high`` are None without data."""
        if not self.n:
            return {"hits": 0, "n": 0, "value": None, "low": None, "high": None}
        low, high = wilson(self.hits, self.n)
        value = {"value": self.hits / self.n, "low": low, "high": high}
        return {"hits": self.hits, "n": self.n} | {k: round(v, 4) for k, v in value.items()}


class Grades(msgspec.Struct, frozen=True, kw_only=True):
    """Of the incidents that somebody judged, whatever the verdict."""

    precision: Share
    """Those from which nothing was split off."""
    recall: Share
    """Those into which nothing had to be merged."""
    alerts: Share
    """Alerts of them that stayed where they were put."""


def lessons(labels: Iterable[Label], store: IncidentStore) -> Taught:
    """Pairs of indicators and of entities across the two sides of each merge and split.

    Later verdicts add to earlier ones; they do not withdraw them.
    """
    verdicts: list[Verdict] = []
    for label in labels:
        if label.verdict not in (MERGE, SPLIT):
            continue
        moved, stayed = _sides(label, store)
        together = label.verdict == MERGE
        for name in ("indicator", "entity"):
            one, other = ({getattr(a, name) for a in side} for side in (moved, stayed))
            # What is on both sides is not what tells them apart.
            common = set() if together else one & other
            sides = tuple(sorted(one - common)), tuple(sorted(other - common))
            verdicts.append(Verdict(together=together, one=sides[0], other=sides[1]))
    return teach(verdicts)


def grades(labels: Iterable[Label], store: IncidentStore) -> Grades:
    """Counted over incidents: alerts of one stand or fall together."""
    kept = list(labels)
    judged = {label.incident for label in kept}
    split = {label.incident for label in kept if label.verdict == SPLIT}
    merged = {label.incident for label in kept if label.verdict == MERGE}
    gone = {alert for label in kept if label.verdict == SPLIT for alert in label.other}
    facts = (store.incident(id_) for id_ in sorted(judged))
    there = {alert for fact in facts if fact is not None for alert in fact.alerts} | gone
    return Grades(
        precision=Share(hits=len(judged - split), n=len(judged)),
        recall=Share(hits=len(judged - merged), n=len(judged)),
        alerts=Share(hits=len(there - gone), n=len(there)),
    )


def _sides(label: Label, store: IncidentStore) -> tuple[Sequence[Alert], Sequence[Alert]]:
    """(what was moved, what it was put to or taken from)."""
    incident = store.incident(label.incident)
    if label.verdict == SPLIT:
        moved = set(label.other)
    else:
        others = (store.incident(id_) for id_ in label.other)
        moved = {alert for other in others if other is not None for alert in other.alerts}
    stayed = [a for a in incident.alerts if a not in moved] if incident is not None else []
    return store.alerts(sorted(moved)), store.alerts(stayed)
