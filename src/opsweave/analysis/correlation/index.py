"""Possible cause -> the live incidents that think of it, so that an alert need not ask all."""

from __future__ import annotations

from collections.abc import Iterable

from opsweave.analysis.correlation.group import Belief, Group

MOST = 4
"""Incidents per cause, the latest ones."""


class CauseIndex:
    """An incident that is crowded out of a cause thinks of it no more."""

    def __init__(self) -> None:
        self.live: dict[str, list[tuple[Group, Belief]]] = {}
        """Cause -> incidents that think of it, each with what it thinks."""

    def add(self, causes: Iterable[str], group: Group) -> None:
        """It thinks of the causes from now on."""
        live, beliefs = self.live, group.beliefs
        for cause in causes:
            pair = (group, beliefs[cause])
            held = live.get(cause)
            if held is None:
                live[cause] = [pair]
            elif len(held) < MOST:
                held.append(pair)
            else:
                held.append(pair)
                oldest = held[0]
                for one in held:
                    if one[0].at_s <= oldest[0].at_s and one is not oldest:
                        oldest = min(one, oldest, key=_age)
                held.remove(oldest)
                oldest[0].drop(cause)

    def drop(self, causes: Iterable[str], group: Group) -> None:
        """It thinks of them no more."""
        for cause in causes:
            held = self.live.get(cause)
            if held is not None and self._take(held, group) and not held:
                del self.live[cause]

    @staticmethod
    def _take(held: list[tuple[Group, Belief]], group: Group) -> bool:
        for place, (one, _) in enumerate(held):
            if one is group:
                del held[place]
                return True
        return False


def _age(pair: tuple[Group, Belief]) -> tuple[float, str]:
    return pair[0].at_s, pair[0].id
