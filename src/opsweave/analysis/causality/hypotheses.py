"""From signs to hypotheses: (entity, mechanism, change or none), each with its score's parts."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from opsweave.analysis.causality.case import Case
from opsweave.analysis.causality.families import HARD, OWN, Family
from opsweave.analysis.causality.influence import Edges
from opsweave.analysis.causality.suspicion import Suspicion, suspect
from opsweave.analysis.causality.trouble import Sign, Trouble
from opsweave.facts import CauseKind, Change, ChangeKind, Relation, RelationKind

KIND_OF_CHANGE = {
    ChangeKind.DEPLOYMENT: CauseKind.DEPLOYMENT,
    ChangeKind.CONFIGURATION: CauseKind.CONFIGURATION,
    ChangeKind.FLAG: CauseKind.FLAG,
    ChangeKind.SCHEMA: CauseKind.DATA,
    ChangeKind.DATA_VERSION: CauseKind.DATA,
    ChangeKind.MODEL_VERSION: CauseKind.MODEL,
    ChangeKind.CREDENTIAL: CauseKind.CREDENTIAL,
    ChangeKind.SCALING: CauseKind.SATURATION,
}
ALONE: tuple[tuple[Family, CauseKind, float], ...] = (
    (Family.PRESENCE, CauseKind.UNRESPONSIVE, 1.0),
    (Family.STORAGE, CauseKind.STORAGE, 1.0),
    (Family.LOCK_HELD, CauseKind.CONTENTION, 1.0),
    (Family.ACCESS, CauseKind.CREDENTIAL, 1.0),
    (Family.DATA, CauseKind.DATA, 0.7),
    (Family.MEMORY, CauseKind.SATURATION, 0.75),
    (Family.CPU, CauseKind.SATURATION, 0.7),
    (Family.POOL, CauseKind.SATURATION, 0.65),
    (Family.OWN_TIME, CauseKind.SATURATION, 0.65),
    (Family.OWN_ERRORS, CauseKind.SATURATION, 0.6),
    (Family.QUEUE, CauseKind.CONSUMER, 0.7),
    (Family.MODEL, CauseKind.UNKNOWN, 0.5),
    (Family.LOCK_WAIT, CauseKind.UNKNOWN, 0.4),
)
"""What a family of signs means when no change explains it, and how well that explains it."""
RUN_MARK = "run-"
"""``caused_by`` of our own actions begins with it; they are never suspected."""


class Hypothesis(msgspec.Struct, kw_only=True):
    """Before ranking. ``fit``: how well the mechanism explains the sign; ``own``: its weight."""

    entity: str
    kind: CauseKind
    sign: Sign
    own: float
    fit: float
    change: Change | None = None
    suspicion: Suspicion | None = None
    arguments: dict[str, str] = {}
    signs: list[Sign] = []

    @property
    def name(self) -> str:
        """As :attr:`Cause.name`."""
        change = f" ({self.change.id})" if self.change else ""
        return f"{self.kind.value} of {self.entity}{change}"


class View(NamedTuple):
    """What hypotheses are made from."""

    case: Case
    troubles: dict[str, Trouble]
    edges: Edges


def own_signs(view: View, entity: str) -> list[Sign]:
    """Signs that speak of the entity itself, with those of what it serves or consumes."""
    held = view.troubles.get(entity)
    signs = held.of(*OWN) if held else []
    if held and entity not in view.case.after:
        signs += _lighter(held.of(Family.ERRORS, Family.LATENCY), 0.6)
    for relation in view.case.relations:
        if relation.source != entity:
            continue
        other = view.troubles.get(relation.target)
        if other is None:
            continue
        if relation.kind is RelationKind.SERVES:
            families = (Family.MODEL,)
        elif _takes(view, relation):
            families = (Family.QUEUE,)
        else:
            continue
        signs += _lighter(other.of(*families), 0.7)
    return sorted(signs, key=lambda s: -s.weight)


def _lighter(signs: list[Sign], share: float) -> list[Sign]:
    return [msgspec.structs.replace(sign, weight=share * sign.weight) for sign in signs]


def onset_of(signs: list[Sign], default: int) -> int:
    """When the entity's trouble began: the weighted median over its signs."""
    series = sorted((s for s in signs if s.timed and not s.gradual), key=lambda s: s.onset_ns)
    total, passed = sum(s.weight**2 for s in series), 0.0
    for sign in series:
        passed += sign.weight**2
        if passed >= total / 2:
            return sign.onset_ns
    return default


def of_changes(view: View, entity: str, signs: list[Sign]) -> list[Hypothesis]:
    """One for every change of the entity that fits its signs."""
    case, found = view.case, []
    for change in case.changes:
        if change.entity != entity or change.caused_by.startswith(RUN_MARK):
            continue
        kind = KIND_OF_CHANGE.get(change.kind)
        if kind is None:
            continue
        suspicion = suspect(case, change, signs)
        if suspicion is None or suspicion.score <= 0.02:
            continue
        found.append(
            Hypothesis(
                entity=entity,
                kind=kind,
                sign=suspicion.sign,
                own=suspicion.sign.weight,
                fit=suspicion.score,
                change=change,
                suspicion=suspicion,
                arguments=arguments_of(change),
                signs=signs,
            )
        )
    return found


