"""What it cost: the objectives it touches, their budget before and after, and the burn."""

from __future__ import annotations

from opsweave.facts import Budget, Slo
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import Health, Note, Proof, Stat, State
from opsweave.pages.links import slo_to
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.incident.scene import Scene

MOST = 3
LOOKED_AT = 5


def impact(scene: Scene) -> list[Stat | Note]:
    """Three stats of the objective that lost most, one of each other; or why there are none."""
    judged = scene.once("impact", lambda: _judged(scene))
    if not judged:
        return [_none(scene)]
    worst, *others = [_stats(slo, before, after) for slo, before, after in judged]
    # What people look for next is the cause: the others take one card each.
    return [*worst, *(stat for stats in others for stat in stats if stat.id.endswith("-budget"))]


def _judged(scene: Scene) -> list[tuple[Slo, Budget, Budget]]:
    """Objectives that lost most; of very many, those of the most urgent symptoms are looked at."""
    touched = [slo for slo in scene.sources.slos if slo.entity in scene.touched]
    urgent = {alert.entity: n for n, alert in enumerate(reversed(scene.worst_alerts))}
    touched.sort(key=lambda slo: -urgent.get(slo.entity, -1))
    judged = [(slo, *_budgets(scene, slo)) for slo in touched[:LOOKED_AT]]
    judged.sort(key=lambda one: (-_lost(one[1], one[2]), one[0].id))
    return judged[:MOST]


def _budgets(scene: Scene, slo: Slo) -> tuple[Budget, Budget]:
    at = scene.sources.budget_at
    # To the second: what lies between is not counted twice when the page is asked for again.
    end = (scene.ended_ns or scene.now_ns) // (1000 * MILLISECOND) * (1000 * MILLISECOND)
    return at(slo, scene.began_ns), at(slo, end)


def _lost(before: Budget, after: Budget) -> float:
    if before.remaining is None or after.remaining is None:
        return 0.0
    return before.remaining - after.remaining


def _stats(slo: Slo, before: Budget, after: Budget) -> list[Stat | Note]:
    to = slo_to(slo.id)
    missing = f"The record holds no server spans of {slo.entity} in the objective's window."
    unknown = {"state": State.EMPTY, "missing": missing, "remedy": "Send spans of its requests."}
    known = {} if after.remaining is not None else unknown
    within = f"within {slo.threshold_ms or 0:g} ms"
    what = "without error" if slo.sli == "availability" else within
    return [
        Stat(
            id=f"impact-{slo.id}-objective",
            title=slo.name,
            says=f"of requests {what}, over {words.span(slo.window_s)}",
            span=4,
            value=slo.target,
            unit="%",
            to=to,
            proof=Proof(says=f"objective of {slo.entity}, read from slos.yaml"),
        ),
        Stat(
            id=f"impact-{slo.id}-budget",
            title="Budget left, before and after",
            says=slo.name,
            span=4,
            value=after.remaining,
            unit="%",
            text=f"{_share(before.remaining)} -> {_share(after.remaining)}",
            health=_health(after.remaining),
            to=to,
            topics=("slos",),
            proof=words.proof(
                "1 - bad / (total x (1 - target)) at onset and at the end, from server spans",
                (*before.evidence, *after.evidence),
            ),
            **known,  # type: ignore[arg-type]
        ),
        Stat(
            id=f"impact-{slo.id}-burn",
            title="Burn rate",
            says="over the last minute of it; 1 spends the budget exactly in its window",
            span=4,
            value=after.burn_rate,
            health=_burning(after.burn_rate),
            to=to,
            topics=("slos",),
            proof=words.proof("error ratio / (1 - target)", after.evidence),
            **known,  # type: ignore[arg-type]
        ),
    ]


def _share(value: float | None) -> str:
    return "no data" if value is None else f"{100 * value:.1f} %"


def _health(left: float | None) -> Health:
    if left is None:
        return Health.UNKNOWN
    return Health.BAD if left <= 0 else Health.WARNING if left < 0.25 else Health.GOOD


def _burning(rate: float | None) -> Health:
    if rate is None:
        return Health.UNKNOWN
    return Health.BAD if rate > 6 else Health.WARNING if rate > 1 else Health.GOOD


def _none(scene: Scene) -> Note:
    entities = ", ".join(scene.incident.entities[:3]) or "its entities"
    if not scene.sources.slos:
        missing = "No service level objective is configured, so the impact cannot be counted."
    else:
        n = len(scene.sources.slos)
        missing = f"None of {n} objectives is about {entities}."
    return Note(
        id="impact-none",
        title="Impact on objectives",
        state=State.EMPTY,
        missing=missing,
        remedy="Name an objective for the service that users meet in slos.yaml.",
        remedy_to="reliability",
    )
