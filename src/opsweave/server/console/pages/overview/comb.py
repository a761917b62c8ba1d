"""Every entity as one cell, by team, the worst first."""

from __future__ import annotations

from opsweave.facts import Entity
from opsweave.pages import Health, Honeycomb, HoneycombCell, HoneycombGroup, PageQuery, State
from opsweave.pages.links import entity_to
from opsweave.server.console.pages.trouble import Trouble, rank
from opsweave.server.console.pages.words import name_of

MOST = 2_000


def honeycomb(trouble: Trouble, query: PageQuery) -> Honeycomb:
    """At most 2,000 cells; those left out are the healthy ones, and are counted."""
    inside = [
        (trouble.health(ref), ref, entity)
        for ref, entity in trouble.entities.items()
        if query.in_scope(ref, trouble.owner(ref))
    ]
    inside.sort(key=lambda one: (rank(one[0]), one[1]))
    groups: dict[str, list[tuple[Health, str, Entity]]] = {}
    for one in inside[:MOST]:
        groups.setdefault(trouble.owner(one[1]), []).append(one)
    left = len(inside) - MOST
    says = f"{len(inside)} entities by team or namespace, the worst first"
    if left > 0:
        says += f"; {left} that are better than these are left out: narrow the scope to see them"
    widget = Honeycomb(
        id="entities",
        title="Everything",
        says=f"{says}.",
        groups=tuple(
            HoneycombGroup(title=title, cells=tuple(_cell(trouble, *one) for one in members))
            for title, members in groups.items()
        ),
        topics=("alerts", "entities"),
    )
    return widget if inside else _empty(trouble, query)


def _cell(trouble: Trouble, health: Health, ref: str, entity: Entity) -> HoneycombCell:
    return HoneycombCell(
        id=ref,
        label=name_of(ref),
        health=health,
        says=f"{entity.kind}: {trouble.says(ref)}",
        to=entity_to(ref),
    )


def _empty(trouble: Trouble, query: PageQuery) -> Honeycomb:
    if trouble.entities:
        missing = f"None of {len(trouble.entities)} entities is in the scope {query.scope!r}."
        remedy, to = "Clear the scope.", query.to("", scope="")
    else:
        missing = "No entity is known: nothing has arrived, and no catalog names one."
        remedy, to = "Send telemetry, or write catalog-info.yaml.", "record"
    return Honeycomb(
        id="entities",
        title="Everything",
        state=State.EMPTY,
        missing=missing,
        remedy=remedy,
        remedy_to=to,
        topics=("alerts", "entities"),
    )
