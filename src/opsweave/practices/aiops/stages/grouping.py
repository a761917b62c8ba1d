"""The live incidents as the grouper sees them, kept in step with what the loop and people do."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from opsweave.analysis.causality.families import Family, family_of
from opsweave.analysis.correlation import Grouper, Item, Placed, Settings, Topology
from opsweave.analysis.correlation.taught import Taught
from opsweave.analysis.correlation.words import says_of
from opsweave.facts import Alert, Incident, IncidentStatus, Join
from opsweave.graph import Snapshot
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.stages.divide import parted
from opsweave.practices.aiops.stages.rivals import Rivals
from opsweave.practices.aiops.store import IncidentStore

MOST_ALERTS = 500
"""No incident grows without bound."""
MOST_SEEN = 100_000
UNATTRIBUTED = "opsweave.unattributed"
_OWN_LABELS = "opsweave."
_LOCAL = frozenset(
    {
        Family.PRESENCE,
        Family.OWN_TIME,
        Family.OWN_ERRORS,
        Family.CPU,
        Family.MEMORY,
        Family.STORAGE,
        Family.LOCK_HELD,
    }
)
"""They do not arise merely because a dependency is in trouble."""
_VALUES = frozenset({Family.DATA, Family.MODEL})


class Waiting(NamedTuple):
    """An alert of a group that is no incident (yet)."""

    alert: Alert
    join: Join
    group: str


class Joined(NamedTuple):
    """An alert joins a live incident."""

    incident: str
    alert: Alert
    join: Join


class LiveGroups:
    """Which live incident an alert belongs to. Its state is rebuilt from the incidents.

    Evidence that no incident explains waits in a group of its own: the symptom that it explains
    opens the incident, and finds it there.
    """

    def __init__(self, store: IncidentStore) -> None:
        self._store = store
        self._grouper = Grouper(settings=Settings(most_alerts=MOST_ALERTS, again_s=math.inf))
        self._members: dict[str, frozenset[str]] = {}
        """Incident -> the alerts that its group has."""
        self._waiting: dict[str, Waiting] = {}
        self.rivals = Rivals()
        self._relations: object = None
        self._seen: OrderedDict[str, None] = OrderedDict()

    # -- kept in step ---------------------------------------------------------------------------

    def follow(
        self, incidents: Mapping[str, Incident], firing: Mapping[str, Alert], world: Snapshot
    ) -> None:
        """Take up what happened since: the graph, verdicts, ends, a restart."""
        if world.relations != self._relations:
            self._relations = world.relations
            edges = ((r.source, r.target, r.kind.value) for r in world.relations)
            self._grouper.topology = Topology(world.entities, edges)
        for gone in self._members.keys() - incidents.keys():
            self._forget(gone)
        for id_, incident in incidents.items():
            self._keep(id_, incident, firing)
        for id_ in self._waiting.keys() - firing.keys():
            self._release(id_)

    def ended(self, alert: Alert) -> None:
        """An episode is over."""
        self._grouper.ended(item_of(alert))

    def teach(self, taught: Taught) -> None:
        """What merges and splits have taught until now."""
        self._grouper.teach(taught)

    def see(self, alert: Alert) -> None:
        """Learn from an episode, once."""
        if alert.id not in self._seen:
            self._seen[alert.id] = None
            self._grouper.learned.see(item_of(alert))
            if len(self._seen) > MOST_SEEN:
                self._seen.popitem(last=False)

    # -- alerts ---------------------------------------------------------------------------------

    def place(self, alert: Alert) -> list[Joined]:
        """It, and what waited in a group that it connects, joins a live incident; [] when it waits
        in no incident."""
        if alert.id in self._waiting:
            return []
        item = item_of(alert)
        placed = self._grouper.place(item, learn=False, may_merge=self._may_merge)
        found = self._moved(placed) if placed.merged else []
        join = self._join(item, placed)
        home = found[0].incident if found else placed.group
        if home not in self._members:
            self._waiting[alert.id] = Waiting(alert, join, placed.group)
            return []
        found.append(Joined(home, alert, join))
        self._members[home] |= {one.alert.id for one in found}
        return found

    def hatch(self, symptom: Alert, incident: str) -> list[Joined]:
        """A waiting alert opens an incident: what waits with it joins."""
        group = self._waiting.pop(symptom.id).group
        found = [one for one in self._waiting.values() if one.group == group]
        for one in found:
            del self._waiting[one.alert.id]
        self._grouper.rename(group, incident)
        self._members[incident] = frozenset({symptom.id, *(one.alert.id for one in found)})
        ordered = sorted(found, key=lambda one: (one.alert.started_ns, one.alert.id))
        return [Joined(incident, one.alert, one.join) for one in ordered]

    def weigh(
        self, incidents: Mapping[str, Incident], firing: Mapping[str, Alert], now_ns: int
    ) -> None:
        """Hold the live incidents against each other, the latest last."""
        members = {id_: self._members[id_] for id_ in incidents if id_ in self._members}
        now = (self._grouper.topology, now_ns)
        named = {
            i: one.causes[0].entity for i, one in incidents.items() if parted(one) and one.causes
        }
        self.rivals.weigh(self._grouper.groups, members, firing, now, named)

    # -- details --------------------------------------------------------------------------------

    def _may_merge(self, one: str, other: str) -> bool:
        """Two incidents that are open are merged by people only."""
        return one not in self._members or other not in self._members

    def _join(self, item: Item, placed: Placed) -> Join:
        if placed.rule == "again":
            return Join(alert=item.id, rule="again", says="the same alert again")
        says = says_of(placed, item, self._grouper.topology)
        score = round(placed.odds / (1.0 + placed.odds), 4) if placed.odds else 1.0
        return Join(alert=item.id, rule=placed.rule, says=says, score=score)

    def _keep(self, id_: str, incident: Incident, firing: Mapping[str, Alert]) -> None:
        known, now = self._members.get(id_), frozenset(incident.alerts)
        if known != now:
            if known is not None and not known <= now:
                self._forget(id_)
                known = None
            self._take(id_, [a for a in incident.alerts if a not in (known or ())], firing)
        group = self._grouper.groups.get(id_)
        if group is not None:
            group.apart = frozenset(incident.apart)
            group.over = incident.status is IncidentStatus.RECOVERED

    def _take(self, id_: str, alerts: list[str], firing: Mapping[str, Alert]) -> None:
        self._members[id_] = self._members.get(id_, frozenset()) | set(alerts)
        stored = self._store.alerts(a for a in alerts if a not in firing)
        facts = [firing[a] for a in alerts if a in firing] + stored
        for alert in sorted(facts, key=lambda a: (a.started_ns, a.id)):
            item, group = item_of(alert), self._grouper.groups.get(id_)
            if group is None:
                self._grouper.open(item, id_=id_)
            else:
                self._grouper.join(group, item)

    def _moved(self, placed: Placed) -> list[Joined]:
        """Two groups became one; when one of them is an incident, what waited joins it."""
        gone, stays = placed.merged, placed.group
        if gone in self._members:
            self._grouper.rename(stays, gone)
        home = gone if gone in self._members else stays
        found = []
        for id_, one in list(self._waiting.items()):
            if one.group in (gone, stays):
                if home in self._members:
                    del self._waiting[id_]
                    found.append(Joined(home, one.alert, one.join))
                else:
                    self._waiting[id_] = one._replace(group=home)
        return found

    def _release(self, alert: str) -> None:
        group = self._waiting.pop(alert).group
        if all(one.group != group for one in self._waiting.values()):
            self._grouper.forget(group)

    def _forget(self, id_: str) -> None:
        self._grouper.forget(id_)
        self._members.pop(id_, None)


def item_of(alert: Alert) -> Item:
    """An alert as the grouper reads it; labels that Opsweave added itself say nothing."""
    lost = bool(alert.labels.get(UNATTRIBUTED))
    marks = tuple(
        f"{name}={value}"
        for name, value in sorted(alert.labels.items())
        if value and not name.startswith(_OWN_LABELS)
    )
    return Item(
        id=alert.id,
        entity="" if lost else alert.entity,
        type=alert.indicator,
        start_s=alert.started_ns / SECOND,
        end_s=alert.ended_ns / SECOND if alert.ended_ns is not None else None,
        key=alert.fingerprint,
        marks=marks,
        severity=alert.severity.value,
        nature="values" if family_of(alert.indicator) in _VALUES else "",
        local=_local(alert),
    )


def _local(alert: Alert) -> bool | None:
    family = family_of(alert.indicator)
    if family in _LOCAL:
        return True
    return False if family is Family.CALLS else None
