"""Which runbook, for which cause, on which target: the first that fits and was not tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from opsweave.facts import ActionCall, Cause, Incident, Plan
from opsweave.kernel.errors import RejectInput
from opsweave.practices.aiops.recovery.runbook import Runbook, Step, predicates, resolved
from opsweave.runs.plan import sealed

Related = Callable[[str], Iterable[str]]
"""Entity -> its neighbours."""
Tried = frozenset[tuple[str, str, bytes]]
"""What the runs of an incident have done: see :func:`deed`."""
_encoder = msgspec.json.Encoder(order="sorted")


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What the choice is made on."""

    offers: Mapping[str, Sequence[str]]
    related: Related
    weights: Mapping[str, float] = {}
    tried: Tried = frozenset()
    now_ns: int = 0


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, and why others were passed over."""

    cause: Cause
    plan: Plan
    passed: tuple[str, ...] = ()


def choose(
    incident: Incident, causes: Sequence[Cause], runbooks: Sequence[Runbook], ground: Ground
) -> Choice | tuple[str, ...]:
    """The first plan that can be made, the likeliest cause first; else why there is none."""
    passed: list[str] = []
    for cause in sorted(causes, key=lambda c: -_hope(c, runbooks, ground)):
        fitting = [r for r in runbooks if cause.kind in r.causes]
        if not fitting:
            passed.append(f"no runbook for {cause.kind.value} of {cause.entity}")
        for runbook in sorted(fitting, key=lambda r: _preference(r, ground)):
            plan = _plan(incident, cause, runbook, ground)
            if isinstance(plan, Plan):
                return Choice(cause=cause, plan=plan, passed=tuple(passed))
            passed.append(f"{runbook.name}: {plan}")
    return tuple(passed)


def _preference(runbook: Runbook, ground: Ground) -> tuple[float, int, str]:
    return (-ground.weights.get(runbook.name, 1.0), runbook.order, runbook.name)


def deed(call: ActionCall) -> tuple[str, str, bytes]:
    """Action, target and arguments: what is never tried twice for one incident.

    A roll-back to another version is another deed; a second restart is not.
    """
    return call.action, call.target, _encoder.encode(call.arguments)


def _hope(cause: Cause, runbooks: Sequence[Runbook], ground: Ground) -> float:
    """A cause whose runbook did not help is half as likely to be the right one."""
    fitting = [r for r in runbooks if cause.kind in r.causes and not _unmet(cause, r)]
    spent = sum(
        any(_tried(cause, r, t, ground) for t in _targets(cause, r, _alone)) for r in fitting
    )
    return cause.confidence * 0.5**spent


def _tried(cause: Cause, runbook: Runbook, target: str, ground: Ground) -> bool:
    try:
        return any(deed(call) in ground.tried for call in _calls(cause, runbook, target))
    except RejectInput:
        return False


def _alone(_entity: str) -> tuple[str, ...]:
    return ()


def _plan(incident: Incident, cause: Cause, runbook: Runbook, ground: Ground) -> Plan | str:
    """The plan, or why there is none."""
    unmet = _unmet(cause, runbook)
    if unmet:
        return unmet
    wanted = [step.action for step in runbook.steps]
    offering = [
        target
        for target in _targets(cause, runbook, ground.related)
        if all(action in ground.offers.get(target, ()) for action in wanted)
    ]
    if not offering:
        return f"nobody near {cause.entity} offers {', '.join(wanted)}"
    fresh = [t for t in offering if not _tried(cause, runbook, t, ground)]
    if not fresh:
        return f"{', '.join(wanted)} on {offering[0]} was tried already"
    try:
        return _written(incident, cause, runbook, fresh[0], ground.now_ns)
    except RejectInput as error:
        return str(error)


def _unmet(cause: Cause, runbook: Runbook) -> str:
    when = runbook.when
    if when.change is not None and when.change is not (cause.change is not None):
        return "needs a change" if when.change else "is for causes without a change"
    missing = [name for name in when.arguments if not cause.arguments.get(name)]
    if missing:
        return f"the cause does not say {', '.join(missing)}"
    if when.entity_kinds and cause.entity.partition(":")[0] not in when.entity_kinds:
        return f"is not for {cause.entity}"
    if when.indicators and not any(part in cause.indicator for part in when.indicators):
        return f"is not for {cause.indicator}"
    return ""


def _targets(cause: Cause, runbook: Runbook, related: Related) -> Iterator[str]:
    """Whom causality names as the place to act, the entity itself, its neighbours."""
    seen: set[str] = set()
    near = related(cause.entity) if runbook.neighbours else ()
    for target in (cause.arguments.get("target", ""), cause.entity, *near):
        if target and target not in seen:
            seen.add(target)
            yield target


def _known(cause: Cause) -> dict[str, str]:
    known = {**cause.arguments, "entity": cause.entity}
    return known if cause.change is None else {**known, "change": cause.change}


def _calls(cause: Cause, runbook: Runbook, target: str) -> tuple[ActionCall, ...]:
    """RejectInput when the cause says too little."""
    known = _known(cause)
    return tuple(
        ActionCall(action=s.action, target=target, arguments=resolved(s.arguments, known))
        for s in runbook.steps
    )


def _written(incident: Incident, cause: Cause, runbook: Runbook, target: str, now_ns: int) -> Plan:
    known = _known(cause)
    return sealed(
        Plan(
            runbook=runbook.name,
            incident=incident.id,
            cause_kind=cause.kind.value,
            calls=_calls(cause, runbook, target),
            compensations=tuple(_undo(s, target, known) for s in runbook.steps),
            predicates=predicates(runbook, cause.entity, cause.indicator),
            risk=runbook.risk,
            created_ns=now_ns,
            says=f"{runbook.says} Target: {target}. Because: {cause.says}",
        )
    )


def _undo(step: Step, target: str, known: dict[str, str]) -> ActionCall | None:
    if step.undo is None:
        return None
    try:
        arguments = resolved(step.undo.arguments, known)
    except RejectInput:
        return None
    return ActionCall(action=step.undo.action, target=target, arguments=arguments)
