"""Delivery, as far as the record goes: deployments, which failed, and how long recovery took."""

from __future__ import annotations

from functools import partial

from opsweave.facts import Change
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import (
    Cell,
    Column,
    Health,
    Note,
    Page,
    PageQuery,
    PageSpec,
    Proof,
    Row,
    Section,
    Stat,
    State,
    Table,
)
from opsweave.pages.links import change_to, entity_to, incident_to
from opsweave.practices.devops.deployments import (
    Deployment,
    DeploymentFigures,
    figures,
)
from opsweave.practices.devops.shipped import counted_out, joined, shipped, where_shipped
from opsweave.record.state import StateStore, Where

ROWS = 50
NOT_YET = (
    "Lead time for changes: commits are not joined to the deployment that ships them yet.",
    "Rework rate: unplanned deployments are not told from planned ones yet.",
    "Deployment frequency by team: owners of services come from the catalog; none are joined yet.",
)


def pages(state: StateStore) -> list[PageSpec]:
    """``delivery``."""
    return [
        PageSpec(
            pattern="delivery",
            title="Delivery",
            group="Practices",
            key="d",
            order=10,
            make=partial(page, state),
        )
    ]


def page(state: StateStore, query: PageQuery) -> Page:
    """Deployments of the chosen time and scope."""
    where = where_shipped(query.since_ns, query.until_ns, query.scope)
    return Page(
        path="delivery",
        title="Delivery",
        lead="What was shipped, what failed, how long recovery took.",
        sections=(
            Section(
                id="figures",
                widgets=_stats(state, query, where) if query.widget != "deployments" else (),
            ),
            Section(
                id="list",
                widgets=(_table(state, query, where),) if query.wants("deployments") else (),
            ),
            Section(
                id="not-yet",
                widgets=(Note(id="not-yet", title="Not there yet", paragraphs=NOT_YET),),
            ),
        ),
    )


def _stats(state: StateStore, query: PageQuery, where: Where) -> tuple[Stat, ...]:
    found = shipped(state, where, query.now_ns)
    made = figures(found.deployments)
    says = "; ".join(one.says for one in made.evidence)
    ids = tuple(f"change:state:{one.change.id}@1" for one in found.deployments[:100])
    proof = Proof(says=says, n=made.deployments, ids=ids, excluded=counted_out(found, made))
    return tuple(
        Stat(
            id=id_,
            title=title,
            says=says_,
            span=3,
            value=value,
            unit=unit,
            health=health,
            proof=proof,
            topics=("changes", "incidents"),
            **_said(made, id_, value),  # type: ignore[arg-type]
        )
        for id_, title, says_, value, unit, health in _figures(made)
    )


Figure = tuple[str, str, str, float | None, str, Health]


def _figures(made: DeploymentFigures) -> tuple[Figure, ...]:
    bad = Health.WARNING if made.failed else Health.GOOD
    plain = Health.NEUTRAL
    backs = f"without {made.rollbacks} rollbacks"
    if made.in_flight:
        backs += f"; {made.in_flight} of them in flight"
    named = "an incident names it as first cause, or its source says so"
    return (
        ("shipped", "Deployments", backs, float(made.deployments), "", plain),
        ("failed", "Failed", named, float(made.failed), "", bad),
        ("rate", "Change fail rate", "failed of those over", made.change_fail_rate, "%", bad),
        (
            "recovery",
            "Failed deployment recovery time",
            "median from its finish to the incident's recovery",
            made.recovery_s,
            "s",
            plain,
        ),
    )


def _said(made: DeploymentFigures, id_: str, value: float | None) -> dict[str, object]:
    if not made.deployments + made.rollbacks:
        return {
            "state": State.EMPTY,
            "missing": "No deployment is on record in this time and scope.",
            "remedy": "Look at thirty days, or send deployments (CDEvents, webhooks, Kubernetes).",
            "remedy_to": "delivery?since=-30d",
        }
    if value is not None:
        return {}
    missing = (
        "No deployment of this time failed and recovered: there is nothing to take a median of."
        if id_ == "recovery"
        else "No deployment of this time is over: rollbacks and those in flight are not judged."
    )
    return {"state": State.EMPTY, "missing": missing}


def _table(state: StateStore, query: PageQuery, where: Where) -> Table:
    asked = query.table("deployments")
    searched = Where(
        topic=where.topic,
        since_ns=where.since_ns,
        until_ns=where.until_ns,
        words=f"{where.words} {asked.q}".strip(),
    )
    found = state.page(Change, searched, after=asked.after, limit=ROWS)
    made = joined(state, found.facts, query.now_ns)
    total = state.count(Change, searched)
    none = {
        "state": State.EMPTY,
        "missing": "No deployment fits the time, the scope and the search.",
        "remedy": "Look at thirty days.",
        "remedy_to": "delivery?since=-30d",
    }
    return Table(
        id="deployments",
        title="Deployments",
        says="Newest first.",
        columns=(
            Column(key="state", title="State", shows="health"),
            Column(key="what", title="What"),
            Column(key="entity", title="Of", shows="entity"),
            Column(key="version", title="Version", hide_on_phone=True),
            Column(key="author", title="By", hide_on_phone=True),
            Column(key="at", title="When", shows="time"),
            Column(key="incident", title="Incident"),
            Column(key="recovery", title="Recovered after", shows="duration"),
        ),
        rows=tuple(_row(one) for one in made.deployments),
        total=total,
        next=found.next,
        q=asked.q,
        q_hint="words of an entity, a version, an author",
        topics=("changes", "incidents"),
        proof=Proof(says="changes of kind deployment on record", n=total, excluded=made.excluded),
        **({} if total else none),  # type: ignore[arg-type]
    )


def _row(one: Deployment) -> Row:
    change = one.change
    word, health = _state(one)
    versions = [version for version in (change.version_from, change.version_to) if version]
    return Row(
        id=change.id,
        to=change_to(change.id),
        health=health,
        cells={
            "state": Cell(value=word, health=health),
            "what": Cell(value=change.summary or change.id, hint=f"told by {change.source}"),
            "entity": Cell(value=change.entity, to=entity_to(change.entity)),
            "version": Cell(value=" -> ".join(versions) or None),
            "author": Cell(value=change.author or None),
            "at": Cell(value=change.at_ns / MILLISECOND),
            **(_blame(one) if one.incident else {}),
        },
    )


def _state(one: Deployment) -> tuple[str, Health]:
    if one.rollback:
        return "rollback", Health.NEUTRAL
    if one.failed:
        return "failed", Health.BAD
    return ("in flight", Health.WARNING) if one.in_flight else ("not blamed", Health.GOOD)


def _blame(one: Deployment) -> dict[str, Cell]:
    """Of one that failed; "no data" where it has not recovered yet."""
    return {
        "incident": Cell(value=one.incident, to=incident_to(one.incident)),
        "recovery": Cell(value=one.recovery_s),
    }
