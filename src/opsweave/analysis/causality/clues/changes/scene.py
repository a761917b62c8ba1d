"""What all changes of a case are judged against, worked out once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from opsweave.analysis.causality.clues.changes.blast import Reach, explained_by
from opsweave.analysis.causality.clues.changes.canary import Series
from opsweave.analysis.causality.clues.changes.kept import kept
from opsweave.analysis.causality.clues.changes.moments import (
    Clock,
    clock,
    is_bad,
    usual_step,
)
from opsweave.analysis.causality.clues.changes.news import news
from opsweave.analysis.causality.clues.changes.stirs import STRONG, Stir, stirs
from opsweave.analysis.causality.dossier import Dossier, Floats, Times


class Scene:
    """Trouble, its clock, who reaches whom, and the samples of instances that were replaced."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.stirs: list[Stir] = stirs(dossier)
        self.reach = Reach(dossier)
        self.reach.learn(s.reading.edge for s in self.stirs if s.reading.edge is not None)
        self.series = _instances(dossier)
        self._news = news(dossier)
        self._step = usual_step(self.stirs)
        bad = [(s.onset_ns, s.weight) for s in self.stirs if is_bad(s)]
        self.clock = clock(dossier, [*bad, *((at, w) for _, at, w in self._news)], self._step)
        self.kept: Mapping[tuple[str, str], float] = kept(dossier, self.clock)
        """By caller and callee: share of the usual samples of their calls that still come."""
        self._troubled = {self.reach.whole(s.name.entity) for s in self.stirs}
        self._troubled |= {self.reach.whole(who) for who, _, _ in self._news}
        self._troubled |= {s.reading.edge[1] for s in self.stirs if s.reading.edge is not None}
        self._watched = {self.reach.whole(n.entity) for n in dossier.metrics.names}
        self._watched |= {self.reach.whole(e) for e in set(dossier.spans.entity)}
        self._clocks: dict[str, Clock] = {}

    def stirred(self, entity: str) -> bool:
        """Whether the entity is troubled itself, or nothing could be seen of it if it were."""
        whole = self.reach.whole(entity)
        if not self.stirs or whole in self._troubled:
            return True
        return whole not in self._watched

    def watched(self, entity: str) -> bool:
        """Whether any series or span is of the entity."""
        return self.reach.whole(entity) in self._watched

    def clock_of(self, entity: str) -> Clock:
        """When the trouble began that a fault of the entity would explain; else when it did."""
        held = self._clocks.get(entity)
        if held is None:
            above, whole = self.reach.above(entity), self.reach.whole(entity)
            signs = [
                (s.onset_ns, s.weight * explained_by(s, whole, above, self.reach))
                for s in self.stirs
                if is_bad(s)
            ]
            signs += [(at, w) for who, at, w in self._news if self.reach.whole(who) in above]
            known = sum(weight for _, weight in signs) >= STRONG
            held = clock(self.dossier, signs, self._step) if known else self.clock
            self._clocks[entity] = held
        return held


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
