"""One incident while it grows: what it believes its cause to be, bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

FLOOR = 0.005
"""Probability that an alert belongs though the cause does not reach it: graphs have gaps."""
STEEP = 3
"""Exponent of the kernel."""
ANYBODY = "?"
"""What may lie behind alerts when no graph says what leans on what."""
UNNAMED = "!?"
"""How causes begin that are neither an entity nor a mark: a burst, and anybody."""
DOUBT = 4.0
"""Alerts that are assumed to have come at the usual pace."""
MOST_BELIEFS = 128
MOST_TYPES = 8
_MIDDLE = 1e120
_LARGE = 1e140
"""Products of two groups must not overflow."""


class Belief(msgspec.Struct, gc=False):
    """Unnormalised weight of one possible cause, and from when to when alerts supported it."""

    weight: float
    first_s: float
    at_s: float
    n: int = 0

    def lag(self, at_s: float) -> float:
        """From what supported it to another moment; 0 between its first and its last sign."""
        if at_s >= self.at_s:
            return at_s - self.at_s
        return max(0.0, self.first_s - at_s)


class Group:
    """Alerts that are thought to have one cause.

    The belief is a posterior: each alerting entity multiplies a cause's weight by how much likelier
    the cause makes it than :data:`FLOOR` does. Causes that explain all alerts outgrow the others.
    """

    __slots__ = (  # noqa: RUF023 - as __init__ has them
        "id", "first_s", "at_s", "size", "pace_s", "_lags", "total", "beliefs", "entities",
        "onsets", "keys", "types", "apart", "over", "resting", "turn", "factor", "weighed",
    )  # fmt: skip

    def __init__(self, id_: str, at_s: float, pace_s: float = 60.0) -> None:
        self.id, self.first_s, self.at_s = id_, at_s, at_s
        self.size = 0
        self.pace_s = pace_s
        """Mean time from what supported a cause last to the next alert of it."""
        self._lags = DOUBT
        self.total = 0.0
        self.beliefs: dict[str, Belief] = {}
        self.entities: set[str] = set()
        """What has weighed in the belief: each entity once, and once more for what is its own."""
        self.onsets: dict[str, float] = {}
        """Entity -> its first alert."""
        self.keys: set[str] = set()
        self.types: dict[str, float] = {}
        """Types of its last alerts, the newest last."""
        self.apart: frozenset[str] = frozenset()
        """Alerts (by identity) that must not join it."""
        self.resting = False
        """Nothing came for so long that only its own alerts are expected."""
        self.over = False
        """What caused it was undone, and that was verified: little more is to be expected of it."""
        self.turn, self.factor, self.weighed = 0, 0.0, 0.0
        """Notes of who weighs it (see ``scoring``): for which alert, and what it found."""

    def add(self, key: str, type_: str, entity: str, at_s: float, *, says: str = "") -> bool:
        """Count an alert; True when what it says (of its entity) is new to the belief."""
        self.size += 1
        self.first_s, self.at_s = min(self.first_s, at_s), max(self.at_s, at_s)
        self.keys.add(key)
        self.types.pop(type_, None)
        self.types[type_] = at_s
        if len(self.types) > MOST_TYPES:
            del self.types[next(iter(self.types))]
        if entity:
            self.onsets[entity] = min(at_s, self.onsets.get(entity, at_s))
        says = says or entity
        fresh = not says or says not in self.entities
        if says:
            self.entities.add(says)
        return fresh

    def density(self, at_s: float) -> float:
        """Of an alert at that time, were all its causes sure to make it fire."""
        lag_s = at_s - self.at_s
        if lag_s < 0.0:
            lag_s = max(0.0, self.first_s - at_s)
        return (1.0 + lag_s / self.pace_s) ** -STEEP / self.pace_s

    def late(self, entity: str, at_s: float) -> float:
        """How likely an entity is the cause that shows itself only now, after others suffered."""
        since = self.onsets.get(entity, at_s) - self.first_s
        return (1.0 + since / self.pace_s) ** -STEEP if since > 0.0 else 1.0

    def hasten(self, lag_s: float) -> None:
        """An alert came so long after the last one of its cause."""
        self._lags += 1.0
        self.pace_s += (lag_s - self.pace_s) / self._lags

    def support(
        self,
        reach: Iterable[tuple[str, float]],
        at_s: float,
        *,
        fresh: bool,
        prior: Callable[[str], float] = lambda _cause: 1.0,
    ) -> list[str]:
        """An alert could come of these causes; those that were not thought of before.

        ``prior`` is the weight of an unnamed one before anything speaks for it.
        """
        beliefs, total, new = self.beliefs, self.total, []
        for cause, p in reach:
            known = beliefs.get(cause)
            if known is None:
                weight = prior(cause) if cause[0] in UNNAMED else 1.0
                known = beliefs[cause] = Belief(weight, at_s, at_s)
                total += weight
                new.append(cause)
            elif at_s > known.at_s:
                known.at_s = at_s
            elif at_s < known.first_s:
                known.first_s = at_s
            if fresh or known.n == 0:
                grown = known.weight * (1.0 + p / FLOOR)
                total += grown - known.weight
                known.weight = grown
                known.n += 1
        self.total = total
        return new

    def settle(self) -> list[str]:
        """Keep it bounded; the causes that were given up."""
        if self.total > _LARGE:
            for belief in self.beliefs.values():
                belief.weight = max(belief.weight / _LARGE, 1e-300)
            self.total = sum(belief.weight for belief in self.beliefs.values())
        if len(self.beliefs) <= MOST_BELIEFS:
            return []
        ranked = sorted([(belief.weight, cause) for cause, belief in self.beliefs.items()])
        given_up = [cause for _, cause in ranked[: MOST_BELIEFS // 3]]
        for cause in given_up:
            del self.beliefs[cause]
        self.total = sum(belief.weight for belief in self.beliefs.values())
        return given_up

    def drop(self, cause: str) -> None:
        """Think of a cause no more."""
        found = self.beliefs.pop(cause, None)
        if found is not None:
            self.total -= found.weight
            if self.total <= found.weight * 1e-6:  # what is left is lost in rounding
                self.total = sum(belief.weight for belief in self.beliefs.values())

    def agrees(self, other: Group) -> float:
        """Belief that two incidents share, in [0, 1]."""
        few, many = (self, other) if len(self.beliefs) <= len(other.beliefs) else (other, self)
        if not few.total or not many.total:
            return 0.0
        theirs, scale, shared = many.beliefs.get, few.total / many.total, 0.0
        for cause, mine in few.beliefs.items():
            known = theirs(cause)
            if known is not None:
                shared += min(mine.weight, known.weight * scale)
        return shared / few.total

    def absorb(self, other: Group) -> list[str]:
        """Take up all of the other; the causes that are new here."""
        new = [cause for cause in other.beliefs if cause not in self.beliefs]
        for cause, theirs in other.beliefs.items():
            mine = self.beliefs.get(cause)
            if mine is None:
                mine = Belief(theirs.weight, theirs.first_s, theirs.at_s)
                self.beliefs[cause] = mine
            else:
                mine.weight *= theirs.weight
                mine.first_s = min(mine.first_s, theirs.first_s)
                mine.at_s = max(mine.at_s, theirs.at_s)
            mine.n += theirs.n
        largest = max((b.weight for b in self.beliefs.values()), default=1.0)
        if largest > _MIDDLE:
            for belief in self.beliefs.values():
                belief.weight = max(belief.weight / largest * _MIDDLE, 1e-300)
        self.total = sum(belief.weight for belief in self.beliefs.values())
        self.size += other.size
        self.first_s, self.at_s = min(self.first_s, other.first_s), max(self.at_s, other.at_s)
        self.entities |= other.entities
        for entity, at_s in other.onsets.items():
            self.onsets[entity] = min(at_s, self.onsets.get(entity, at_s))
        self.keys |= other.keys
        self.apart |= other.apart
        self.types = dict(list((other.types | self.types).items())[-MOST_TYPES:])
        return new

    def share(self, cause: str) -> float:
        """Posterior probability of a cause."""
        found = self.beliefs.get(cause)
        return found.weight / self.total if found is not None and self.total else 0.0

    def likeliest(self) -> tuple[str, float]:
        """(cause, share); ties to the first by name. Of one entity alone, that entity."""
        if len(self.onsets) == 1 and len(self.beliefs) > 1:
            (only,) = self.onsets
            if only in self.beliefs and self.share(only) < self.share(ANYBODY):
                return only, self.share(only) + self.share(ANYBODY)
        best = max(self.beliefs, key=lambda c: (self.beliefs[c].weight, c), default="")
        return best, self.share(best)
