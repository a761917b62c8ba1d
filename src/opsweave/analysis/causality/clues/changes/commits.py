"""Commits, deployments of them, switches and settings: moment, way there, mechanism, blast."""

from __future__ import annotations

import math
from collections.abc import Sequence

from opsweave.analysis.causality.clues.changes.blast import alarmed, blast
from opsweave.analysis.causality.clues.changes.complaints import Complaint, complaints
from opsweave.analysis.causality.clues.changes.harmless import harmless
from opsweave.analysis.causality.clues.changes.kinds import cause_of, kind_fits
from opsweave.analysis.causality.clues.changes.mechanism import Lexicon, Mechanism, mechanism
from opsweave.analysis.causality.clues.changes.moments import effect, lag_ns, moment
from opsweave.analysis.causality.clues.changes.odds import SILENT
from opsweave.analysis.causality.clues.changes.outside import Outside, outside
from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.analysis.causality.clues.changes.shipping import (
    DEPLOY,
    SHARED,
    Shipped,
    is_commit,
    same_commit,
)
from opsweave.analysis.causality.clues.changes.shipping import shipped as ways
from opsweave.analysis.causality.clues.changes.verdict import Verdict, minutes
from opsweave.analysis.causality.clues.changes.words import words
from opsweave.analysis.causality.dossier import CaseChange
from opsweave.facts import CauseKind

_HARMLESS = -4.0
_NOT_SHIPPED = -6.0
_ALARMED_SHARE = 0.8
_DOUBT = 0.1
_LEAST_NAME = 3
_SHOWN = 90
_ROUTINE = 0.5
"""Of the nats that as many earlier, harmless changes of the same kind and entity would give."""
_CARRIES = -1.5
_SILENT = math.log(SILENT)
_EXPLAINS, _MOST_EXPLAINED = 6.0, 0.5
_BELIEVED = 0.5
_USUAL = 0.5


