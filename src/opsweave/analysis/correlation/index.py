"""Possible cause -> the live incidents that think of it, so that an alert need not ask all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opsweave.analysis.correlation.group import Group

MOST = 4
"""Incidents per cause, the latest ones."""


class CauseIndex:
    """An incident that is crowded out of a cause thinks of it no more."""

    def __init__(self) -> None:
        self._groups: dict[str, list[Group]] = {}

    def of(self, cause: str) -> Sequence[Group]:
        """Incidents that think of a cause."""
        return self._groups.get(cause, ())

    def add(self, cause: str, group: Group) -> None:
        """It thinks of the cause from now on."""
        groups = self._groups.setdefault(cause, [])
        groups.append(group)
        if len(groups) > MOST:
            oldest = min(groups, key=lambda one: (one.at_s, one.id))
            groups.remove(oldest)
            oldest.drop(cause)

    def drop(self, causes: Iterable[str], group: Group) -> None:
        """It thinks of them no more."""
        for cause in causes:
            groups = self._groups.get(cause)
            if groups and group in groups:
                groups.remove(group)
                if not groups:
                    del self._groups[cause]
