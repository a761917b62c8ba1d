"""What did a run do, or would have done had it acted? Judged from how its incident ended.

*Fixed*: it acted and was verified; or the same was done to the same target, by another run or by a
person, and what had to hold afterwards held. *Harmed*: the true cause was confirmed elsewhere, and
it disturbed, or would have, something healthy. Everything else is *neither*: no data is never good.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from opsweave.analysis.causality.families import HARD, Family, family_of
from opsweave.facts import (
    ActionCall,
    Alert,
    Change,
    ChangeKind,
    Evidence,
    Gate,
    Incident,
    Label,
    Run,
    RunStatus,
    Shadow,
    ShadowVerdict,
)
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.learn import NOISE, RIGHT, WRONG

OWN_MARK = "run-"
"""``caused_by`` of what Opsweave did itself."""
WITHIN_S = 90.0
"""For plans that do not say within what time they must have helped."""
_GENTLE = "low"
_OWN = HARD | {Family.OWN_TIME, Family.OWN_ERRORS}
"""What says of an entity that it is not well itself, rather than suffers."""
_OVER = (RunStatus.REFUSED, RunStatus.SUCCEEDED, RunStatus.COMPENSATED, RunStatus.FAILED)
"""UNKNOWN is not: nobody can tell what it did."""
_COULD_NOT = ("integrity", "target", "dry_run")
"""Gates without which it could have done nothing at all."""
_BACK = frozenset({"roll_back", "revert_configuration"})
CHANGES = {
    "roll_back": ChangeKind.DEPLOYMENT,
    "deploy": ChangeKind.DEPLOYMENT,
    "revert_configuration": ChangeKind.CONFIGURATION,
    "configure": ChangeKind.CONFIGURATION,
    "switch_flag": ChangeKind.FLAG,
    "switch_model_alias": ChangeKind.MODEL_VERSION,
    "scale": ChangeKind.SCALING,
    "rotate_credential": ChangeKind.CREDENTIAL,
    "quarantine_data": ChangeKind.DATA_VERSION,
}
"""Action -> the change by which a person does the same, as its source reports it."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that is over, with all that may have ended it."""

    incident: Incident
    alerts: Sequence[Alert]
    runs: Sequence[Run]
    """Of this incident, and of others in its time."""
    changes: Sequence[Change]
    labels: Sequence[Label] = ()


def judged(run: Run, ending: Ending, now_ns: int) -> Shadow | None:
    """The verdict on a run that is over; None while it, or its incident, cannot be judged."""
    ended_ns = _ended(ending)
    if run.status not in _OVER or run.plan is None or ended_ns is None:
        return None
    acted = run.status is not RunStatus.REFUSED
    verdict, says, evidence = (_real if acted else _verdict)(run, ending, ended_ns)
    return Shadow(
        id=f"shadow-{run.id}",
        tenant=run.tenant,
        run=run.id,
        runbook=run.plan.runbook,
        incident=ending.incident.id,
        verdict=verdict,
        acted=acted,
        says=says,
        evidence=evidence,
        at_ns=now_ns,
    )


Answer = tuple[ShadowVerdict, str, tuple[Evidence, ...]]


def _real(run: Run, ending: Ending, _ended_ns: int) -> Answer:
    """It acted, because somebody approved it."""
    if run.verified:
        return ShadowVerdict.FIXED, "it acted, and was verified", (_of_run(run),)
    elsewhere = _elsewhere(run, ending)
    if elsewhere is not None:
        return _for_nothing(run, ending, *elsewhere)
    return _neither(f"it acted and ended as {run.status.value}", _of_run(run))


def _verdict(run: Run, ending: Ending, ended_ns: int) -> Answer:
    could_not = [g for g in run.gates if g.gate in _COULD_NOT and g.verdict is Gate.FAIL]
    if could_not:
        return _neither(f"it could have done nothing: {'; '.join(could_not[0].reasons)}")
    if (said := _last(ending.labels, NOISE)) is not None:
        return _for_nothing(run, ending, f"{said.by} called it noise", _of_label(said))
    if ended_ns <= run.started_ns:
        return _neither("the symptoms had ended before it could act")
    for other in ending.runs:
        if other.verified and _same(run, other):
            says = f"{other.id} did the same, and it was verified"
            return ShadowVerdict.FIXED, says, (_of_run(other),)
    if (alert := next((a for a in _symptoms(ending) if a.ended_by), None)) is not None:
        return _neither(f"{alert.ended_by} ended a symptom, not its own tool")
    if (change := _by_hand(run, ending, ended_ns)) is not None:
        says = f"{change.author or change.source} did the same, and the symptoms ended within time"
        return ShadowVerdict.FIXED, says, (_of_change(change),)
    elsewhere = _elsewhere(run, ending)
    if elsewhere is not None:
        return _for_nothing(run, ending, *elsewhere)
    return _neither("it ended without anybody doing the same; what ended it is not known")


