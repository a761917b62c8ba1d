"""What is quick about the grouping changes nothing: held against the plain words of the method."""

import math
import random

import pytest

from opsweave.analysis.correlation import Grouper, Item, Topology
from opsweave.analysis.correlation.lags import MOST_PARTNERS, Lags
from opsweave.analysis.correlation.placed import Placed
from opsweave.analysis.correlation.scoring import OVER, REST, Score, Scorer, _rule


class Plain(Scorer):
    """Weighs every live incident that shares a cause, with nothing saved and nothing left out."""

    def best(self, item, reach, back):
        at, settings = item.start_s, self._settings
        chance = self.learned.rate(item.identity) / self.learned.sociable(item.type)
        chance *= settings.odds / 2.0
        live = self._index.live
        groups = list(
            dict.fromkeys(group for cause, _ in reach for group, _ in live.get(cause, ()))
        )
        found = []
        for group in groups if back is None or back[0] in groups else [*groups, back[0]]:
            parts = [] if self._out(group, item, chance) else self._parts(group, item, reach)
            if not parts and group.density(at) < REST and group in groups:
                self._rest(group)
            total = sum(part[0] for part in parts)
            best = max(parts, key=lambda part: float(f"{part[0]:.9g}"), default=(0.0, "", 1.0, 0.0))
            lift = self._plain_lift(group, item)
            again = back is not None and back[0] is group
            if again:
                gap = back[1] / settings.settle_s
                total += (1 + gap) ** -3 / settings.settle_s * (OVER if group.over else 1.0)
                best, lift = (total, "", 1.0, back[1]), 1.0
            odds = total * lift / chance
            if odds > 1.0 or again:
                found.append((Score(odds, lift, group, back[1] if again else None), best))
        found.sort(key=lambda pair: (-pair[0].odds, pair[0].group.first_s, pair[0].group.id))
        self.leading = {score.group.id: best for score, best in found}
        return [score for score, _ in found[:2]]

    def placed(self, item, reach, score):
        group, (_, cause, p, lag_s) = score.group, self.leading[score.group.id]
        return Placed(
            alert=item.id, group=group.id, rule=_rule(cause, item) if cause else "again",
            cause=cause, share=group.share(cause), reach=p, lag_s=lag_s,
            lift=score.lift, odds=score.odds * self._settings.odds,
        )  # fmt: skip

    def _out(self, group, item, chance):
        full = group.size >= self._settings.most_alerts or item.identity in group.apart
        return full or group.density(item.start_s) < chance / (8.0 * self.taught.most)

    def _parts(self, group, item, reach):
        found = []
        for cause, p in reach:
            if cause in group.beliefs:
                lag_s = group.beliefs[cause].lag(item.start_s)
                part = group.share(cause) * p * (1 + lag_s / group.pace_s) ** -3 / group.pace_s
                part *= group.late(cause, item.start_s) if cause == item.entity else 1.0
                part *= OVER if group.over else 1.0
                found.append((part, cause, p, lag_s))
        return found

    def _plain_lift(self, group, item):
        logs = [
            math.log(self.learned.lags.lift(other, item.type))
            for other in group.types
            if other != item.type
        ]
        return math.exp(sum(logs) / len(logs)) if logs else 1.0


def crowded(seed: int, *, services: int, every_s: float, types: int, alerts: int = 800):
    """Every alert is new, and incidents are live all over the graph."""
    chance = random.Random(seed)
    names = [f"s{n:03d}" for n in range(services)]
    edges = [
        (name, other, "calls")
        for n, name in enumerate(names[:-1])
        for other in chance.sample(names[n + 1 :], min(3, services - n - 1))
    ]
    items = [
        Item(
            id=f"a{n}",
            entity=chance.choice(names),
            type=f"t{chance.randrange(types)}",
            start_s=n * every_s - chance.choice((0.0, 0.0, 45.0)),
            key=f"k{n % 600}",
            marks=(f"rack={chance.randrange(40)}",),
            nature=chance.choice(("", "", "", "values")),
            local=chance.choice((None, True, False)),
        )
        for n in range(alerts)
    ]
    return items, Topology(edges=edges)


@pytest.mark.parametrize(
    ("services", "every_s", "types"), [(30, 1.0, 6), (200, 0.5, 12), (200, 5.0, 150), (200, 5.0, 6)]
)
def test_quick_and_plain_say_the_same(services, every_s, types):
    items, topology = crowded(services, services=services, every_s=every_s, types=types)
    quick, plain = Grouper(topology), Grouper(topology)
    plain._scorer = Plain(plain._index, plain.learned, plain._scorer.taught, plain.settings)
    for one in items:
        ours, theirs = quick.place(one), plain.place(one)
        assert _told(ours) == _told(theirs)
        assert _numbers(ours) == pytest.approx(_numbers(theirs), rel=1e-6)
    assert len(quick.groups) == len(plain.groups)


def _told(placed):
    return (placed.group, placed.rule, placed.cause, placed.merged)


def _numbers(placed):
    return [placed.share, placed.reach, placed.lag_s, placed.lift, placed.odds]


def test_the_rarest_partner_of_a_type_goes_first():
    """Against counting it out: most types come once, a few again and again."""
    chance, lags = random.Random(1), Lags(window_s=60.0)
    kept: dict[str, float] = {}
    for n in range(3000):
        other = f"t{int(chance.paretovariate(0.6)) % 300}"
        lags.see("one", n * 100.0)
        lags.see(other, n * 100.0 + 5.0)
        kept[other] = kept.get(other, 0.0) + 1.0
        if len(kept) > MOST_PARTNERS:
            del kept[min(kept, key=lambda name: (kept[name], name))]
    assert set(lags.followers("one")) == set(kept)


def test_a_mean_of_lifts_is_their_geometric_mean():
    chance, lags = random.Random(2), Lags()
    for n in range(500):
        lags.see(f"t{chance.randrange(9)}", n * 40.0)
    others = ["t1", "t2", "t8", "never"]
    logs = [math.log(lags.lift(one, "t0")) for one in others]
    assert lags.mean_lift(others, "t0") == pytest.approx(math.exp(sum(logs) / 4))
    assert lags.mean_lift([], "t0") == lags.mean_lift(others, "never") == 1.0
