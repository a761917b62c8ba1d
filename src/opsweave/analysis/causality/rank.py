"""Ranks hypotheses: own trouble x mechanism x reach x onset x what is not explained from below."""

from __future__ import annotations

import msgspec

from opsweave.analysis.causality.case import Case
from opsweave.analysis.causality.families import Family
from opsweave.analysis.causality.hypotheses import (
    Hypothesis,
    View,
    is_hard,
    load,
    of_changes,
    onset_of,
    outside,
    own_signs,
    without_change,
)
from opsweave.analysis.causality.influence import callers, influence, reach
from opsweave.analysis.causality.trouble import Sign, troubles
from opsweave.facts import CauseKind

SECOND = 1_000_000_000
_LATE_S = 7.5
_LATE_FADE_S = 20.0
_BY_DEPENDENCY = 0.85
"""Share of an entity's soft signs that a dependency in deeper trouble takes away."""
_BY_LOAD = 0.9
_TRIED = 0.1
"""What is left of a hypothesis that was acted upon in vain: the action may itself have failed."""
_SOFT_LOAD = frozenset({Family.POOL, Family.OWN_TIME, Family.CPU, Family.OWN_ERRORS, Family.QUEUE})


class Scored(msgspec.Struct, kw_only=True):
    """A hypothesis with the parts of its score, each in [0, 1]."""

    hypothesis: Hypothesis
    parts: dict[str, float]
    score: float
    explained_by: str = ""


def rank(case: Case) -> list[Scored]:
    """All hypotheses, best first; deterministic."""
    view = View(case, troubles(case), influence(case.relations))
    found = _hypotheses(view)
    below = _below(view)
    onsets = {h.entity: onset_of(h.signs, case.onset_ns) for h in found}
    strongest: dict[str, float] = {}
    for h in found:
        if h.own * h.fit > strongest.get(h.entity, 0.0):
            strongest[h.entity] = h.own * h.fit
    loads = {h.entity: h for h in found if h.kind is CauseKind.LOAD}
    scored = []
    for h in found:
        away, by = _explained(view, h, below, strongest, onsets, loads)
        parts = {
            "own": h.own,
            "mechanism": h.fit if h.suspicion is None else h.suspicion.mechanism,
            "timing": 1.0 if h.suspicion is None else h.suspicion.timing,
            "blast": 1.0 if h.suspicion is None else h.suspicion.blast,
            "reach": _reach(view, h),
            "onset": _onset(case, h, onsets[h.entity]),
            "unexplained": 1.0 - away,
            "untried": _TRIED if h.name in case.refuted else 1.0,
            "prior": min(1.0, case.weights.get(h.kind, 1.0) / 2.0),
        }
        score = 2.0
        for part in parts.values():
            score *= part
        scored.append(Scored(hypothesis=h, parts=parts, score=min(1.0, score), explained_by=by))
    return sorted(scored, key=_order)


def _order(scored: Scored) -> tuple[float, str, str]:
    h = scored.hypothesis
    return (-scored.score, h.entity, h.change.id if h.change else "")


def _hypotheses(view: View) -> list[Hypothesis]:
    case = view.case
    found = load(view, callers(case.relations))
    entities = set(view.troubles) | {c.entity for c in case.changes}
    for entity in sorted(entities):
        if entity in case.outside:
            found += outside(view, entity)
            continue
        signs = own_signs(view, entity)
        if not signs:
            continue
        changed = of_changes(view, entity, signs)
        doubt = max((h.fit for h in changed if h.name not in case.refuted), default=0.0)
        found += changed + without_change(view, entity, signs, doubt)
    return found


def _reach(view: View, h: Hypothesis) -> float:
    """Share of the symptoms (by strength) that trouble here can bring about."""
    found = reach(view.edges, h.entity)
    if h.kind is CauseKind.LOAD:
        # Load travels with the calls, the other way round.
        for source, effects in view.edges.items():
            if h.entity in effects:
                found.setdefault(source, 0.8)
        for symptom in view.case.symptoms:
            found.setdefault(symptom.entity, 0.7)
    total = sum(s.strength for s in view.case.symptoms)
    if total <= 0:
        return 0.0
    return sum(s.strength * found.get(s.entity, 0.0) for s in view.case.symptoms) / total


def _onset(case: Case, h: Hypothesis, onset_ns: int) -> float:
    """A cause does not begin after its effect; a bucket and a half are within the uncertainty."""
    if h.sign.gradual or not h.sign.evidence.id.startswith("signal:"):
        return 1.0
    late = (min(onset_ns, h.sign.onset_ns) - case.onset_ns) / SECOND
    if late <= _LATE_S:
        return 1.0
    # A silence is noticed late by its nature, and so is a log line that follows time-outs.
    fade = 60.0 if h.sign.family in {Family.PRESENCE, Family.ACCESS} else _LATE_FADE_S
    return float(2.0 ** (-(late - _LATE_S) / fade))


def _below(view: View) -> dict[str, dict[str, float]]:
    """entity -> those whose trouble can become its own, with the weight of the path."""
    found: dict[str, dict[str, float]] = {}
    for cause in sorted(set(view.troubles) | set(view.edges)):
        for effect, weight in reach(view.edges, cause).items():
            if effect != cause:
                found.setdefault(effect, {})[cause] = weight
    return found


def _explained(
    view: View,
    h: Hypothesis,
    below: dict[str, dict[str, float]],
    strongest: dict[str, float],
    onsets: dict[str, int],
    loads: dict[str, Hypothesis],
) -> tuple[float, str]:
    """How much of the hypothesis' sign something else explains, and what."""
    best, by = 0.0, ""
    if loads and h.kind is not CauseKind.LOAD and h.sign.family in _SOFT_LOAD:
        root = max(loads.values(), key=lambda item: item.own)
        trouble = view.troubles.get(h.entity)
        here = trouble.weight(Family.LOAD) if trouble else 0.0
        if here > 0.3 or h.entity == root.entity:
            best, by = _BY_LOAD * min(1.0, 1.2 * root.own), root.entity
    if h.kind in {CauseKind.LOAD, CauseKind.OUTSIDE}:
        return best, by
    hard = is_hard(h.sign)
    for cause, weight in below.get(h.entity, {}).items():
        theirs = strongest.get(cause, 0.0)
        if not theirs or cause not in onsets:
            continue
        if hard and not _hard_beats(h.sign, view, cause):
            continue
        later = (onsets[cause] - onsets[h.entity]) / SECOND
        when = 1.0 if later <= _LATE_S else 2.0 ** (-(later - _LATE_S) / 10.0)
        mutual = h.entity in below.get(cause, {}) and below[cause][h.entity] >= weight
        if mutual and theirs <= h.own * h.fit:
            continue
        away = _BY_DEPENDENCY * min(1.0, 1.2 * theirs) * min(1.0, weight * 1.1) * when
        if away > best:
            best, by = away, cause
    return best, by


def _hard_beats(sign: Sign, view: View, cause: str) -> bool:
    """Some hard signs still follow from others: features from their job's hang, a queue's pile."""
    if sign.family is Family.DATA:
        trouble = view.troubles.get(cause)
        return trouble is not None and trouble.weight(Family.PRESENCE) > 0.5
    return False