def without_change(view: View, entity: str, signs: list[Sign], doubt: float) -> list[Hypothesis]:
    """What the signs mean by themselves; ``doubt`` is how well the best change explains them."""
    best: dict[CauseKind, Hypothesis] = {}
    for family, kind, fit in ALONE:
        for sign in signs:
            if sign.family is not family:
                continue
            if family is Family.QUEUE and entity.startswith("queue:"):
                continue  # what piles up is no cause; who should take from it may be
            tired = kind is CauseKind.SATURATION
            read = CauseKind.CONSUMER if tired and _consumes(view, entity) else kind
            hypothesis = Hypothesis(
                entity=entity, kind=read, sign=sign, own=sign.weight,
                fit=fit * (1.0 - 0.75 * doubt), signs=signs,
            )  # fmt: skip
            held = best.get(read)
            if held is None or hypothesis.own * hypothesis.fit > held.own * held.fit:
                best[read] = hypothesis
    return list(best.values())


def _consumes(view: View, entity: str) -> bool:
    """Whether it takes from a queue."""
    return any(r.source == entity and _takes(view, r) for r in view.case.relations)


def _takes(view: View, relation: Relation) -> bool:
    """Whether its source takes from a queue; who was seen to fill it leans on it, but does not."""
    source, target = relation.source, relation.target
    if not target.startswith("queue:") or relation.kind is RelationKind.WRITES:
        return False
    return not any(
        r.kind is RelationKind.WRITES and r.source == source and r.target == target
        for r in view.case.relations
    )


def outside(view: View, entity: str) -> list[Hypothesis]:
    """Something we do not control does badly, as its callers see it."""
    trouble = view.troubles.get(entity)
    calls = trouble.of(Family.CALLS) if trouble else []
    if not calls:
        return []
    callers = [
        caller for caller, traces in sorted(view.case.after.items()) if entity in traces.peers
    ]
    access = max((_weight(view, c, Family.ACCESS) for c in callers), default=0.0)
    return [
        Hypothesis(
            entity=entity, kind=CauseKind.OUTSIDE, sign=calls[0], own=calls[0].weight,
            fit=1.0 - 0.8 * access, signs=calls,
            arguments={"dependency": entity} | ({"target": callers[0]} if callers else {}),
        )
    ]  # fmt: skip


def load(view: View, callers: dict[str, set[str]]) -> list[Hypothesis]:
    """More is asked than usual, from the first entity that sees it."""
    risen = {
        entity: trouble.of(Family.LOAD)[0]
        for entity, trouble in view.troubles.items()
        if trouble.of(Family.LOAD)
    }
    found = []
    for entity, sign in risen.items():
        if any(caller in risen for caller in callers.get(entity, ())):
            continue
        if _consumes(view, entity):
            continue  # it works off what waits: a backlog, or the load of who fills the queue
        arguments = {}
        saturated = _most_saturated(view, _downstream(view, entity))
        if saturated:
            arguments["target"] = saturated
        found.append(
            Hypothesis(
                entity=entity, kind=CauseKind.LOAD, sign=sign, own=sign.weight, fit=1.0,
                arguments=arguments, signs=[sign],
            )
        )  # fmt: skip
    return found


def _downstream(view: View, entity: str) -> set[str]:
    """The entity and all that is called for it, as spans show."""
    found, waiting = {entity}, [entity]
    while waiting:
        traces = view.case.after.get(waiting.pop())
        for peer in traces.peers if traces else ():
            if peer not in found and peer not in view.case.outside:
                found.add(peer)
                waiting.append(peer)
    return found


def _most_saturated(view: View, entities: set[str]) -> str:
    """Of the entities that more load comes to, the one whose own capacity suffers most."""
    best, most = "", 0.0
    for entity in sorted(entities):
        after, before = view.case.after.get(entity), view.case.before.get(entity)
        grown = 0.0
        if after and before and after.total.requests and before.total.requests:
            usual = before.self_time_ms / before.total.requests
            grown = after.self_time_ms / after.total.requests - usual
        pressure = _weight(view, entity, Family.POOL) + _weight(view, entity, Family.OWN_TIME)
        # A caller waits in its own pool for a slow callee: deeper entities suffer first-hand.
        callees = after.peers if after else {}
        strained = [_weight(view, peer, Family.POOL, Family.OWN_TIME) for peer in callees]
        below = max(strained, default=0.0)
        score = (pressure + min(1.0, max(0.0, grown) / 500.0)) * (1.0 - 0.7 * below)
        if score > most:
            best, most = entity, score
    return best


def _weight(view: View, entity: str, *families: Family) -> float:
    trouble = view.troubles.get(entity)
    return trouble.weight(*families) if trouble else 0.0


def arguments_of(change: Change) -> dict[str, str]:
    """What a runbook needs to know of the change."""
    found = {
        "change": change.id,
        "version_from": change.version_from,
        "version_to": change.version_to,
    }
    details = change.details
    if isinstance(details.get("flag"), str):
        found["flag"] = details["flag"]
        found["on"] = "true" if details.get("on") else "false"
    if isinstance(details.get("keys"), dict):
        found["keys"] = ",".join(sorted(str(key) for key in details["keys"]))
    if change.kind is ChangeKind.DATA_VERSION:
        found["batch"] = str(details.get("batch") or change.version_to)
    if change.kind is ChangeKind.MODEL_VERSION:
        found["alias"] = str(details.get("alias") or "production")
    return {key: value for key, value in found.items() if value}


def is_hard(sign: Sign) -> bool:
    """Whether a slow dependency alone could not have brought the sign about."""
    return sign.family in HARD
