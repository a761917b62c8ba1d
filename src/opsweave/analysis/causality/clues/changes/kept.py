"""Which calls are still made once there is trouble, as samples of their metrics show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from opsweave.analysis.causality.clues.changes.moments import Clock
from opsweave.analysis.causality.clues.changes.readings import reading_of
from opsweave.analysis.causality.dossier import Dossier

_FEWEST = 5


def kept(dossier: Dossier, clock: Clock) -> Mapping[tuple[str, str], float]:
    """By caller and callee: rate of samples once troubled, over that before. Absent: unknown."""
    before: dict[tuple[str, str], int] = defaultdict(int)
    after: dict[tuple[str, str], int] = defaultdict(int)
    if not any("->" in name.metric for name in dossier.metrics.names):
        return {}
    for name, times, _ in dossier.metrics:
        edge = reading_of(name.metric).edge
        if edge is None:
            continue
        ticks = (times - clock.trouble_ns) // clock.step_ns
        usual = int(np.sum(ticks < 0))
        if usual >= _FEWEST:
            before[edge] += usual
            after[edge] += int(np.sum(ticks >= 1))
    lasted = (clock.trouble_ns - dossier.start_ns) / clock.step_ns
    goes_on = (dossier.end_ns - clock.trouble_ns) / clock.step_ns - 1
    if goes_on < 1:
        return {}
    return {
        edge: min(1.0, (after[edge] / goes_on) / (seen / max(lasted, 1.0)))
        for edge, seen in before.items()
    }
