"""The one JSON object of a run (``opsweave demo --json``): the contract's keys, then extras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from opsweave.demo import truth
from opsweave.demo.matching import Matched, Struck, match
from opsweave.demo.observed import Observed
from opsweave.facts import Budget, Cause, Incident, Run
from opsweave.kernel.clock import SECOND, iso
from opsweave.practices.sre.service import SloState


def report_of(run: Observed) -> dict[str, Any]:
    """Report of a run; the truth is read here and nowhere before."""
    return calm_report_of(run) if run.fault is None else fault_report_of(run)


def fault_report_of(run: Observed) -> dict[str, Any]:
    """Report of a run with a fault."""
    told = _truths(run)
    matched = match(run.since_injection(), run.alerts, [_struck(run, one) for one in told])
    incident = run.main_incident()
    if run.beside is not None and matched.own and matched.own[0]:
        incident = matched.own[0][0]
    recovery, recovered = run.recovery(incident), run.recovered_of(incident)
    recovered_ns = incident.recovered_ns if incident and recovered else None
    return {
        "fault": run.fault,
        "seed": run.seed,
        "injected_at": iso(run.injected_ns),
        "symptom_at": iso(run.symptom_ns),
        "detected_at": iso(incident.opened_ns if incident else None),
        "explained_at": iso(incident.explained_ns if incident else None),
        "recovered_at": iso(recovered_ns),
        "incidents": [compact(item) for item in run.since_injection()],
        "truth": _truth(run),
        "causes": [cause_of(cause) for cause in incident.causes] if incident else [],
        "recovery": recovery_of(recovery, recovered),
        "alerts": len(run.alerts),
        "processes_left": run.processes_left,
        "recovered": run.recovered(),
        "seconds": seconds(run, incident, recovered_ns),
        "dismissed": msgspec.to_builtins(incident.dismissed) if incident else [],
        "no_change_is_guilty": incident.no_change_is_guilty if incident else None,
        "attempts": [recovery_of(r, bool(r.verified)) for r in _attempts(run, incident)],
        "deployments": deployments_of(run),
        "and": run.beside,
        "faults": [_of_fault(run, one, own) for one, own in zip(told, matched.own, strict=True)],
        "grouping": _grouping(matched),
        **_common(run),
    }


def calm_report_of(run: Observed) -> dict[str, Any]:
    """Report of a run in which nothing was broken."""
    return {
        "incidents": [compact(item) for item in run.since_injection()],
        "alerts": len(run.alerts),
        "changes": len(run.changes),
        "seed": run.seed,
        "processes_left": run.processes_left,
        "calm_s": _between(run.started_ns, run.ended_ns),
        **_common(run),
    }


def seconds(
    run: Observed, incident: Incident | None, recovered_ns: int | None
) -> dict[str, float | None]:
    """Durations that readers ask for; from the symptom, None where one end did not happen."""
    opened = incident.opened_ns if incident else None
    explained = incident.explained_ns if incident else None
    return {
        "injected_to_symptom": _between(run.injected_ns, run.symptom_ns),
        "symptom_to_detected": _between(run.symptom_ns, opened),
        "detected_to_explained": _between(opened, explained),
        "explained_to_recovered": _between(explained, recovered_ns),
        "symptom_to_recovered": _between(run.symptom_ns, recovered_ns),
        "whole_run": _between(run.started_ns, run.ended_ns),
    }


def compact(incident: Incident) -> dict[str, Any]:
    """An incident in a few fields."""
    return {
        "id": incident.id,
        "title": incident.title,
        "status": incident.status.value,
        "severity": incident.severity.value,
        "opened_at": iso(incident.opened_ns),
        "entities": list(incident.entities),
        "alerts": len(incident.alerts),
    }


def cause_of(cause: Cause) -> dict[str, Any]:
    """A ranked hypothesis."""
    return {
        "rank": cause.rank,
        "entity": cause.entity,
        "indicator": cause.indicator,
        "change": cause.change,
        "score": cause.score,
        "evidence": msgspec.to_builtins(cause.evidence),
        "kind": cause.kind.value,
        "says": cause.says,
        "parts": cause.parts,
        "onset_at": iso(cause.onset_ns),
        "falsified_by": list(cause.falsified_by),
    }


def recovery_of(run: Run | None, verified: bool) -> dict[str, Any]:
    """What was done; nulls when nothing was."""
    if run is None:
        return {"runbook": None, "actions": [], "verified": False}
    calls = run.plan.calls if run.plan else ()
    return {
        "runbook": run.plan.runbook if run.plan else run.pipeline,
        "actions": [msgspec.to_builtins(call) for call in calls],
        "verified": verified,
        "run": run.id,
        "status": run.status.value,
        "says": run.says,
        "gates": msgspec.to_builtins(run.gates),
        "diffs": msgspec.to_builtins(run.diffs),
        "verification": list(run.verification),
    }


def deployments_of(run: Observed) -> dict[str, Any]:
    """The figures, and the failed deployment's own recovery time."""
    failed = [item for item in run.deployments.items if item.failed]
    return {
        "figures": msgspec.to_builtins(run.deployments.figures),
        "failed": [
            {
                "change": item.change.id,
                "entity": item.change.entity,
                "summary": item.change.summary,
                "recovery_s": item.recovery_s,
            }
            for item in failed
        ],
    }


