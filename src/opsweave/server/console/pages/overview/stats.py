"""The five numbers that one looks at first."""

from __future__ import annotations

import msgspec

from opsweave.kernel.clock import SECOND
from opsweave.pages import Health, Proof, Stat, State
from opsweave.pages.links import slo_to
from opsweave.practices.aiops.pages.words import span
from opsweave.practices.devops.deployments import figures
from opsweave.practices.devops.shipped import counted_out
from opsweave.practices.sre.looks import left
from opsweave.server.console.pages.overview.facts import Facts
from opsweave.server.console.pages.words import proof_of


def stats(facts: Facts) -> tuple[Stat, ...]:
    """Each with where it comes from; None is no data."""
    return (_incidents(facts), _alerts(facts), _budget(facts), _shipped(facts), _arrives(facts))


def _incidents(facts: Facts) -> Stat:
    n = facts.open_incidents
    return Stat(
        id="open-incidents",
        title="Open incidents",
        span=2,
        value=n,
        health=Health.BAD if n else Health.GOOD,
        to="incidents",
        proof=proof_of("incidents that are not over, now", facts.incidents, n),
        topics=("incidents",),
    )


def _alerts(facts: Facts) -> Stat:
    firing, n = facts.firing, facts.firing_n
    entities = len({alert.entity for alert in firing})
    return Stat(
        id="firing",
        title="Firing alerts",
        says=f"of {entities} entities" if n else "",
        span=2,
        value=n,
        health=Health.WARNING if n else Health.GOOD,
        to="map",
        proof=proof_of("alerts that fire now", firing, n),
        topics=("alerts",),
    )


def _budget(facts: Facts) -> Stat:
    known = [one for one in facts.slos if one.budget.remaining is not None]
    if not known:
        return Stat(
            id="budget",
            title="Least budget left",
            span=3,
            state=State.EMPTY,
            missing="No objective has events in its window."
            if facts.slos
            else "No objective is configured.",
            remedy="Send spans of its entity." if facts.slos else "Write slos.yaml.",
            remedy_to="reliability",
            topics=("slos",),
        )
    worst = min(known, key=lambda one: one.budget.remaining or 0.0)
    evidence, remaining = worst.budget.evidence, worst.budget.remaining or 0.0
    return Stat(
        id="budget",
        title="Least budget left",
        says=f"{worst.slo.name} of {worst.slo.entity}; {len(facts.slos)} objectives in all",
        span=3,
        value=worst.budget.remaining,
        unit="%",
        text=f"spent {1 - remaining:.1f} times over" if remaining < 0 else "",
        health=left(worst.budget.remaining),
        trend=tuple(one.remaining for one in worst.history[-40:]),
        to=slo_to(worst.slo.id),
        proof=Proof(
            says=evidence[0].says if evidence else "",
            n=worst.budget.total,
            ids=tuple(one.id for one in evidence),
        ),
        topics=("slos",),
    )


def _shipped(facts: Facts) -> Stat:
    made, query = facts.shipped, facts.query
    found = figures(made.deployments)
    changes = [one.change for one in made.deployments]
    time = span((query.until_ns - query.since_ns) / SECOND)
    if not changes:
        return Stat(
            id="deployments",
            title="Deployments",
            span=2,
            state=State.EMPTY,
            missing=f"None arrived in {time}.",
            remedy="Choose a longer time, or send CDEvents or a webhook.",
            remedy_to=query.to("delivery"),
            topics=("changes", "incidents"),
        )
    return Stat(
        id="deployments",
        title="Deployments",
        says=f"in {time}; {found.failed} failed, {found.rollbacks} were rollbacks",
        span=2,
        value=found.deployments,
        health=Health.BAD if found.failed else Health.NEUTRAL,
        to=query.to("delivery"),
        proof=msgspec.structs.replace(
            proof_of("deployments in this time, without rollbacks", changes, found.deployments),
            excluded=counted_out(made, found),
        ),
        topics=("changes", "incidents"),
    )


def _arrives(facts: Facts) -> Stat:
    meter = facts.sources.meter
    rate = meter.rate()
    return Stat(
        id="arrives",
        title="Arrives",
        says="rows stored a second, over the last minute",
        span=3,
        value=rate,
        unit="1/s",
        health=Health.NEUTRAL if rate else Health.UNKNOWN,
        trend=meter.trend(),
        to="record",
        proof=Proof(says="points, log records, spans and events that the pump stored since start"),
        topics=("record",),
    )