def _ended(ending: Ending) -> int | None:
    """When the last symptom ended; None while one fires, or when there is no data."""
    ends = [alert.ended_ns for alert in _symptoms(ending)]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _symptoms(ending: Ending) -> list[Alert]:
    symptoms = [a for a in ending.alerts if a.symptom]
    # A burn alert looks back over its window and so outlives the fault by design.
    return [a for a in symptoms if a.source != "slo"] or symptoms


def _same(run: Run, other: Run) -> bool:
    """Every call of it was among what the other did for the same incident."""
    if other.plan is None or run.plan is None or other.incident != run.incident:
        return False
    done = [_deed(call) for call in other.plan.calls]
    return bool(run.plan.calls) and all(_deed(call) in done for call in run.plan.calls)


def _deed(call: ActionCall) -> tuple[str, str, bytes]:
    return call.action, call.target, msgspec.json.encode(call.arguments, order="sorted")


def _by_hand(run: Run, ending: Ending, ended_ns: int) -> Change | None:
    """What a person did that is the same as each call of it, soon before the end."""
    assert run.plan is not None, "only planned runs are judged"
    within = max((p.within_s for p in run.plan.predicates), default=WITHIN_S)
    since = max(run.started_ns, ended_ns - int(within * SECOND))
    made = [
        change
        for change in ending.changes
        if since <= change.at_ns <= ended_ns and not change.caused_by.startswith(OWN_MARK)
    ]
    found = [next((c for c in made if _is(call, c)), None) for call in run.plan.calls]
    return found[0] if found and all(change is not None for change in found) else None


def _is(call: ActionCall, change: Change) -> bool:
    if change.entity != call.target or CHANGES.get(call.action) is not change.kind:
        return False
    if call.action in _BACK:
        return bool(change.outcome == "rolledback" or change.details.get("rollback"))
    return all(
        change.details[name] == value
        for name, value in call.arguments.items()
        if name in change.details
    )


def _elsewhere(run: Run, ending: Ending) -> tuple[str, Evidence] | None:
    """What confirms another cause than the one it would have acted on."""
    mine = _targets(run)
    for other in ending.runs:
        cured = other.verified and other.incident == run.incident and not mine & _targets(other)
        if cured:
            where = ", ".join(sorted(_targets(other)))
            return f"{other.id} recovered it at {where}", _of_run(other)
    right = _last(ending.labels, RIGHT)
    if right is not None and right.entity and right.entity not in mine:
        return f"{right.by} confirmed {right.entity} as its cause", _of_label(right)
    wrong = _last(ending.labels, WRONG)
    if wrong is not None and wrong.entity in mine:
        return f"{wrong.by} said that {wrong.entity} was not its cause", _of_label(wrong)
    return None


def _for_nothing(run: Run, ending: Ending, why: str, evidence: Evidence) -> Answer:
    """It would have acted where nothing was to be done: harm when it disturbs what is healthy."""
    assert run.plan is not None, "only planned runs are judged"
    sick = {a.entity for a in ending.alerts if family_of(a.indicator) in _OWN}
    healthy = sorted(_targets(run) - sick)
    if run.plan.risk == _GENTLE or not healthy:
        what = "it is of low risk" if run.plan.risk == _GENTLE else "its target was not well itself"
        return _neither(f"{why}; {what}", evidence)
    says = f"{why}; {', '.join(healthy)} was healthy and would be disturbed"
    return ShadowVerdict.HARMED, says, (evidence,)


def _targets(run: Run) -> frozenset[str]:
    return frozenset(call.target for call in run.plan.calls) if run.plan else frozenset()


def _neither(says: str, *evidence: Evidence) -> Answer:
    return ShadowVerdict.NEITHER, says, evidence


def _last(labels: Sequence[Label], verdict: str) -> Label | None:
    """The last one, if it is still what that person says."""
    last = {label.by: label for label in sorted(labels, key=lambda one: one.at_ns)}
    found = [label for label in last.values() if label.verdict == verdict]
    return found[-1] if found else None


def _of_run(run: Run) -> Evidence:
    return Evidence(id=f"run:state:{run.id}@1", says=run.says)


def _of_change(change: Change) -> Evidence:
    return Evidence(id=f"change:state:{change.id}@1", says=change.summary)


def _of_label(label: Label) -> Evidence:
    return Evidence(id=f"label:state:{label.id}@1", says=f"{label.verdict} by {label.by}")