def slo_of(state: SloState, before: Budget | None) -> dict[str, Any]:
    """An objective's budget at the end, and before anything was broken."""
    return {
        "name": state.slo.name,
        "entity": state.slo.entity,
        "target": state.slo.target,
        "remaining_before": before.remaining if before else None,
        "remaining_after": state.budget.remaining,
        "burn_rate_after": state.budget.burn_rate,
    }


def _common(run: Observed) -> dict[str, Any]:
    before = {state.slo.id: state.budget for state in run.slos_before}
    usage = msgspec.to_builtins(run.usage) if run.usage else None
    return {
        "slos": [slo_of(state, before.get(state.slo.id)) for state in run.slos],
        "opsweave": usage,
        "versions": run.versions,
        "interrupted": run.interrupted,
        "problem": run.problem or None,
        "processes_swept": run.swept,
        "incidents_before": sum(i.opened_ns < run.began_ns for i in run.incidents),
    }


def _attempts(run: Observed, incident: Incident | None) -> list[Run]:
    return run.runs_of(incident) if incident else []


def _truths(run: Observed) -> list[truth.Truth]:
    files = (run.truth, run.truth_beside)
    return [truth.read(file) for file in files if file is not None and file.exists()]


def _struck(run: Observed, told: truth.Truth) -> Struck:
    """With one fault, whatever was seen since is its work."""
    since = told.injected_at or run.started_ns / SECOND
    all_of_them = frozenset(alert.entity for alert in run.alerts)
    return Struck(
        entity=told.entity,
        change=told.change,
        suffers=frozenset(told.suffers) if run.beside else all_of_them,
        since_ns=int(since * SECOND),
    )


def _of_fault(run: Observed, told: truth.Truth, own: Sequence[Incident]) -> dict[str, Any]:
    """One fault against its incidents; of several, the first that named a cause."""
    incident = next((one for one in own if one.causes), own[0] if own else None)
    causes = incident.causes if incident else ()
    said = [(cause.entity, cause.change) for cause in causes]
    true = (told.entity, told.change)
    return {
        "fault": told.fault,
        "injected_at": iso(int(told.injected_at * SECOND)) if told.injected_at else None,
        "entity": told.entity,
        "change": told.change,
        "incidents": [one.id for one in own],
        "rank": said.index(true) + 1 if true in said else None,
        "said": f"{said[0][0]} ({said[0][1]})" if said else None,
        "recovered": any(run.recovered_of(one) for one in own),
    }


def _grouping(matched: Matched) -> dict[str, Any]:
    return {
        "purity": matched.purity,
        "completeness": matched.completeness,
        "attributed": matched.attributed,
        "ambiguous": matched.ambiguous,
        "strange": [one.id for one in matched.strange],
    }


def _truth(run: Observed) -> dict[str, Any]:
    if run.truth is None or not run.truth.exists():
        return {"entity": None, "indicator": None, "change": None}
    told = msgspec.to_builtins(truth.read(run.truth))
    first = {key: told[key] for key in ("entity", "indicator", "change")}
    rest = ("symptom", "recovery", "innocent", "spec", "notes")
    return first | {key: told[key] for key in rest}


def _between(start_ns: int | None, end_ns: int | None) -> float | None:
    if start_ns is None or end_ns is None:
        return None
    return round((end_ns - start_ns) / SECOND, 1)
