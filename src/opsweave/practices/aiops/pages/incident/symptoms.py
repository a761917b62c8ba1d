"""The main symptoms drawn, each with its band and the changes around it."""

from __future__ import annotations

from opsweave.facts import Alert
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import Health, Line, Mark, Proof, Series, State, links
from opsweave.practices.aiops.pages import drawn, words
from opsweave.practices.aiops.pages.incident.scene import Scene

MOST = 4
MOST_MARKS = 12
TABLES_KEPT = "Retention may have taken the records, or their source sends none."


def symptoms(scene: Scene) -> list[Series]:
    """At most four, the most urgent first; or why none can be drawn."""
    chosen = _chosen(scene)
    if not chosen:
        return [
            Series(
                id="symptom-none",
                title="Symptoms",
                state=State.EMPTY,
                missing="No alert of this incident is a symptom that the record can draw.",
                remedy="Alerts of foreign tools name no indicator of ours; see the alerts below.",
            )
        ]
    return [_series(scene, number, alert) for number, alert in enumerate(chosen)]


def _chosen(scene: Scene) -> list[Alert]:
    """One for each series: firing before resolved, the worst first, then where it began."""
    found: dict[drawn.Key, Alert] = {}
    for alert in scene.main_alerts:
        known = alert.source == "detector" or drawn.ours(alert.indicator)
        if known and (alert.symptom or not scene.incident.causes):
            found.setdefault(key_of(alert), alert)
    return list(found.values())[:MOST]


def key_of(alert: Alert) -> drawn.Key:
    """What the alert is about."""
    return drawn.Key(alert.entity, alert.indicator, alert.labels.get("peer", ""))


def _series(scene: Scene, number: int, alert: Alert) -> Series:
    key = key_of(alert)
    line = scene.line(key)
    peer = f" towards {words.name(key.peer)}" if key.peer else ""
    band = _band(line, alert)
    empty = {"state": State.EMPTY, "missing": line.missing, "remedy": TABLES_KEPT}
    flat = len(line.y)
    return Series(
        id=f"symptom-{number}",
        title=f"{key.indicator} of {words.name(key.entity)}{peer}",
        says=band.says if band else "No band: too little came before the onset.",
        span=6,
        x_ms=line.x_ms,
        unit=line.unit or alert.unit,
        lines=(
            Line(
                name=words.name(key.entity),
                y=line.y,
                low=(band.low,) * flat if band else (),
                high=(band.high,) * flat if band else (),
                health=words.of_alert(alert),
            ),
        ),
        marks=_marks(scene, key),
        topics=("telemetry",),
        proof=Proof(
            says=f"{key.indicator} made from {line.n} records of {key.entity}",
            n=line.n,
            ids=tuple(one.id for one in alert.evidence),
        ),
        **(empty if line.missing else {}),  # type: ignore[arg-type]
    )


def _band(line: drawn.Drawn, alert: Alert) -> drawn.Band | None:
    """The detector's own where it is known; else from what came before."""
    low, high = alert.expected_low, alert.expected_high
    if low is not None and high is not None and low < high:
        return drawn.Band(low, high, "band: what the detector expected when it began")
    return drawn.band(line, alert.started_ns)


def _marks(scene: Scene, key: drawn.Key) -> tuple[Mark, ...]:
    """Changes of what it touches, its onset and its end."""
    cause = scene.incident.causes[0].change if scene.incident.causes else None
    near = [c for c in scene.changes if c.entity in scene.touched or c.id == cause]
    near.sort(key=lambda c: (c.id != cause, abs(c.at_ns - scene.began_ns)))
    found = [
        Mark(
            at_ms=words.ms(change.at_ns),
            says=change.summary or f"{change.kind.value} of {words.name(change.entity)}",
            health=Health.BAD if change.id == cause else Health.NEUTRAL,
            to=links.change_to(change.id),
        )
        for change in near[:MOST_MARKS]
    ]
    found.append(Mark(at_ms=words.ms(scene.began_ns), says="onset", health=Health.WARNING))
    if scene.ended_ns:
        found.append(Mark(at_ms=scene.ended_ns / MILLISECOND, says="over", health=Health.GOOD))
    return tuple(found)
