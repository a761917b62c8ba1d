"""What people said of it: verdicts teach, and each is on record with who and when."""

from __future__ import annotations

from opsweave.pages import Cell, Column, Proof, Row, State, Table
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.incident.scene import Scene


def verdicts(scene: Scene) -> Table:
    """Newest first."""
    empty = {
        "state": State.EMPTY,
        "missing": "Nobody has judged it yet.",
        "remedy": "Say whether the first cause is right (y) or wrong (n), or that it is noise (x): "
        "causes and alerts are weighed by it from then on.",
    }
    return Table(
        id="verdicts",
        title="Verdicts",
        says="Each weighs the next incident's causes, runbooks and alerts.",
        columns=(
            Column(key="at", title="When", shows="time"),
            Column(key="by", title="Who"),
            Column(key="verdict", title="Verdict"),
            Column(key="about", title="About"),
            Column(key="note", title="Note"),
        ),
        rows=tuple(
            Row(
                id=label.id,
                cells={
                    "at": Cell(value=words.ms(label.at_ns)),
                    "by": Cell(value=label.by),
                    "verdict": Cell(value=label.verdict.replace("_", " ")),
                    "about": Cell(value=_about(label.cause_kind, label.entity, len(label.other))),
                    "note": Cell(value=label.note or None),
                },
            )
            for label in scene.labels
        ),
        total=len(scene.labels),
        topics=("incidents",),
        proof=Proof(says="labels on record for this incident", n=len(scene.labels)),
        **({} if scene.labels else empty),  # type: ignore[arg-type]
    )


def _about(kind: str, entity: str, others: int) -> str:
    cause = f"{kind} of {words.name(entity)}" if kind else "no cause yet"
    return f"{cause}, {others} others" if others else cause
