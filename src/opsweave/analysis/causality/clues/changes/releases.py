"""Gradual releases: versions side by side, moment, and whether the blast fits."""

from __future__ import annotations

from opsweave.analysis.causality.clues.changes.blast import blast
from opsweave.analysis.causality.clues.changes.calls import reached_still
from opsweave.analysis.causality.clues.changes.canary import Canary, canary
from opsweave.analysis.causality.clues.changes.moments import effect, lag_ns, moment, step_starts
from opsweave.analysis.causality.clues.changes.readings import Kind
from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.analysis.causality.clues.changes.verdict import Verdict, minutes
from opsweave.analysis.causality.dossier import CaseChange
from opsweave.facts import CauseKind

_ALIKE = -1.5
"""Nats when instances of the old version suffer as those of the new one do."""


def judge_release(change: CaseChange, scene: Scene) -> Verdict:
    """What speaks for and against a release in steps."""
    seen = canary(change, scene.series, scene.dossier.end_ns, scene.clock.step_ns)
    took = effect(change)
    clock = scene.clock_of(change.entity)
    lag = lag_ns(took, clock.trouble_ns)
    reached, share = blast(change.entity, scene.reach, scene.stirs)
    parts = {
        "canary": seen.nats,
        "timing": moment(took, clock),
        "blast": reached,
    }
    if seen.nats <= 0 and _alike(change, scene):
        parts["alike"] = _ALIKE
    if seen.nats <= 0 and (unreached := reached_still(change.entity, scene)) < 0:
        parts["reached"] = unreached
    return Verdict(
        change=change,
        entity=change.entity,
        kind=CauseKind.DEPLOYMENT,
        parts=parts,
        indicator=seen.metric if seen.nats > 0 else "",
        says=_says(change, seen, parts, lag, share),
        n=seen.n,
    )


def _alike(change: CaseChange, scene: Scene) -> bool:
    """Whether instances that were still of the old version are troubled as well."""
    starts = step_starts(change.steps)
    still = {
        instance
        for step, at in zip(change.steps, starts, strict=True)
        for instance in step.removed
        if at > scene.clock.trouble_ns + scene.clock.step_ns
    }
    return any(
        s.name.entity in still
        and s.reading.kind in (Kind.SUCCESS, Kind.ERROR, Kind.MEMORY)
        and (s.reading.edge is None or s.reading.edge[1] == change.entity)
        for s in scene.stirs
    )


def _says(change: CaseChange, seen: Canary, parts: dict[str, float], lag: int, share: float) -> str:
    name = change.summary or change.id
    if parts["timing"] < -1.5 and lag < 0:
        return f"{name} began {minutes(-lag)} after the trouble did"
    if "alike" in parts:
        return f"{name}: instances of the old version suffer as those of the new one do"
    after = f"the trouble began {minutes(lag)} after it took effect" if lag else (
        "the trouble began while it took effect"
    )  # fmt: skip
    if seen.nats > 0:
        return f"{name}: {seen.says}; {after}"
    if parts.get("reached", 0.0) < -0.5:
        return f"{name}: what is troubled fails before it calls {change.entity}"
    if share < 0.2 and parts["blast"] < 0:
        return f"{name}: what is troubled does not depend on {change.entity}"
    return f"{name}: {seen.says or 'its versions cannot be compared'}; {after}"
