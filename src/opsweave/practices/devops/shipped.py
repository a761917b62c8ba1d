"""Deployments of a time and scope, read once by one rule for whoever counts them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from opsweave.facts import CauseKind, Change, ChangeKind, Incident
from opsweave.practices.devops.deployments import (
    FLIGHT_NS,
    Deployment,
    DeploymentFigures,
    deployments_of,
)
from opsweave.record.state import StateStore, Where

MOST = 1_000
"""Deployments of one time, and incidents that are read at once."""
MOST_PAGES = 10
CHANGED = tuple(
    kind.value
    for kind in (
        CauseKind.DEPLOYMENT, CauseKind.CONFIGURATION, CauseKind.FLAG, CauseKind.DATA,
        CauseKind.MODEL, CauseKind.CREDENTIAL, CauseKind.SATURATION, CauseKind.UNKNOWN,
    )
)  # fmt: skip
"""Kinds of cause that a change can be behind."""


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """Deployments with what became of them, and how much was left out."""

    deployments: list[Deployment] = []
    older: int = 0
    """Deployments before these that were not read."""
    unread: int = 0
    """Incidents that may blame one of them and were not read."""

    @property
    def excluded(self) -> dict[str, int]:
        """What was left out, by reason; empty when nothing was."""
        found = {
            f"older than the newest {MOST:,}": self.older,
            "incidents that were not looked at": self.unread,
        }
        return {reason: n for reason, n in found.items() if n}


def where_shipped(since_ns: int | None, until_ns: int | None, words: str = "") -> Where:
    """Deployments of a time and scope."""
    topic = (ChangeKind.DEPLOYMENT.value,)
    return Where(topic=topic, since_ns=since_ns, until_ns=until_ns, words=words)


def shipped(state: StateStore, where: Where, now_ns: int) -> Joined:
    """The newest thousand deployments of ``where``, newest first."""
    found = state.page(Change, where, limit=MOST)
    made = joined(state, found.facts, now_ns)
    older = state.count(Change, where) - len(found.facts) if found.next else 0
    return msgspec.structs.replace(made, older=max(0, older))


def joined(state: StateStore, changes: Sequence[Change], now_ns: int) -> Joined:
    """``changes`` with the incidents that blame them, whenever those opened since."""
    if not changes:
        return Joined()
    # Symptoms may seem to begin a little before the change that is behind them.
    where = Where(topic=CHANGED, since_ns=min(one.at_ns for one in changes) - FLIGHT_NS)
    ids = {change.id for change in changes}
    blaming: list[Incident] = []
    after, read = "", 0
    for _ in range(MOST_PAGES):
        page = state.page(Incident, where, sort="at", after=after, limit=MOST)
        read, after = read + len(page.facts), page.next
        blaming += [one for one in page.facts if one.causes and one.causes[0].change in ids]
        if not after:
            break
    return Joined(
        deployments=deployments_of(changes, blaming, now_ns),
        unread=max(0, state.count(Incident, where) - read) if after else 0,
    )


def counted_out(made: Joined, of: DeploymentFigures) -> dict[str, int]:
    """What the figures do not rest on, by reason."""
    own = {reason: n for one in of.evidence for reason, n in one.excluded.items()}
    return own | made.excluded
