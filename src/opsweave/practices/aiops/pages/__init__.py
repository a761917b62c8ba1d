"""Pages of the room: incidents, one incident, recovery, runs and runbooks."""

from __future__ import annotations

from functools import partial

from opsweave.facts import Incident, IncidentStatus
from opsweave.pages import Health, News, PageSpec
from opsweave.practices.aiops.pages import listing, recovery, run, runbook
from opsweave.practices.aiops.pages.incident import page as incident_page
from opsweave.practices.aiops.pages.sources import Sources
from opsweave.record.state import Where

__all__ = ["Sources", "pages"]
IN_TROUBLE = (IncidentStatus.OPEN, IncidentStatus.EXPLAINED, IncidentStatus.RECOVERING)


def pages(sources: Sources) -> list[PageSpec]:
    """Five pages over one set of sources."""

    def news() -> News:
        where = Where(status=tuple(status.value for status in IN_TROUBLE))
        n = sources.store.state.count(Incident, where)
        return News(health=Health.BAD if n else Health.GOOD, count=n or None)

    return [
        PageSpec(
            pattern="incidents",
            title="Incidents",
            key="i",
            order=10,
            make=partial(listing.page, sources),
            news=news,
        ),
        PageSpec(
            pattern="incidents/{id}",
            title="Incident",
            make=partial(incident_page.page, sources),
        ),
        PageSpec(
            pattern="recovery",
            title="Recovery",
            key="y",
            order=60,
            make=partial(recovery.page, sources),
            news=partial(recovery.news, sources),
        ),
        PageSpec(pattern="recovery/runs/{id}", title="Run", make=partial(run.page, sources)),
        PageSpec(
            pattern="recovery/runbooks/{name}",
            title="Runbook",
            make=partial(runbook.page, sources),
        ),
    ]
