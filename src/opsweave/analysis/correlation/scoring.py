"""How well each live incident explains an alert, against coincidence."""

from __future__ import annotations

import math
from collections.abc import Iterable

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


class Score:
    """How well an incident explains an alert, but for its lift."""

    __slots__ = ("again_s", "factor", "group", "pace_s", "total")

    def __init__(self, group: Group, factor: float) -> None:
        self.group, self.factor, self.pace_s = group, factor, group.pace_s
        """What its parts are multiplied with; 0 when it is out of the question."""
        self.total = 0.0
        self.again_s: float | None = None
        """How long ago this very alert was last in it; None when that says nothing."""


Ranked = list[tuple[Group, Placed]]


class Scorer:
    """Over the incidents that an index of causes knows."""

    def __init__(
        self, index: CauseIndex, learned: Learned, taught: Taught, settings: Settings
    ) -> None:
        self._index, self.learned, self.taught, self._settings = index, learned, taught, settings

    def ranked(self, item: Item, reach: Reach, back: Back | None) -> Ranked:
        """Incidents that explain it better than chance, the best first: two at most."""
        chance = self.learned.rate(item.identity) / self.learned.sociable(item.type)
        chance *= self._settings.odds / (STEEP - 1)
        most = LIFT[1] * self.taught.most
        scores = self._scores(item, reach, chance / most)
        found = [] if back is None else [self._return(scores, chance, *back)]
        hopeful = [one for one in scores if one.total * most >= chance and one.again_s is None]
        hopeful.sort(key=lambda one: -one.total)
        for score in hopeful:
            if len(found) > 1 and score.total * most < found[1][0] * chance:
                break  # however often its type follows theirs, it is the third
            lift = self._lift(item, score.group)
            odds = score.total * lift / chance
            if odds > 1.0:
                found.append((odds, lift, score))
                found.sort(key=lambda one: (-one[0], one[2].group.first_s, one[2].group.id))
                del found[2:]
        return [(one[2].group, self._placed(item, reach, *one)) for one in found]

    def _placed(self, item: Item, reach: Reach, odds: float, lift: float, score: Score) -> Placed:
        group, cause, p, lag_s = score.group, "", 1.0, score.again_s
        if lag_s is None:
            cause, p, lag_s = self._lead(item, reach, group)
        return Placed(
            alert=item.id, group=group.id, rule=_rule(cause, item) if cause else "again",
            cause=cause, share=group.share(cause), reach=p,
            lag_s=lag_s, lift=lift, odds=odds * self._settings.odds,
        )  # fmt: skip

    def _return(
        self, scores: list[Score], chance: float, group: Group, gap_s: float
    ) -> tuple[float, float, Score]:
        """The same alert again says more than any cause."""
        score = next((one for one in scores if one.group is group), None) or Score(group, 0.0)
        score.again_s = gap_s
        pace = self._settings.settle_s
        total = score.total + (1.0 + gap_s / pace) ** -STEEP / pace * (OVER if group.over else 1.0)
        return total / chance, 1.0, score

    def _scores(self, item: Item, reach: Reach, least: float) -> list[Score]:
        """Only of incidents that could win were they sure of a cause that surely reaches it."""
        at, entity, live = item.start_s, item.entity, self._index.live
        scores: dict[Group, Score] = {}
        for cause, p in reach:
            for group, belief in live.get(cause, ()):
                score = scores.get(group)
                if score is None:
                    score = scores[group] = Score(group, self._factor(group, item, least))
                if not score.factor:
                    continue
                lag_s = at - belief.at_s
                if lag_s < 0.0:
                    lag_s = belief.lag(at)
                slow = 1.0 + lag_s / score.pace_s
                part = belief.weight * p / (slow * slow * slow)
                score.total += part if cause != entity else part * group.late(cause, at)
        for score in scores.values():
            score.total *= score.factor
            if not score.factor and score.group.density(at) < REST:
                self._rest(score.group)
        return list(scores.values())

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
        full = group.size >= self._settings.most_alerts
        if full or group.density(item.start_s) < least or item.identity in group.apart:
            return 0.0
        return (OVER if group.over else 1.0) / (group.total * group.pace_s)

    def _rest(self, group: Group) -> None:
        """Nothing but its own alerts, again, can wake it."""
        self._index.drop(group.beliefs, group)
        group.resting = True

    def _lift(self, item: Item, group: Group) -> float:
        """Mean (geometric) over the types of its last alerts, times what operators taught."""
        others = [type_ for type_ in group.types if type_ != item.type]
        lift = self.learned.lags.mean_lift(others, item.type)
        if self.taught.most == 1.0 and not self.taught.apart:
            return lift
        entities = list(group.onsets)[-_LAST:]
        said = [*self._said(others, item.type), *self._said(entities, item.entity)]
        return lift * math.exp(max(said, key=abs, default=0.0))

    def _said(self, others: Iterable[str], own: str) -> list[float]:
        return [math.log(self.taught.weight(other, own)) for other in others if other != own]


def _rule(cause: str, item: Item) -> str:
    if cause.startswith(("=", "!", ANYBODY)):
        return "content" if cause[0] == "=" else "time"
    return "mention" if cause in item.mentions else "topology"
