"""The head of the incident page: how bad, how long, who; and what can be done about it."""

from __future__ import annotations

from opsweave.facts import IncidentStatus
from opsweave.pages import Action, Fact, Health, links
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.incident.scene import Scene
from opsweave.practices.aiops.pages.run_parts import decisions

MOST_ENTITIES = 4
NOISE = "Call it noise? It will be closed; called so again, its alerts alone open no incident."


def facts(scene: Scene) -> tuple[Fact, ...]:
    """Words and times."""
    incident = scene.incident
    over = scene.ended_ns is not None
    lasted = words.span(words.lasted_s(incident, scene.now_ns))
    found = [
        Fact(
            title="Severity",
            text=incident.severity.value,
            health=words.OF_SEVERITY[incident.severity],
        ),
        Fact(title="Lasted", text=lasted)
        if over
        else Fact(title="Lasts", since_ms=words.ms(scene.began_ns)),
        Fact(title="Began", at_ms=words.ms(scene.began_ns)),
        Fact(title="Opened", at_ms=words.ms_or_none(incident.opened_ns)),
    ]
    for title, at in (
        ("Explained", incident.explained_ns),
        ("Recovered", incident.recovered_ns),
        ("Closed", incident.closed_ns),
    ):
        if at:
            found.append(Fact(title=title, at_ms=words.ms(at)))
    nobody = not incident.owners and not over
    found.append(
        Fact(
            title="Who works on it",
            text=", ".join(incident.owners) or "nobody yet",
            health=Health.WARNING if nobody else Health.NEUTRAL,
        )
    )
    return (*found, *_entities(scene), *_verdicts(scene))


def _entities(scene: Scene) -> list[Fact]:
    entities = scene.incident.entities
    found = [
        Fact(title="Entity", text=entity, to=links.entity_to(entity))
        for entity in entities[:MOST_ENTITIES]
    ]
    more = len(entities) - MOST_ENTITIES
    if more > 0:
        text = f"and {more} more"
        found.append(Fact(title="Entities", text=text))
    return found


def _verdicts(scene: Scene) -> list[Fact]:
    return [
        Fact(title="Verdict", text=f"{label.verdict.replace('_', ' ')} ({label.by})")
        for label in scene.labels[:2]
    ]


def actions(scene: Scene) -> tuple[Action, ...]:
    """The plan's decision first, then what people say and do; each with its key."""
    incident, barred = scene.incident, scene.barred
    closed = "It is closed." if incident.status is IncidentStatus.CLOSED else ""
    unexplained = "" if incident.causes else "No cause has been named yet."

    def act(verb: str, title: str, key: str, *, why: str = "", **more: str | bool) -> Action:
        return Action(
            id=verb,
            title=title,
            path="incidents/actions",
            body={"verb": verb, "ids": [incident.id]},
            key=key,
            disabled=barred or why,
            **more,  # type: ignore[arg-type]
        )

    return (
        *(a for run in scene.runs for a in decisions(run, scene.approvals.get(run.id), barred)),
        act("acknowledge", "Acknowledge", "a", why=closed),
        act("assign", "Give to ...", "t", why=closed, ask="to"),
        act("right_cause", "Right cause", "y", why=unexplained),
        act("wrong_cause", "Wrong cause", "n", why=unexplained, ask="note"),
        act("noise", "Noise", "x", confirm=NOISE, danger=True),
        Action(
            id="merge",
            title="Merge others into it ...",
            path=f"incidents/{incident.id}/merge",
            key="m",
            ask="other",
            disabled=barred or closed,
        ),
        act("close", "Close", "c", why=closed, ask="note", danger=True),
    )
