"""How well each live incident explains an alert, against coincidence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from opsweave.analysis.correlation.group import ANYBODY, STEEP, Group
from opsweave.analysis.correlation.index import CauseIndex
from opsweave.analysis.correlation.item import Item
from opsweave.analysis.correlation.lags import LIFT
from opsweave.analysis.correlation.learned import Learned
from opsweave.analysis.correlation.placed import Placed, Settings
from opsweave.analysis.correlation.reach import Reach
from opsweave.analysis.correlation.taught import Taught

OVER = 0.2
"""How much less an incident explains once it is recovered."""
REST = 2e-5
"""Density of an incident from which no alert can join it any more."""
_LAST = 8
"""Entities that a verdict is looked up for."""

Back = tuple[Group, float]
"""Where the alert's last episode is, and how long ago that ended."""


class Score(NamedTuple):
    """How well an incident explains an alert."""

    odds: float
    """Against chance; of a join they must be above 1."""
    lift: float
    group: Group
    again_s: float | None = None
    """How long ago this very alert was last in it; None when that says nothing."""


class Scorer:
    """Over the incidents that an index of causes knows."""

    def __init__(
        self, index: CauseIndex, learned: Learned, taught: Taught, settings: Settings
    ) -> None:
        self._index, self.learned, self._settings = index, learned, settings
        self._turn = 0
        self.teach(taught)

    def teach(self, taught: Taught) -> None:
        """What operators said until now."""
        self.taught = taught
        self._most = LIFT[1] * taught.most
        self._silent = taught.most == 1.0 and not taught.apart

    def best(self, item: Item, reach: Reach, back: Back | None) -> list[Score]:
        """The two incidents at most that explain it best, above chance; the best first."""
        chance = self.learned.rate(item.identity) / self.learned.sociable(item.type)
        chance *= self._settings.odds / (STEEP - 1)
        most = self._most
        groups = self._weigh(item, reach, chance / most)
        found = []
        if back is not None:
            found.append(self._return(*back, chance))
            groups = [group for group in groups if group is not back[0]]
        hopeful = [group for group in groups if group.weighed * most >= chance]
        hopeful.sort(key=_weighed, reverse=True)
        for group in hopeful:
            if len(found) > 1 and group.weighed * most < found[1].odds * chance:
                break  # however often its type follows theirs, it is the third
            lift = self._lift(item, group)
            odds = group.weighed * lift / chance
            if odds > 1.0:
                found.append(Score(odds, lift, group))
                if len(found) > 1:
                    found.sort(key=lambda one: (-one.odds, one.group.first_s, one.group.id))
                    del found[2:]
        return found

    def placed(self, item: Item, reach: Reach, score: Score) -> Placed:
        """The same with its largest part and whence that is."""
        group, cause, p, lag_s = score.group, "", 1.0, score.again_s
        if lag_s is None:
            cause, p, lag_s = self._lead(item, reach, group)
        return Placed(
            alert=item.id, group=group.id, rule=_rule(cause, item) if cause else "again",
            cause=cause, share=group.share(cause), reach=p,
            lag_s=lag_s, lift=score.lift, odds=score.odds * self._settings.odds,
        )  # fmt: skip

    def _return(self, group: Group, gap_s: float, chance: float) -> Score:
        """The same alert again says more than any cause."""
        pace = self._settings.settle_s
        known = group.weighed if group.turn == self._turn else 0.0
        again = (1.0 + gap_s / pace) ** -STEEP / pace * (OVER if group.over else 1.0)
        return Score((known + again) / chance, 1.0, group, gap_s)

    def _weigh(self, item: Item, reach: Reach, least: float) -> list[Group]:
        """Only incidents that could win were they sure of a cause that surely reaches it."""
        at, entity, held_of = item.start_s, item.entity, self._index.live.get
        self._turn = turn = self._turn + 1
        asked = []
        for cause, p in reach:
            held = held_of(cause)
            if held is None:
                continue
            own = cause == entity
            for group, belief in held:
                if group.turn != turn:
                    group.turn, group.weighed = turn, 0.0
                    group.factor = self._factor(group, item, least)
                    asked.append(group)
                lag_s = at - belief.at_s
                if lag_s < 0.0:
                    lag_s = belief.lag(at)
                slow = 1.0 + lag_s / group.pace_s
                part = belief.weight * p / (slow * slow * slow)
                if own:
                    part *= group.late(cause, at)
                group.weighed += part
        for group in asked:
            group.weighed *= group.factor
            if not group.factor and group.density(at) < REST:
                self._rest(group)
        return asked

    def _lead(self, item: Item, reach: Reach, group: Group) -> tuple[str, float, float]:
        """The cause with the largest part, how surely it reaches the alert, and its lag."""
        best, found = 0.0, ("", 1.0, 0.0)
        for cause, p in reach:
            belief = group.beliefs.get(cause)
            if belief is None:
                continue
            lag_s = belief.lag(item.start_s)
            slow = 1.0 + lag_s / group.pace_s
            part = belief.weight * p / (slow * slow * slow)
            if cause == item.entity:
                part *= group.late(cause, item.start_s)
            if part > best:
                best, found = part, (cause, p, lag_s)
        return found

    def _factor(self, group: Group, item: Item, least: float) -> float:
        """What its parts are multiplied with; 0 when it is out of the question."""
        full = group.size >= self._settings.most_alerts
        if full or group.density(item.start_s) < least:
            return 0.0
        if group.apart and item.identity in group.apart:
            return 0.0
        return (OVER if group.over else 1.0) / (group.total * group.pace_s)

    def _rest(self, group: Group) -> None:
        """Nothing but its own alerts, again, can wake it."""
        self._index.drop(group.beliefs, group)
        group.resting = True

    def _lift(self, item: Item, group: Group) -> float:
        """Mean (geometric) over the types of its last alerts, times what operators taught."""
        lift = self.learned.lags.mean_lift(group.types, item.type)
        if self._silent:
            return lift
        entities = list(group.onsets)[-_LAST:]
        said = [*self._said(group.types, item.type), *self._said(entities, item.entity)]
        return lift * math.exp(max(said, key=abs, default=0.0))

    def _said(self, others: Iterable[str], own: str) -> list[float]:
        return [math.log(self.taught.weight(other, own)) for other in others if other != own]


def _weighed(group: Group) -> float:
    return group.weighed


def _rule(cause: str, item: Item) -> str:
    if cause.startswith(("=", "!", ANYBODY)):
        return "content" if cause[0] == "=" else "time"
    return "mention" if cause in item.mentions else "topology"
