"""What the overview is made of, read once for all its widgets."""

from __future__ import annotations

from functools import cached_property

from opsweave.facts import Alert, Approval, Change, ChangeKind, Incident, Run, RunStatus, Shadow
from opsweave.pages import Health, PageQuery
from opsweave.practices.devops.deployments import Deployment, deployments_of
from opsweave.practices.sre.service import SloState
from opsweave.record.state import Where
from opsweave.server.console.pages.sources import Sources
from opsweave.server.console.pages.trouble import Trouble

MOST = 1_000
MOST_BLAMING = 200
IN_HAND = tuple(
    status.value
    for status in (RunStatus.PLANNED, RunStatus.WAITING, RunStatus.ACTING, RunStatus.VERIFYING)
)


class Facts:
    """Each question is asked at most once a page, and only by widgets that are made."""

    def __init__(self, sources: Sources, query: PageQuery) -> None:
        self.sources, self.query = sources, query

    @cached_property
    def trouble(self) -> Trouble:
        """Now, whatever the time range."""
        return self.sources.troubles.now(self.query.now_ns)

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """Open ones in scope, the worst first."""
        return tuple(
            one for one in self.trouble.incidents if self.query.in_scope(one.title, *one.entities)
        )

    @property
    def open_incidents(self) -> int:
        """How many there are in scope."""
        return len(self.incidents) if self.query.scope else self.trouble.open_incidents

    @cached_property
    def firing(self) -> list[Alert]:
        """Alerts that fire now, in scope."""
        found = self.trouble.alerts.items()
        return [one for ref, alerts in found if self.query.in_scope(ref) for one in alerts]

    @property
    def firing_n(self) -> int:
        """How many there are in scope."""
        return len(self.firing) if self.query.scope else self.trouble.firing

    @property
    def heard(self) -> bool:
        """Whether anything in scope has shown itself lately."""
        trouble, inside = self.trouble, self.query.in_scope
        return any(
            trouble.health(ref) is not Health.UNKNOWN
            for ref in trouble.entities
            if inside(ref, trouble.owner(ref))
        )

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Of the time range and the scope, newest first."""
        where = Where(
            since_ns=self.query.since_ns, until_ns=self.query.until_ns, words=self.query.scope
        )
        return self.sources.state.page(Change, where, limit=MOST).facts

    def changed(self, *kinds: ChangeKind) -> list[Change]:
        """Those of a kind."""
        return [change for change in self.changes if change.kind in kinds]

    @cached_property
    def deployments(self) -> list[Deployment]:
        """Of the time range, each with the incident that blames it."""
        ships = self.changed(ChangeKind.DEPLOYMENT)
        if not ships:
            return []
        where = Where(topic=("deployment",), since_ns=self.query.since_ns)
        blaming = self.sources.state.page(Incident, where, limit=MOST_BLAMING).facts
        return deployments_of(ships, (*blaming, *self.trouble.incidents))

    @cached_property
    def slos(self) -> list[SloState]:
        """Objectives in scope."""
        return [s for s in self.sources.slos.states() if self.query.in_scope(s.slo.entity)]

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Recovery runs of the time range."""
        where = Where(since_ns=self.query.since_ns, until_ns=self.query.until_ns)
        return self.sources.state.page(Run, where, limit=MOST_BLAMING).facts

    @cached_property
    def in_hand(self) -> tuple[Run, ...]:
        """Runs that wait, act or verify now."""
        where = Where(status=IN_HAND)
        return self.sources.state.page(Run, where, sort="urgency", limit=20).facts

    @cached_property
    def waiting(self) -> int:
        """Plans that wait for somebody's answer."""
        return self.sources.state.count(Approval, Where(status=("waiting",)))

    @cached_property
    def shadows(self) -> list[Shadow]:
        """Verdicts on runs of the time range."""
        found = self.sources.state.find(Shadow, since_ns=self.query.since_ns, limit=MOST)
        return [one for one in found if one.at_ns < self.query.until_ns]
