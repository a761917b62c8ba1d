"""The incident page, put together; a widget alone costs only its own part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from opsweave.facts import Incident
from opsweave.kernel.errors import NotThere
from opsweave.pages import AnyWidget, Crumb, Page, PageQuery, Section
from opsweave.practices.aiops.pages import words
from opsweave.practices.aiops.pages.incident import head
from opsweave.practices.aiops.pages.incident.alerts import alerts
from opsweave.practices.aiops.pages.incident.causes import causes
from opsweave.practices.aiops.pages.incident.cut import cut
from opsweave.practices.aiops.pages.incident.impact import impact
from opsweave.practices.aiops.pages.incident.recovery import recovery
from opsweave.practices.aiops.pages.incident.review import review
from opsweave.practices.aiops.pages.incident.scene import Scene
from opsweave.practices.aiops.pages.incident.similar import similar
from opsweave.practices.aiops.pages.incident.symptoms import symptoms
from opsweave.practices.aiops.pages.incident.timeline import timeline
from opsweave.practices.aiops.pages.incident.verdicts import verdicts
from opsweave.practices.aiops.pages.sources import Sources

Make = Callable[[Scene], Sequence[AnyWidget]]


class _Part(NamedTuple):
    """A section; ``ids`` are what its widgets' ids begin with."""

    id: str
    title: str
    ids: tuple[str, ...]
    make: Make
    folded: bool = False


PARTS = (
    _Part("impact", "Impact", ("impact",), impact),
    _Part("why", "Why", ("causes",), lambda scene: [causes(scene)]),
    _Part(
        "recovery",
        "Recovery",
        ("run", "plan", "verify", "diff", "gates", "runs"),
        recovery,
    ),
    _Part("timeline", "Timeline", ("timeline",), lambda scene: [timeline(scene)]),
    _Part("map", "Map", ("map",), lambda scene: [cut(scene)]),
    _Part("symptoms", "Symptoms", ("symptom",), symptoms),
    _Part("alerts", "Alerts", ("alerts",), lambda scene: [alerts(scene)]),
    _Part("similar", "Similar incidents", ("similar",), lambda scene: [similar(scene)]),
    _Part("verdicts", "Verdicts", ("verdicts",), lambda scene: [verdicts(scene)]),
    _Part("review", "Review", ("review",), lambda scene: [review(scene)], folded=True),
)


def page(sources: Sources, query: PageQuery) -> Page:
    """``incidents/{id}``; NotThere for one that is not on record."""
    incident = sources.store.state.get(Incident, query.params["id"])
    if incident is None:
        raise NotThere(
            f"no incident {query.params['id'][:100]}",
            field="id",
            action="see the list of incidents",
        )
    scene = Scene(sources, query, incident)
    wanted = [part for part in PARTS if _wants(query.widget, part.ids)]
    return Page(
        path=query.path,
        title=incident.title or incident.id,
        lead=incident.causes[0].says if incident.causes else "No cause has been named yet.",
        health=words.of_incident(incident),
        health_text=incident.status.value,
        crumbs=(Crumb(title="Incidents", to="incidents"),),
        facts=() if query.widget else head.facts(scene),
        actions=() if query.widget else head.actions(scene),
        sections=tuple(
            Section(
                id=part.id, title=part.title, widgets=tuple(part.make(scene)), folded=part.folded
            )
            for part in wanted
        ),
        timed=False,
    )


def _wants(widget: str, ids: tuple[str, ...]) -> bool:
    return not widget or widget in ids or widget.startswith(tuple(f"{id_}-" for id_ in ids))
