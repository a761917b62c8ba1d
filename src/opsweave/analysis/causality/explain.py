"""The answer: ranked causes with score parts and evidence, what was dismissed and why."""

from __future__ import annotations

import msgspec

from opsweave.analysis.causality.case import Case
from opsweave.analysis.causality.hypotheses import RUN_MARK, Hypothesis
from opsweave.analysis.causality.rank import SECOND, Scored, rank
from opsweave.facts import Cause, CauseKind, Change, Dismissed, Evidence

LEAST_SCORE = 0.02
MOST_CAUSES = 8
_LEAST_SHARE = 0.12
"""Of the best score, below which a hypothesis is dismissed rather than ranked."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """``no_change_is_guilty`` is the share of confidence in causes without a change; None when
    nothing was found that could be a cause."""

    causes: tuple[Cause, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    no_change_is_guilty: float | None = None


def explain(case: Case) -> Explanation:
    """Rank what may have caused the case's symptoms. Pure and deterministic.

    Score = 2 x own x mechanism x timing x blast x reach x onset x unexplained x untried x prior,
    capped at 1 (prior is one half without labels). Confidence = score squared over the sum of
    squares, times what the best score lacks to one half at most.
    """
    scored = [s for s in rank(case) if s.score >= LEAST_SCORE]
    best = scored[0].score if scored else 0.0
    kept = _first_of_each([s for s in scored if s.score >= _LEAST_SHARE * best])[:MOST_CAUSES]
    total = sum(s.score**2 for s in kept)
    sure = min(1.0, best / 0.5)
    causes = tuple(
        _cause(case, s, number, sure * s.score**2 / total) for number, s in enumerate(kept, 1)
    )
    shares = [s.score**2 / total for s in kept if s.hypothesis.change is None]
    return Explanation(
        causes=causes,
        dismissed=(*_dismissed_changes(case, scored, kept), *_dismissed_entities(scored, kept)),
        no_change_is_guilty=round(sum(shares), 4) if kept else None,
    )


def _first_of_each(scored: list[Scored]) -> list[Scored]:
    """One hypothesis per entity and change: the best mechanism speaks for it."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in scored:
        h = one.hypothesis
        key = (h.entity, h.change.id if h.change else "")
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept


def _cause(case: Case, scored: Scored, number: int, confidence: float) -> Cause:
    h = scored.hypothesis
    return Cause(
        rank=number,
        entity=h.entity,
        indicator=h.sign.indicator,
        kind=h.kind,
        change=h.change.id if h.change else None,
        score=round(scored.score, 4),
        confidence=round(confidence, 4),
        onset_ns=h.sign.onset_ns,
        says=_says(h),
        parts={name: round(part, 4) for name, part in scored.parts.items()},
        evidence=_evidence(case, h),
        falsified_by=_falsified(h),
        arguments=h.arguments,
    )


def _says(h: Hypothesis) -> str:
    name = h.entity.rpartition("/")[2]
    if h.change is not None:
        what = h.change.summary or h.change.id
        lag = max(0.0, h.suspicion.lag_s) if h.suspicion else 0.0
        return f"{h.kind.value} of {name} ({what}); {h.sign.indicator} followed after {lag:.0f} s"
    says = {
        CauseKind.UNRESPONSIVE: f"{name} does not respond",
        CauseKind.OUTSIDE: f"{name}, outside our control, does badly",
        CauseKind.LOAD: f"more is asked of {name} than usual",
        CauseKind.STORAGE: f"{name} runs out of storage",
        CauseKind.CONTENTION: f"{name} holds a lock that others wait for",
        CauseKind.CREDENTIAL: f"{name} is not let in any more",
        CauseKind.CONSUMER: f"{name} consumes more slowly than it should",
        CauseKind.SATURATION: f"{name} is exhausted",
        CauseKind.DATA: f"{name} holds data unlike before",
    }.get(h.kind, f"{name} is in trouble of its own")
    return f"{says}; no change explains it"


def _evidence(case: Case, h: Hypothesis) -> tuple[Evidence, ...]:
    first = [h.sign.evidence]
    if h.change is not None:
        first.append(
            Evidence(id=f"change:state:{h.change.id}@1", says=h.change.summary or h.change.id)
        )
    signs = [sign.evidence for sign in h.signs[:6]]
    symptoms = [
        Evidence(id=f"alert:state:{s.alert}@1", says=f"symptom: {s.indicator} of {s.entity}")
        for s in case.symptoms[:3]
        if s.alert
    ]
    return tuple({e.id: e for e in (*first, *signs, *symptoms)}.values())


def _falsified(h: Hypothesis) -> tuple[str, ...]:
    back = f"{h.sign.indicator} of {h.entity} comes back to its band while"
    if h.change is not None:
        return (
            f"{back} the change stays",
            f"{h.sign.indicator} stays outside its band after the change is undone",
        )
    if h.kind is CauseKind.LOAD:
        return (f"symptoms go on once {h.sign.indicator} of {h.entity} is back in its band",)
    return (f"{back} the symptoms go on",)


def _dismissed_changes(case: Case, scored: list[Scored], kept: list[Scored]) -> list[Dismissed]:
    named = {s.hypothesis.change.id for s in kept if s.hypothesis.change}
    weak = {s.hypothesis.change.id: s for s in scored if s.hypothesis.change}
    found = []
    for change in sorted(case.changes, key=lambda c: -c.at_ns):
        if change.id in named:
            continue
        found.append(
            Dismissed(
                entity=change.entity,
                change=change.id,
                reason=_why_not(case, change, weak.get(change.id)),
                evidence=(Evidence(id=f"change:state:{change.id}@1", says=change.summary),),
            )
        )
    return found[:20]


def _why_not(case: Case, change: Change, weak: Scored | None) -> str:
    if change.caused_by.startswith(RUN_MARK):
        return "made by a recovery run"
    lag = (case.onset_ns - (change.finished_ns or change.at_ns)) / SECOND
    if weak is None:
        if lag < -7.5:
            return f"came {-lag:.0f} s after the symptoms began"
        return "its entity shows no trouble of its own at that time"
    parts = weak.parts
    if parts["untried"] < 1.0:
        return "it was undone, and the symptoms went on"
    if weak.explained_by and parts["unexplained"] < 0.6:
        return f"the trouble of its entity is explained by {weak.explained_by}"
    if parts["timing"] < 0.4 and weak.hypothesis.suspicion is not None:
        lag = weak.hypothesis.suspicion.lag_s
        if lag < 0:
            return f"came {-lag:.0f} s after the trouble of its entity began"
        return f"its entity was healthy for {lag:.0f} s after it"
    if parts["reach"] < 0.3:
        return "its entity cannot bring about the symptoms"
    if parts["mechanism"] < 0.4:
        return f"what it touches does not fit {weak.hypothesis.sign.indicator}"
    return f"weaker than the others (score {weak.score:.2f})"


def _dismissed_entities(scored: list[Scored], kept: list[Scored]) -> list[Dismissed]:
    named = {s.hypothesis.entity for s in kept}
    found: dict[str, Dismissed] = {}
    for one in scored:
        h = one.hypothesis
        if h.entity in named or h.entity in found or h.change is not None:
            continue
        reason = (
            f"explained by {one.explained_by}"
            if one.explained_by and one.parts["unexplained"] < 0.7
            else f"weaker than the others (score {one.score:.2f})"
        )
        found[h.entity] = Dismissed(
            entity=h.entity, indicator=h.sign.indicator, reason=reason, evidence=(h.sign.evidence,)
        )
    return list(found.values())[:20]