class Judge:
    """Judges changes that come at one moment against what a case complains of."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        changes = [c for c in scene.dossier.changes if not c.steps]
        heard = complaints(scene.dossier, scene.clock, scene.stirs)
        self.lexicon = Lexicon(changes, heard)
        self.outside: Outside | None = outside(scene, heard)
        scene.reach.learn(_named_calls(heard.said, scene))
        self._commits = [c for c in changes if is_commit(c)]
        self._alarmed = alarmed(scene.dossier, scene.reach)

    def known(self, deploy: CaseChange) -> bool:
        """Whether a deployment is judged by a commit that it names."""
        return any(same_commit(sha, c.id) for sha in deploy.commits for c in self._commits)

    def judge(self, change: CaseChange) -> Verdict:
        """What speaks for and against one change, by the way it came that suits best."""
        dull = harmless(change) if is_commit(change) else ""
        found = mechanism(change, self.lexicon, self._names())
        if not is_commit(change):
            verdict = self._verdict(change, Shipped(change, 1.0), found, dull)
            verdict.parts.update(self._besides(change))
            return verdict
        came = ways(change, self.scene.dossier.changes)
        if not came:
            return Verdict(
                change=change,
                entity=change.entity or self.scene.dossier.symptom_entity,
                kind=CauseKind.DEPLOYMENT,
                parts={"shipped": _NOT_SHIPPED},
                says=f"{_title(change)}: was not deployed before the trouble",
            )
        return max((self._verdict(change, way, found, dull) for way in came), key=lambda v: v.nats)

    def _besides(self, change: CaseChange) -> dict[str, float]:
        """Discounts of what is done all the time, and of what commits at hand speak for."""
        found = {}
        changes = self.scene.dossier.changes
        same = [c for c in changes if (c.kind, c.entity) == (change.kind, change.entity)]
        before = sum(c.at_ns < change.at_ns for c in same)
        if before:
            found["routine"] = -_ROUTINE * math.log1p(before)
        if DEPLOY.search(change.kind) and any(
            way.deploy is change and way.weight >= SHARED
            for commit in self._commits
            for way in ways(commit, changes)
        ):
            found["carries"] = _CARRIES
        return found

    def _names(self) -> frozenset[str]:
        """Words of entities' names: that a service is in trouble is known."""
        dossier = self.scene.dossier
        entities = {*dossier.nodes, *(c.entity for c in dossier.changes), dossier.symptom_entity}
        return frozenset(
            w for e in entities for w in words(e.replace("service", " ").replace("svc", " "))
        )

    def _verdict(self, change: CaseChange, way: Shipped, found: Mechanism, dull: str) -> Verdict:
        scene = self.scene
        took = effect(way.deploy)
        clock = scene.clock_of(way.entity)
        lag = lag_ns(took, clock.trouble_ns)
        parts = {"timing": moment(took, clock), **found.parts}
        if not scene.stirred(way.entity):
            parts["own"] = _SILENT
        elif not change.diff and not is_commit(change):
            parts["kind"] = kind_fits(change, scene)
        if way.weight < 1.0:
            parts["shipped"] = math.log(way.weight)
        parts["blast"] = self._blast(way.entity)
        if dull:
            parts["harmless"] = _HARMLESS
        if self.outside is not None:
            parts["outside"] = -self._outweighs(self.outside, parts["edit"] + parts["words"])
        return Verdict(
            change=change,
            entity=way.entity or scene.dossier.symptom_entity,
            kind=cause_of(change),
            parts=parts,
            says=f"{_title(change)}: {self._why(way, parts, lag, found, dull)}{self._yet(parts)}",
        )

    @staticmethod
    def _outweighs(outside: Outside, fit: float) -> float:
        """What is complained of speaks less for a change when something else explains it, too."""
        return outside.nats + min(_MOST_EXPLAINED, outside.nats / _EXPLAINS) * max(0.0, fit)

    def _blast(self, entity: str) -> float:
        if not entity:
            return 0.0
        nats, _ = blast(entity, self.scene.reach, self.scene.stirs)
        if self.scene.reach.whole(entity) in self._alarmed:
            return max(nats, math.log((_ALARMED_SHARE + _DOUBT) / (_USUAL + _DOUBT)))
        return nats

    def _yet(self, parts: dict[str, float]) -> str:
        """What speaks for a cause outside, where it outweighs what fits."""
        fits = parts["edit"] + parts["words"] > 0
        if self.outside is None or not fits or sum(parts.values()) > 0:
            return ""
        return f"; but {self.outside.says[:_SHOWN]}"

    def _why(
        self, way: Shipped, parts: dict[str, float], lag: int, found: Mechanism, dull: str
    ) -> str:
        if lag < 0 and parts["timing"] < -1.5:
            return f"came {minutes(-lag)} after the trouble began"
        if dull:
            return dull
        if parts.get("shipped", 0.0) < -2:
            return f"{way.entity} does not run it"
        when = f"in effect {minutes(lag)} before the trouble" if lag else "in effect as it began"
        if lag < 0:
            when = f"in effect {minutes(-lag)} after first signs, before the alarm"
        if parts["edit"] + parts["words"] + parts.get("frames", 0.0) < 0:
            return f"what it touches does not fit what is complained of; {when}"
        return f"{found.says}; {when}" if found.says else when


def _named_calls(said: Sequence[Complaint], scene: Scene) -> set[tuple[str, str]]:
    """Who complains of whom by name: it calls, or waits for, the one that it names."""
    names = {scene.reach.whole(e) for e in scene.dossier.nodes if len(e) > _LEAST_NAME}
    names |= {c.entity for c in scene.dossier.changes if len(c.entity) > _LEAST_NAME}
    found = set()
    for c in said:
        if c.source in ("log", "pattern", "span") and c.weight >= _BELIEVED:
            text = c.whole.lower()
            found |= {(c.entity, name) for name in names if name.lower() in text}
    return found


def _title(change: CaseChange) -> str:
    short = change.id[:12]
    return f"{short} ({change.summary})" if change.summary else short
