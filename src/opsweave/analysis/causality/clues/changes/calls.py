"""Whether whoever is troubled still gets as far as calling an entity."""

from __future__ import annotations

import math

from opsweave.analysis.causality.clues.changes.readings import Kind
from opsweave.analysis.causality.clues.changes.scene import Scene

_DOUBT = 0.1
_SHARE = 0.7
"""Order of calls is guessed from their rates: not to be trusted fully."""


def reached_still(entity: str, scene: Scene) -> float:
    """Nats against ``entity``: work that breaks off before a call was not broken by its answer.

    Of the calls that a troubled caller makes, those after the point where its work breaks off
    cease, and those before it go on.
    """
    worst = 0.0
    for caller in _troubled(scene):
        made = {edge[1]: share for edge, share in scene.kept.items() if edge[0] == caller}
        most = max(made.values(), default=0.0)
        if entity in made and caller != entity and most > 0:
            left = math.log((made[entity] / most + _DOUBT) / (1.0 + _DOUBT))
            worst = min(worst, _SHARE * left)
    return worst


def _troubled(scene: Scene) -> set[str]:
    """Entities whose callers see them fail."""
    return {
        scene.reach.whole(s.reading.edge[1])
        for s in scene.stirs
        if s.reading.edge is not None and s.reading.kind in (Kind.SUCCESS, Kind.ERROR)
    }
