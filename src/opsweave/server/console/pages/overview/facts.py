"""What the overview is made of, read once for all its widgets."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from opsweave.facts import Alert, Approval, Change, ChangeKind, Incident, Run, RunStatus, Shadow
from opsweave.pages import Health, PageQuery
from opsweave.practices.devops.shipped import Joined, shipped, where_shipped
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


class Changed(NamedTuple):
    """The newest thousand of some kinds, and how many there are."""

    newest: tuple[Change, ...]
    n: int


class Facts:
    """Each question is asked at most once a page, and only by widgets that are made."""

    def __init__(self, sources: Sources, query: PageQuery) -> None:
        self.sources, self.query = sources, query
        self._changed: dict[tuple[ChangeKind, ...], Changed] = {}

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

    def changed(self, *kinds: ChangeKind) -> Changed:
        """Changes of the time range and the scope, of some kinds or of all."""
        if kinds not in self._changed:
            where = Where(
                topic=tuple(kind.value for kind in kinds),
                since_ns=self.query.since_ns,
                until_ns=self.query.until_ns,
                words=self.query.scope,
            )
            found = self.sources.state.page(Change, where, limit=MOST)
            n = self.sources.state.count(Change, where) if found.next else len(found.facts)
            self._changed[kinds] = Changed(newest=found.facts, n=n)
        return self._changed[kinds]

    @cached_property
    def shipped(self) -> Joined:
        """Deployments of the time range and the scope, each with the incident that blames it."""
        query = self.query
        where = where_shipped(query.since_ns, query.until_ns, query.scope)
        return shipped(self.sources.state, where, query.now_ns)

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
