"""Why: ranked hypotheses with their parts in words, their picture and their evidence."""

from __future__ import annotations

from opsweave.facts import Cause, Dismissed
from opsweave.pages import Dismissal, Hypotheses, Hypothesis, Part, Proof, State, links
from opsweave.practices.aiops.pages import drawn, words
from opsweave.practices.aiops.pages.incident.scene import Scene

SPARK = 60
MOST = 8
SPARKS = 5
"""Hypotheses that have a picture: each costs a query."""
MEANS = {
    "own": "how far this entity itself is from its usual, apart from what it passes on",
    "mechanism": "whether this kind of cause brings about this kind of trouble",
    "timing": "whether the trouble began when the change would have worked",
    "blast": "whether just those were hit that the change reached",
    "reach": "share of the symptoms that trouble here can bring about, along the map",
    "onset": "whether it was in trouble before the symptoms, not after them",
    "unexplained": "what is left once deeper trouble of a dependency or load is taken away",
    "untried": "low once it was acted upon and the symptoms went on",
    "prior": "how often this kind was right here, by people's verdicts; one half without any",
    "alerts": "what alerts say for or against it",
    "changes": "what changes say for or against it",
    "logs": "what its log lines say for or against it",
    "metrics": "what its metrics say for or against it",
    "spans": "what requests through it say for or against it",
    "state": "what its state says for or against it",
}
"""Part of a score -> what it means; docs/causality.md says it at length."""


def causes(scene: Scene) -> Hypotheses:
    """Ranked, then dismissed; or why there is none yet."""
    incident = scene.incident
    shown = incident.causes[:MOST]
    empty = {}
    if not shown:
        empty = {
            "state": State.EMPTY,
            "missing": "No cause has been named: nothing is far enough from its usual yet, or too "
            "little is known of the entities.",
            "remedy": "Send spans, metrics, logs and changes of them; see what arrives.",
            "remedy_to": "record",
        }
    return Hypotheses(
        id="causes",
        title="Why",
        says="What may have caused it, the likeliest first; each with what would refute it.",
        causes=tuple(_hypothesis(scene, cause) for cause in shown),
        dismissed=tuple(_dismissal(one) for one in incident.dismissed),
        no_change_is_guilty=incident.no_change_is_guilty,
        topics=("incidents",),
        proof=words.of_incident_fact(
            incident, f"{len(incident.causes)} hypotheses, {len(incident.dismissed)} dismissed"
        ),
        **empty,  # type: ignore[arg-type]
    )


def _hypothesis(scene: Scene, cause: Cause) -> Hypothesis:
    key = drawn.Key(cause.entity, cause.indicator, _peer(cause))
    line = scene.line(key, SPARK) if cause.rank <= SPARKS else drawn.Drawn(missing="Not drawn.")
    band = drawn.band(line, cause.onset_ns or scene.began_ns)
    flat = len(line.y)
    says = line.missing or f"{cause.indicator}" + (f" in {line.unit}" if line.unit else "")
    return Hypothesis(
        id=f"cause-{cause.rank}",
        rank=cause.rank,
        entity=cause.entity,
        entity_to=links.entity_to(cause.entity),
        says=cause.says or cause.name,
        kind=cause.kind.value,
        change=cause.change or "",
        change_to=links.change_to(cause.change),
        score=cause.score,
        onset_ms=words.ms_or_none(cause.onset_ns),
        parts=tuple(
            Part(name=part, value=value, says=MEANS.get(part, ""))
            for part, value in cause.parts.items()
        ),
        evidence=tuple(words.proven(one) for one in cause.evidence),
        falsified_by=cause.falsified_by,
        spark=line.y,
        spark_low=(band.low,) * flat if band else (),
        spark_high=(band.high,) * flat if band else (),
        spark_says=f"{says}; {band.says}" if band else says,
    )


def _peer(cause: Cause) -> str:
    """Of an indicator of an edge, from its evidence ``signal:telemetry:entity|indicator|peer``."""
    start = f"signal:telemetry:{cause.entity}|{cause.indicator}|"
    ids = (one.id for one in cause.evidence if one.id.startswith(start))
    return next((id_.removeprefix(start).rpartition("@")[0] for id_ in ids), "")


def _dismissal(one: Dismissed) -> Dismissal:
    what = f"change {one.change} of {one.entity}" if one.change else one.entity
    return Dismissal(
        entity=one.entity,
        entity_to=links.change_to(one.change) or links.entity_to(one.entity),
        says=f"{what}: {one.indicator}" if one.indicator else what,
        reason=one.reason,
        evidence=tuple(Proof(says=e.says, n=e.n, ids=(e.id,)) for e in one.evidence),
    )
