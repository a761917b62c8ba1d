"""What was found of one change, and how it is put."""

from __future__ import annotations

import msgspec

from opsweave.analysis.causality.dossier import CaseChange
from opsweave.facts import CauseKind

SECOND = 1_000_000_000


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Parts in nats, by name; they are added."""

    change: CaseChange
    entity: str
    kind: CauseKind
    parts: dict[str, float]
    says: str
    indicator: str = ""
    n: int = 1

    @property
    def nats(self) -> float:
        """For "this change is guilty" against "no change is"."""
        return sum(self.parts.values())


def minutes(ns: int) -> str:
    """A length of time as people say it.

    >>> minutes(90 * SECOND), minutes(240 * SECOND)
    ('90 s', '4 min')
    """
    seconds = ns / SECOND
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
