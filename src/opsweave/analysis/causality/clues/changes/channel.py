"""The channel: every change of the case with what speaks for and against it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsweave.analysis.causality.clues.changes.heard import explains, said
from opsweave.analysis.causality.clues.changes.releases import judge_release
from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.analysis.causality.clues.changes.verdict import Verdict
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.opinion import Heard, Opinion, Suspect
from opsweave.facts import CauseKind, Evidence

if TYPE_CHECKING:
    from opsweave.analysis.causality.clues.changes.outside import Outside

_GUILTY = 0.7
"""Share of outages that come from changes (Beyer et al., Site Reliability Engineering, 2016)."""
_BEFOREHAND = ("shipped", "harmless", "routine", "carries")
"""Parts that tell how likely a change is to be guilty before anything is seen of the trouble."""
_TOO_EARLY_OR_LATE = -2.0
_ASKED = 0.98
"""That share when only changes can be the answer."""


def opinion(dossier: Dossier, heard: Heard) -> Opinion:
    """Nats of each change for being guilty, against no change being guilty."""
    if not dossier.changes:
        return Opinion(channel="changes")
    at = Scene(dossier)
    found, elsewhere = verdicts(at)
    prior = _prior(dossier, found)
    others = said(heard)
    suspects = []
    for verdict in found:
        more = {"prior": prior}
        if verdict.nats + prior > 0:  # what speaks for nothing itself explains nothing either
            more["explains"] = explains(verdict.entity, at.reach, others)
        suspects.append(_suspect(verdict, more))
    if elsewhere is not None:
        suspects.append(_beside(elsewhere, dossier))
    return Opinion(channel="changes", suspects=tuple(suspects))


def verdicts(scene: Scene) -> tuple[list[Verdict], Outside | None]:
    """Of all changes, most suspect first, and what explains the trouble without any.

    A deployment speaks through the commit that it names.
    """
    changes = scene.dossier.changes
    found = [judge_release(c, scene) for c in changes if c.steps]
    others = [c for c in changes if not c.steps]
    elsewhere = None
    if others:
        # Several hundred patterns are compiled with it: only where they are wanted.
        from opsweave.analysis.causality.clues.changes.commits import Judge

        judge = Judge(scene)
        found += [judge.judge(c) for c in others if not judge.known(c)]
        elsewhere = judge.outside
    return sorted(found, key=lambda v: (-v.nats, v.change.id)), elsewhere


def _beside(outside: Outside, dossier: Dossier) -> Suspect:
    """Whoever complains of a cause that no change has: it is no more suspect by that, only why.

    Load is another matter: it begins where it arrives.
    """
    entity = outside.entity or dossier.symptom_entity
    says = f"no change of ours: {outside.says}"
    return Suspect(
        entity=entity,
        nats=outside.nats if outside.kind is CauseKind.LOAD else 0.0,
        kind=outside.kind,
        says=says,
        evidence=(Evidence(id=f"signal:case:{entity}|messages@{dossier.pivot_ns}", says=says),),
        parts={"outside": round(outside.nats, 2)},
    )


def _prior(dossier: Dossier, found: list[Verdict]) -> float:
    """Log odds of a single change before anything is seen; ``none`` may be excluded."""
    kinds = dossier.answer_kinds
    asked = "change" in kinds and "none" not in kinds
    share = _ASKED if asked else _GUILTY
    able = sum(
        math.exp(sum(v.parts.get(part, 0.0) for part in _BEFOREHAND))
        for v in found
        if v.parts.get("timing", 0.0) > _TOO_EARLY_OR_LATE
    )
    return math.log(share / (1 - share)) - math.log(max(able, 1.0))


def _suspect(verdict: Verdict, more: dict[str, float]) -> Suspect:
    change = verdict.change
    parts = {name: nats for name, nats in (verdict.parts | more).items() if nats}
    return Suspect(
        entity=verdict.entity,
        change=change.id,
        nats=sum(parts.values()),
        indicator=verdict.indicator,
        kind=verdict.kind,
        onset_ns=change.at_ns,
        says=verdict.says,
        evidence=(
            Evidence(
                id=f"change:case:{change.id}@{change.at_ns}",
                says=change.summary or change.id,
                n=verdict.n,
            ),
        ),
        parts=parts,
    )
