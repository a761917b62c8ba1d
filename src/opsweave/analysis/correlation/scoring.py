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
    """How well an incident explains an alert: the sum, its largest part, and whence that is."""

    __slots__ = ("cause", "lag_s", "part", "reach", "total")

    def __init__(self) -> None:
        self.total, self.part = 0.0, 0.0
        self.cause, self.reach, self.lag_s = "", 1.0, 0.0


Ranked = list[tuple[Group, Placed]]


class Scorer:
    """Over the incidents that an index of causes knows."""

    def __init__(
        self, index: CauseIndex, learned: Learned, taught: Taught, settings: Settings
    ) -> None:
        self._index, self.learned, self.taught, self._settings = index, learned, taught, settings

    def ranked(self, item: Item, reach: Reach, back: Back | None) -> Ranked:
        """Incidents that explain it better than chance, the best first."""
        chance = self.learned.rate(item.identity) / self.learned.sociable(item.type)
        chance *= self._settings.odds / (STEEP - 1)
        scores = self._scores(item, reach, chance)
        if back is not None:
            self._return(scores.setdefault(back[0], Score()), *back)
        found: Ranked = []
        for group, score in scores.items():
            again = back is not None and back[0] is group
            if score.total * LIFT[1] * self.taught.most < chance and not again:
                continue
            lift = 1.0 if again else self._lift(item, group)
            odds = score.total * lift / chance
            if odds > 1.0 or again:
                found.append((group, self._placed(item, group, score, (odds, lift, again))))
        if len(found) > 1:
            found.sort(key=lambda pair: (-pair[1].odds, pair[0].first_s, pair[0].id))
        return found

    def _placed(
        self, item: Item, group: Group, score: Score, weighed: tuple[float, float, bool]
    ) -> Placed:
        odds, lift, again = weighed
        return Placed(
            alert=item.id, group=group.id, rule="again" if again else _rule(score.cause, item),
            cause=score.cause, share=group.share(score.cause), reach=score.reach,
            lag_s=score.lag_s, lift=lift, odds=odds * self._settings.odds,
        )  # fmt: skip

    def _return(self, score: Score, group: Group, gap_s: float) -> None:
        """The same alert again says more than any cause."""
        pace = self._settings.settle_s
        score.total += (1.0 + gap_s / pace) ** -STEEP / pace * (OVER if group.over else 1.0)
        score.cause, score.reach, score.lag_s = "", 1.0, gap_s

    def _scores(self, item: Item, reach: Reach, chance: float) -> dict[Group, Score]:
        """Only of incidents that could win were they sure of a cause that surely reaches it."""
        at, entity = item.start_s, item.entity
        least = chance / (LIFT[1] * self.taught.most)
        scores: dict[Group, Score] = {}
        asked: dict[Group, float] = {}
        """Group -> what its parts are multiplied with; 0 when it is out of the question."""
        for cause, p in reach:
            for group in self._index.of(cause):
                factor = asked.get(group)
                if factor is None:
                    factor = asked[group] = self._factor(group, item, least)
                if not factor:
                    continue
                belief = group.beliefs[cause]
                lag_s = belief.lag(at)
                slow = 1.0 + lag_s / group.pace_s
                part = belief.weight * p * factor / (slow * slow * slow)
                if cause == entity:
                    part *= group.late(cause, at)
                score = scores.get(group)
                if score is None:
                    score = scores[group] = Score()
                score.total += part
                if part > score.part:
                    score.part, score.cause, score.reach, score.lag_s = part, cause, p, lag_s
        for group, factor in asked.items():
            if not factor and group.density(at) < REST:
                self._rest(group)
        return scores

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
        total = sum(math.log(self.learned.lags.lift(other, item.type)) for other in others)
        lift = math.exp(total / len(others)) if others else 1.0
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
