"""When complaints that were not there before came first, as further signs of the onset."""

from __future__ import annotations

from opsweave.analysis.causality.clues.changes.readings import BAD_LEVEL, shape
from opsweave.analysis.causality.dossier import Dossier

_CALM_SHARE = 0.25
"""Of the time before the alarm, in which a complaint must not have come."""
_FEWEST, _MANY = 3, 10
_WEIGHT = 10.0
MOST_LINES = 40_000
"""Lines that are read; of more than that, every so many."""
_MOST_LENGTH = 600


def news(dossier: Dossier) -> list[tuple[str, int, float]]:
    """(entity, first time, weight) of each kind of bad line that is new."""
    lines = dossier.lines
    calm = dossier.start_ns + int((dossier.pivot_ns - dossier.start_ns) * _CALM_SHARE)
    first: dict[tuple[str, str], int] = {}
    count: dict[tuple[str, str], int] = {}
    for i in range(0, len(lines), 1 + len(lines) // MOST_LINES):
        if BAD_LEVEL.search(lines.severity[i]):
            kind = (lines.entity[i], shape(lines.body[i][:_MOST_LENGTH]))
            first.setdefault(kind, int(lines.times_ns[i]))
            count[kind] = count.get(kind, 0) + 1
    return [
        (kind[0], at, _WEIGHT * min(1.0, count[kind] / _MANY))
        for kind, at in first.items()
        if at > calm and count[kind] >= _FEWEST
    ]
