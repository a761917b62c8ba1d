"""The draft of the review after an incident, from the record alone; people write the rest."""

from __future__ import annotations

from collections.abc import Iterator

from opsweave.facts import Incident, Run
from opsweave.kernel.clock import iso
from opsweave.pages import Note, Stat
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.incident.impact import impact
from opsweave.practices.aiops.pages.incident.scene import Scene

MOST_LINES = 60
QUESTIONS = (
    "- What made it possible, and what made it worse?",
    "- How was it noticed, and could that have been earlier?",
    "- What went well?",
    "- What will be changed, by whom, until when?",
)


def review(scene: Scene) -> Note:
    """Markdown, to copy."""
    over = scene.ended_ns is not None
    lead = "From the record; what it cannot know is marked with a question."
    early = () if over else ("The incident is not over: the draft changes until it is.",)
    return Note(
        id="review",
        title="Draft of the review",
        says=lead,
        paragraphs=early,
        code=draft(scene),
        topics=("incidents", "runs"),
        proof=words.of_incident_fact(scene.incident, "made from the incident, its runs and labels"),
    )


def draft(scene: Scene) -> str:
    """The whole text."""
    incident = scene.incident
    parts = [
        f"# Review: {incident.title or incident.id}",
        f"{incident.id}, {incident.severity.value}, {incident.status.value}",
        "## What happened",
        *_what(scene),
        "## Impact",
        *_impact(scene),
        "## Cause",
        *_cause(incident),
        "## What was done",
        *_done(scene.runs, scene),
        "## Timeline (UTC)",
        "\n".join(_lines(scene)),
        "## To answer together",
        "\n".join(QUESTIONS),
    ]
    return "\n\n".join(parts) + "\n"


def _what(scene: Scene) -> Iterator[str]:
    incident = scene.incident
    entities = ", ".join(incident.entities[:8]) or "no entity named"
    more = len(incident.entities) - 8
    lasted = words.span(words.lasted_s(incident, scene.now_ns))
    yield (
        f"It began at {iso(scene.began_ns)}, was opened at {iso(incident.opened_ns)}"
        f" and {'lasted' if scene.ended_ns else 'has lasted'} {lasted}."
    )
    yield (
        f"{len(incident.alerts)} alerts belong to it, on {entities}"
        + (f" and {more} more" if more > 0 else "")
        + "."
    )
    if incident.acknowledged_ns:
        yield (
            f"{', '.join(incident.owners)} worked on it; "
            f"first acknowledged at {iso(incident.acknowledged_ns)}."
        )
    else:
        yield "Nobody acknowledged it in Opsweave. (Who worked on it?)"


def _impact(scene: Scene) -> Iterator[str]:
    for stat in impact(scene):
        if isinstance(stat, Stat):
            if stat.id.endswith("-budget"):
                yield f"- {stat.says}: error budget left {stat.text or stat.missing}"
        else:
            yield f"{stat.missing} (What did users notice?)"


def _cause(incident: Incident) -> Iterator[str]:
    if not incident.causes:
        yield "No cause was named. (What was it?)"
        return
    top = incident.causes[0]
    change = f" Change: {top.change}." if top.change else " No change was named."
    yield f"{top.says}.{change} Score {top.score:.2f}, confidence {top.confidence:.2f}."
    if incident.no_change_is_guilty is not None:
        yield f"That no change caused it: {100 * incident.no_change_is_guilty:.0f} %."
    for other in incident.causes[1:4]:
        yield f"- also considered: {other.says} (score {other.score:.2f})"
    for gone in incident.dismissed[:6]:
        yield f"- dismissed: {gone.change or gone.entity}: {gone.reason}"


def _done(runs: list[Run], scene: Scene) -> Iterator[str]:
    if not runs:
        yield "Opsweave did nothing. (What was done by hand?)"
    for run in runs:
        by = scene.approvals.get(run.id)
        who = f", {by.status} by {by.principal}" if by is not None and by.principal else ""
        verified = {True: "verified", False: "did not help", None: "not verified"}[run.verified]
        yield f"- {run.pipeline} ({run.status.value}, {verified}{who}): {run.says}"
    for label in scene.labels:
        note = f": {label.note}" if label.note else ""
        yield f"- {label.by} judged: {label.verdict.replace('_', ' ')}{note}"


def _lines(scene: Scene) -> list[str]:
    entries = [(entry.at_ns, entry.says) for entry in scene.incident.timeline]
    named = {cause.change for cause in scene.incident.causes}
    entries += [
        (change.at_ns, f"{change.kind.value}: {change.summary or change.id}")
        for change in scene.changes
        if change.id in named
    ]
    lines = [f"- {iso(at_ns)} {says}" for at_ns, says in sorted(entries)]
    left = len(lines) - MOST_LINES
    return lines[:MOST_LINES] + ([f"- ... and {left} more lines"] if left > 0 else [])
