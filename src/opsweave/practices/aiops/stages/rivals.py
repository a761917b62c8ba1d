"""Incidents that are live at the same time: whose matter is what, and who suffers from both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from opsweave.analysis.correlation.group import Group
from opsweave.analysis.correlation.topology import Topology
from opsweave.facts import Alert
from opsweave.kernel.clock import SECOND

MOST = 64
"""Live incidents that are held against each other, the latest ones."""
OWNER, STRANGER = 0.6, 0.1
"""Belief of one incident, and of another, from which an entity is the first one's matter."""
TOGETHER_S = 8.0
"""Two incidents whose first alerts lie no further apart may be one: a bucket and a half."""
REACHES = 0.1
GRACE_NS = 30 * SECOND
"""Alerts of whoever leans on it end so much later than those of the cause."""


class Rivals:
    """Weighed anew in each tick; what others read is replaced, never altered."""

    def __init__(self) -> None:
        self.contested: dict[str, frozenset[str]] = {}
        """Incident -> entities of it that suffer from another live incident too, if that is not
        recovered: no evidence that the first one's cure failed."""
        self.shared: dict[str, frozenset[str]] = {}
        """The same with every incident that still fires by itself, recovered or not: no evidence
        that the first one is back."""
        self._owners: dict[str, str] = {}
        """Incident -> what it surely comes from."""
        self._causes: dict[str, set[str]] = {}
        """The same, and what causality parted it by."""
        self._groups: Mapping[str, Group] = {}
        self._fired: dict[str, dict[str, int]] = {}
        """Incident -> entity -> when an alert of it was firing last."""

    def weigh(
        self,
        groups: Mapping[str, Group],
        members: Mapping[str, Iterable[str]],
        firing: Mapping[str, Alert],
        now: tuple[Topology, int],
        named: Mapping[str, str] = {},
    ) -> None:
        """``groups`` and the alerts of each live incident, the latest last; the graph, the time;
        ``named`` says what an incident comes from where more than the grouping knows it."""
        topology, now_ns = now
        rivals = [id_ for id_ in list(members)[-MOST:] if id_ in groups]
        likeliest = {id_: groups[id_].likeliest() for id_ in rivals}
        self._groups = groups
        self._owners = {id_: cause for id_, (cause, share) in likeliest.items() if share >= OWNER}
        self._causes = {id_: {_bare(cause)} for id_, cause in self._owners.items()}
        for id_ in rivals:
            if id_ in named:
                self._causes.setdefault(id_, set()).add(named[id_])
        self._fired = {id_: self._fired.get(id_, {}) for id_ in rivals}
        for id_ in rivals if len(rivals) > 1 else ():
            alive = (firing[alert].entity for alert in members[id_] if alert in firing)
            self._fired[id_].update(dict.fromkeys(alive, now_ns))
        self.shared, self.contested = {}, {}
        for id_ in self._causes and rivals:
            others = [other for other in self._causes if other != id_]
            active = [other for other in others if self._active(other, id_, now_ns)]
            self.shared[id_] = self._suffering(id_, active, topology)
            going_on = [other for other in others if not groups[other].over]
            self.contested[id_] = self._suffering(id_, going_on, topology)

    def foreign(self, incident: str) -> frozenset[str]:
        """Entities that are another live incident's matter, and hardly this one's. What began
        together with it may yet be one: there causality decides with all in view."""
        own = self._groups.get(incident)
        if own is None:
            return frozenset()
        return frozenset(
            _bare(cause)
            for rival, cause in self._owners.items()
            if rival != incident
            and own.share(cause) <= STRANGER
            and abs(own.first_s - self._groups[rival].first_s) > TOGETHER_S
        )

    def _active(self, other: str, incident: str, now_ns: int) -> bool:
        """It fires, or did a moment ago, where the other incident does not, or at its cause."""
        mine, causes = self._groups[incident].onsets, self._causes[other]
        return any(
            at_ns >= now_ns - GRACE_NS and (entity in causes or entity not in mine)
            for entity, at_ns in self._fired[other].items()
        )

    def _suffering(self, id_: str, others: Iterable[str], topology: Topology) -> frozenset[str]:
        """Entities of the incident that the causes of others reach."""
        causes = {cause for other in others for cause in self._causes[other]}
        onsets = self._groups[id_].onsets if causes else ()
        return frozenset(
            entity
            for entity in onsets
            if any(c in causes and p >= REACHES for c, p, _ in topology.causes(entity))
        )


def _bare(cause: str) -> str:
    return cause.partition("#")[0]
