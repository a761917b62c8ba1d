"""What all changes of a case are judged against, worked out once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from opsweave.analysis.causality.clues.changes.blast import Reach
from opsweave.analysis.causality.clues.changes.canary import Series
from opsweave.analysis.causality.clues.changes.kept import kept
from opsweave.analysis.causality.clues.changes.moments import Clock, clock
from opsweave.analysis.causality.clues.changes.news import news
from opsweave.analysis.causality.clues.changes.stirs import Stir, stirs
from opsweave.analysis.causality.dossier import Dossier, Floats, Times


class Scene(NamedTuple):
    """Trouble, its clock, who reaches whom, and the samples of instances that were replaced."""

    dossier: Dossier
    stirs: list[Stir]
    clock: Clock
    reach: Reach
    series: Mapping[str, Series]
    kept: Mapping[tuple[str, str], float]
    """By caller and callee: share of the usual samples of their calls that still come."""


def scene(dossier: Dossier) -> Scene:
    """Work out what is common to all changes."""
    found = stirs(dossier)
    reach = Reach(dossier)
    reach.learn(s.reading.edge for s in found if s.reading.edge is not None)
    at = clock(dossier, found, news(dossier))
    return Scene(dossier, found, at, reach, _instances(dossier), kept(dossier, at))


def _instances(dossier: Dossier) -> Mapping[str, Series]:
    """Samples of the instances that some release brought or removed."""
    wanted = {
        instance
        for change in dossier.changes
        for step in change.steps
        for instance in (*step.new, *step.removed)
    }
    found: dict[str, dict[str, tuple[Times, Floats]]] = defaultdict(dict)
    if wanted:
        for name, times, values in dossier.metrics:
            if name.entity in wanted:
                found[name.entity][name.metric] = (times, values)
    return found
