"""The first page: everything at a glance, the worst first, one's own practice before others."""

from __future__ import annotations

from opsweave.pages import Health, Page, PageQuery, PageSpec, Section
from opsweave.server.console.pages.overview import lists
from opsweave.server.console.pages.overview.comb import honeycomb
from opsweave.server.console.pages.overview.facts import Facts
from opsweave.server.console.pages.overview.matrix import matrix
from opsweave.server.console.pages.overview.roles import ROLES, role_control
from opsweave.server.console.pages.overview.stats import stats
from opsweave.server.console.pages.sources import Sources


def spec(sources: Sources) -> PageSpec:
    """``overview``."""

    def make(query: PageQuery) -> Page:
        return overview(sources, query)

    return PageSpec(pattern="overview", title="Overview", key="o", order=0, make=make)


def overview(sources: Sources, query: PageQuery) -> Page:
    """``role`` chooses whose rows come first."""
    facts = Facts(sources, query)
    role = query.get("role") if query.get("role") in ROLES else ""
    figures = stats(facts) if query.wants(*STATS) else ()
    now = [lists.incidents(facts)] if query.wants("incidents") else []
    changes = [lists.changes(facts)] if query.wants("changes") else []
    whole = [matrix(facts, role)] if query.wants("matrix") else []
    comb = [honeycomb(facts.trouble, query)] if query.wants("entities") else []
    worst, says = _head(facts)
    return Page(
        path=query.path,
        title="Overview",
        health=worst,
        health_text=says,
        controls=(role_control(role),),
        sections=(
            Section(id="now", widgets=figures),
            Section(id="trouble", widgets=(*now, *changes)),
            Section(id="practices", widgets=tuple(whole)),
            Section(id="all", widgets=tuple(comb)),
        ),
    )


STATS = ("open-incidents", "firing", "budget", "deployments", "arrives")


def _head(facts: Facts) -> tuple[Health, str]:
    """The worst there is in scope, in a word."""
    if n := facts.open_incidents:
        return Health.BAD, f"{n} open {'incident' if n == 1 else 'incidents'}"
    if n := facts.firing_n:
        return Health.WARNING, f"{n} {'alert fires' if n == 1 else 'alerts fire'}"
    if facts.heard:
        return Health.GOOD, "all is well"
    return Health.UNKNOWN, "no data" if facts.trouble.entities else "nothing has arrived"
