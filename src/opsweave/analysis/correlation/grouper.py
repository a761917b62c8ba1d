"""Alerts to incidents, one at a time: a mixture whose parts are causes in the topology.

Each incident is one unknown cause; what could make its alerts fire is its belief (see ``group``).
An alert joins the incident that makes it likeliest, or opens one when it is likelier by itself:

    sum over causes c of  P(c | incident) x P(c reaches the alert) x kernel(time since c was seen)
        x how much more often its type follows theirs than by chance x what operators taught
    against
    how often this very alert comes by itself, per second x the odds that a join must have

The kernel is a power law at the incident's own pace, as for aftershocks (Y. Ogata, JASA 83, 1988).
This is the branching view of a self-exciting process (A. G. Hawkes, Biometrika 58, 1971) with the
parent being a cause instead of an event, and a new part for what no part explains (a Chinese
restaurant process). Causes index the live incidents, so an alert looks at few of them however many
there are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec

from opsweave.analysis.correlation.group import Group
from opsweave.analysis.correlation.index import CauseIndex
from opsweave.analysis.correlation.item import Item
from opsweave.analysis.correlation.learned import Learned
from opsweave.analysis.correlation.placed import Placed, Settings
from opsweave.analysis.correlation.reach import Reach, prior_of, reach_of
from opsweave.analysis.correlation.scoring import Back, Score, Scorer
from opsweave.analysis.correlation.taught import Taught
from opsweave.analysis.correlation.topology import Topology
from opsweave.kernel.ids import content_hash

MOST_KEYS = 500_000
MOST_GROUPS = 50_000

MayMerge = Callable[[str, str], bool]


class Grouper:
    """Online; feed it in the order of time (see ``lateness``), late ones are taken all the same."""

    def __init__(
        self,
        topology: Topology | None = None,
        *,
        learned: Learned | None = None,
        taught: Taught | None = None,
        settings: Settings | None = None,
        name: Callable[[Item], str] | None = None,
    ) -> None:
        self.topology = topology or Topology()
        self.learned = learned or Learned()
        self.settings = settings or Settings()
        self.groups: OrderedDict[str, Group] = OrderedDict()
        self._id_of = name or id_of
        self._index = CauseIndex()
        self._scorer = Scorer(self._index, self.learned, taught or Taught(), self.settings)
        self._last: OrderedDict[str, tuple[str, float]] = OrderedDict()
        """Identity of an alert -> the incident of its last episode, and until when that lasted."""

    def teach(self, taught: Taught) -> None:
        """What operators said until now."""
        self._scorer.teach(taught)

    # -- verbs ----------------------------------------------------------------------------------

    def place(
        self, item: Item, *, learn: bool = True, may_merge: MayMerge = lambda _one, _other: True
    ) -> Placed:
        """Where it belongs; opens an incident when it belongs nowhere. ``may_merge`` is asked
        before two incidents become one."""
        if learn:
            self.learned.see(item)
        soon = self._soon(item)
        if soon is not None:
            return soon
        reach = self._reach(item)
        scores = self._scorer.best(item, reach, self._back(item))
        if not scores:
            group = self.open(item, reach)
            return Placed(alert=item.id, group=group.id, rule="first")
        best = self._scorer.placed(item, reach, scores[0])
        self.join(scores[0].group, item, reach, placed=best)
        pair = self._same(*scores) if len(scores) > 1 else None
        if pair is not None and may_merge(pair[0].id, pair[1].id):
            self.merge(*pair)
            best = msgspec.structs.replace(best, group=pair[0].id, merged=pair[1].id)
        return best

    def fits(self, item: Item) -> Placed | None:
        """Where it would go, without going there."""
        reach = self._reach(item)
        scores = self._scorer.best(item, reach, self._back(item))
        return self._scorer.placed(item, reach, scores[0]) if scores else None

    def alone(self, items: Sequence[Item]) -> Group:
        """The belief of an incident of these alerts, which takes up no others."""
        group = Group(self._id_of(items[0]), items[0].start_s, self.settings.settle_s)
        for item in items:
            self._support(group, item, self._reach(item))
            group.settle()
        return group

    def open(self, item: Item, reach: Reach | None = None, *, id_: str = "") -> Group:
        """A new incident of one alert."""
        group = Group(id_ or self._id_of(item), item.start_s, self.settings.settle_s)
        self.groups[group.id] = group
        if len(self.groups) > MOST_GROUPS:
            self.forget(next(iter(self.groups)))
        self.learned.met(item.type, company=False)
        self.join(group, item, reach)
        return group

    def join(
        self, group: Group, item: Item, reach: Reach | None = None, *, placed: Placed | None = None
    ) -> None:
        """Put it there, and let it weigh in what the incident believes."""
        if placed is not None and placed.rule != "again":
            self._met(group, item, placed)
        self._wake(group)
        new = self._support(group, item, self._reach(item) if reach is None else reach)
        self._index.add(new, group)
        self._index.drop(group.settle(), group)
        until = max(item.start_s, item.end_s or item.start_s)
        self._last[item.identity] = (group.id, until)
        self._last.move_to_end(item.identity)
        if len(self._last) > MOST_KEYS:
            self._last.popitem(last=False)

    def _support(self, group: Group, item: Item, reach: Reach) -> list[str]:
        """Let it weigh in; the causes that the incident had not thought of."""
        says = f"{item.entity}|{item.type}" if item.local else item.entity
        late = group.late(item.entity, item.start_s)
        fresh = group.add(item.identity, item.type, item.entity, item.start_s, says=says)
        if late != 1.0:
            reach = [(c, p * late if c == item.entity else p) for c, p in reach]
        return group.support(
            reach, item.start_s, fresh=fresh, prior=lambda c: prior_of(c, item, self.learned)
        )

    def ended(self, item: Item) -> None:
        """An episode is over; its next one is the likelier of the same incident the sooner."""
        known = self._last.get(item.identity)
        if known is not None and item.end_s is not None:
            self._last[item.identity] = (known[0], max(known[1], item.end_s))

    def merge(self, one: Group, other: Group) -> None:
        """The second goes into the first."""
        self.forget(other.id)
        self._wake(one)
        self._index.add(one.absorb(other), one)
        self._index.drop(one.settle(), one)
        for key in other.keys:
            known = self._last.get(key)
            if known is not None and known[0] == other.id:
                self._last[key] = (one.id, known[1])

    def rename(self, id_: str, other: str) -> None:
        """The incident goes by another id from now on."""
        group = self.groups.pop(id_)
        group.id = other
        self.groups[other] = group
        for key in group.keys:
            known = self._last.get(key)
            if known is not None and known[0] == id_:
                self._last[key] = (other, known[1])

    def forget(self, id_: str) -> None:
        """An incident takes nothing up any more."""
        group = self.groups.pop(id_, None)
        if group is not None:
            self._index.drop(group.beliefs, group)

    def _reach(self, item: Item) -> Reach:
        return reach_of(item, self.topology, self.learned)

    # -- which one ------------------------------------------------------------------------------

    def _wake(self, group: Group) -> None:
        if group.resting:
            group.resting = False
            self._index.add(list(group.beliefs), group)

    def _soon(self, item: Item) -> Placed | None:
        """In a storm most alerts are ones that were there a moment ago: nothing is weighed anew."""
        back = self._back(item)
        if back is None or back[1] > self.settings.settle_s or back[0].over:
            return None
        group, gap_s = back
        group.size += 1
        group.at_s = max(group.at_s, item.start_s)
        self._last[item.identity] = (group.id, max(item.start_s, item.end_s or item.start_s))
        return Placed(alert=item.id, group=group.id, rule="again", lag_s=gap_s)

    def _back(self, item: Item) -> Back | None:
        """Where the alert's last episode is, and how long ago that ended."""
        id_, until = self._last.get(item.identity, ("", 0.0))
        group = self.groups.get(id_)
        gap_s = max(0.0, item.start_s - until)
        if group is None or gap_s > self.settings.again_s or item.identity in group.apart:
            return None
        return None if group.size >= self.settings.most_alerts else (group, gap_s)

    def _met(self, group: Group, item: Item, placed: Placed) -> None:
        """What a join teaches: this type comes with others, and how fast this incident grows."""
        if group.size == 1:
            self.learned.met(next(iter(group.types)), company=True, again=True)
        self.learned.met(item.type, company=True)
        group.hasten(placed.lag_s)

    def _same(self, best: Score, second: Score) -> tuple[Group, Group] | None:
        """The two best, the older first, when they are one incident after all."""
        one, other = best.group, second.group
        if (other.first_s, other.id) < (one.first_s, one.id):
            one, other = other, one
        settings = self.settings
        if (
            other.first_s - one.at_s > settings.merge_s
            or one.size + other.size > settings.most_alerts
            or one.apart & other.keys
            or other.apart & one.keys
            or one.agrees(other) < settings.agreement
        ):
            return None
        return one, other


def id_of(item: Item) -> str:
    """An incident's id, of its first alert."""
    return f"inc-{content_hash(item.id, length=16)}"
