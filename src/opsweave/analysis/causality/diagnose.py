"""From a dossier to ranked causes: opinions of all channels, pooled per hypothesis."""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from opsweave.analysis.causality.bounds import bounded
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
    made_of: dict[str, Mapping[str, float]] = {}
    """By channel: what its nats were made of, as far as it says."""
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
    dossier, heard = bounded(dossier), dict[str, Opinion]()
    for name, channel in channels.items():
        if name not in without:
            heard[name] = channel(dossier, heard)
    order = sorted(_pool(heard), key=lambda h: (-h.nats, h.entity, h.change))
    kept, put_aside = _split(order)
    total = 1.0 + sum(math.exp(h.nats) for h in kept)
    shares = [math.exp(h.nats) / total for h in kept]
    innocent = [share for h, share in zip(kept, shares, strict=True) if not h.change]
    return Explanation(
        causes=tuple(
            _cause(h, number, share)
            for number, (h, share) in enumerate(zip(kept, shares, strict=True), 1)
            if number <= MOST_CAUSES
        ),
        dismissed=tuple(_dismissed(h) for h in [*put_aside, *kept[MOST_CAUSES:]])[:MOST_DISMISSED],
        no_change_is_guilty=round(sum(innocent), 4) if kept else None,
    )


def _split(order: list[Hypothesis]) -> tuple[list[Hypothesis], list[Hypothesis]]:
    """A change that makes its entity no more suspect than it is without it is put aside."""
    bare = {h.entity: h.nats for h in order if not h.change}
    kept: list[Hypothesis] = []
    put_aside: list[Hypothesis] = []
    for h in order:
        least = bare.get(h.entity, 0.0)
        (put_aside if h.change and h.nats <= least else kept).append(h)
    return kept, put_aside


def _pool(heard: Mapping[str, Opinion]) -> list[Hypothesis]:
    found: dict[tuple[str, str], Hypothesis] = {}
    for opinion in heard.values():
        for suspect in opinion.suspects:
            if not suspect.entity and not suspect.change:
                continue  # of nobody: a record without its entity
            key = (suspect.entity, suspect.change)
            h = found.setdefault(key, Hypothesis(entity=suspect.entity, change=suspect.change))
            h.parts[opinion.channel] = suspect.nats
            h.made_of[opinion.channel] = suspect.parts
            h.suspects.append(suspect)
    for (entity, change), h in found.items():
        base = found.get((entity, ""))
        if change and base is not None:
            h.parts = {**base.parts, **h.parts}
            h.made_of = {**base.made_of, **h.made_of}
            h.suspects = [*base.suspects, *h.suspects]
    return list(found.values())


def _cause(h: Hypothesis, number: int, confidence: float) -> Cause:
    loudest = sorted(h.suspects, key=lambda s: -s.nats)
    evidence: dict[str, Evidence] = {}
    for suspect in loudest:
        evidence.update((e.id, e) for e in suspect.evidence)
    return Cause(
        rank=number,
        entity=h.entity,
        indicator=next((s.indicator for s in loudest if s.indicator), ""),
        kind=next((s.kind for s in loudest if s.kind is not CauseKind.UNKNOWN), CauseKind.UNKNOWN),
        change=h.change or None,
        score=round(h.nats, 4),
        confidence=round(confidence, 4),
        onset_ns=next((s.onset_ns for s in loudest if s.onset_ns is not None), None),
        says=loudest[0].says,
        parts=_parts(h),
        evidence=tuple(evidence.values()),
    )


def _parts(h: Hypothesis) -> dict[str, float]:
    """Nats by channel; of a channel that says what its nats are the sum of, by ``channel.part``."""
    found: dict[str, float] = {}
    for channel, nats in h.parts.items():
        made_of = h.made_of.get(channel, {})
        if made_of and math.isclose(sum(made_of.values()), nats, abs_tol=1e-6):
            found.update((f"{channel}.{part}", round(n, 4)) for part, n in made_of.items())
        else:
            found[channel] = round(nats, 4)
    return found


def _dismissed(h: Hypothesis) -> Dismissed:
    least = min(h.suspects, key=lambda s: s.nats)
    weak = f"weaker than the others ({h.nats:.1f} nats)"
    return Dismissed(
        entity=h.entity,
        change=h.change or None,
        indicator=least.indicator,
        reason=least.says if h.change and least.change and least.says else weak,
        evidence=least.evidence,
    )
