"""From a dossier to ranked causes: opinions of all channels, pooled per hypothesis."""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from opsweave.analysis.causality.clues import CHANNELS
from opsweave.analysis.causality.dossier import Dossier
from opsweave.analysis.causality.explain import Explanation
from opsweave.analysis.causality.opinion import Channel, Opinion, Suspect
from opsweave.facts import Cause, CauseKind, Dismissed, Evidence

MOST_CAUSES = 10
MOST_DISMISSED = 20


class Hypothesis(msgspec.Struct, kw_only=True):
    """One possible cause with what each channel says of it, in nats."""

    entity: str
    change: str = ""
    parts: dict[str, float] = {}
    suspects: list[Suspect] = []

    @property
    def nats(self) -> float:
        return sum(self.parts.values())


def diagnose(
    dossier: Dossier,
    *,
    without: frozenset[str] = frozenset(),
    channels: Mapping[str, Channel] = CHANNELS,
) -> Explanation:
    """Rank what may have caused the incident. Pure and deterministic.

    Each channel gives log likelihood ratios; they are added per hypothesis (an entity, or a change
    of it) and turned into confidences that add up to one together with "none of these". Channels
    named in ``without`` are left out, to see what each is worth.
    """
    heard: dict[str, Opinion] = {}
    for name, channel in channels.items():
        if name not in without:
            heard[name] = channel(dossier, heard)
    found = _pool(dossier, heard)
    order = sorted(found, key=lambda h: (-h.nats, h.entity, h.change))
    total = 1.0 + sum(math.exp(h.nats) for h in order)
    causes = tuple(
        _cause(h, number, math.exp(h.nats) / total)
        for number, h in enumerate(order[:MOST_CAUSES], 1)
    )
    innocent = sum(math.exp(h.nats) / total for h in order if not h.change)
    return Explanation(
        causes=causes,
        dismissed=_dismissed(dossier, order),
        no_change_is_guilty=round(innocent, 4) if order else None,
    )


def _pool(dossier: Dossier, heard: Mapping[str, Opinion]) -> list[Hypothesis]:
    found: dict[tuple[str, str], Hypothesis] = {}
    for opinion in heard.values():
        for suspect in opinion.suspects:
            key = (suspect.entity, suspect.change)
            h = found.setdefault(key, Hypothesis(entity=suspect.entity, change=suspect.change))
            h.parts[opinion.channel] = suspect.nats
            h.suspects.append(suspect)
    for (entity, change), h in found.items():
        base = found.get((entity, ""))
        if change and base is not None:
            h.parts = {**base.parts, **h.parts}
            h.suspects = [*base.suspects, *h.suspects]
    return list(found.values())


def _cause(h: Hypothesis, number: int, confidence: float) -> Cause:
    loudest = max(h.suspects, key=lambda s: s.nats)
    evidence: dict[str, Evidence] = {}
    for suspect in sorted(h.suspects, key=lambda s: -s.nats):
        evidence.update((e.id, e) for e in suspect.evidence)
    kind = next((s.kind for s in h.suspects if s.kind is not CauseKind.UNKNOWN), CauseKind.UNKNOWN)
    return Cause(
        rank=number,
        entity=h.entity,
        indicator=next(
            (s.indicator for s in sorted(h.suspects, key=lambda s: -s.nats) if s.indicator), ""
        ),
        kind=kind,
        change=h.change or None,
        score=round(h.nats, 4),
        confidence=round(confidence, 4),
        onset_ns=loudest.onset_ns,
        says=loudest.says,
        parts={name: round(nats, 4) for name, nats in h.parts.items()},
        evidence=tuple(evidence.values()),
    )


def _dismissed(dossier: Dossier, order: list[Hypothesis]) -> tuple[Dismissed, ...]:
    return tuple(
        Dismissed(
            entity=h.entity,
            change=h.change or None,
            reason=f"weaker than the others ({h.nats:.1f} nats)",
        )
        for h in order[MOST_CAUSES : MOST_CAUSES + MOST_DISMISSED]
    )
