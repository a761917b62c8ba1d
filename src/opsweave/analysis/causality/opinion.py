"""What one channel of evidence says about who is to blame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from opsweave.analysis.causality.dossier import Dossier
from opsweave.facts import CauseKind, Evidence


class Suspect(msgspec.Struct, frozen=True, kw_only=True):
    """How strongly a channel speaks for one hypothesis.

    ``nats`` is a log likelihood ratio: how much more probable what the channel saw is if the cause
    is here than if it is somewhere else in the system (negative: it speaks for innocence). With
    ``change``, it is that of the change being guilty against no change being guilty, on top of
    what is said of its entity.
    """

    entity: str
    nats: float
    indicator: str = ""
    change: str = ""
    kind: CauseKind = CauseKind.UNKNOWN
    onset_ns: int | None = None
    says: str = ""
    evidence: tuple[Evidence, ...] = ()
    parts: Mapping[str, float] = {}
    """What ``nats`` was made of, by name; for the reader."""


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """Suspects of one channel, at most one per entity and change; empty when it saw nothing."""

    channel: str
    suspects: tuple[Suspect, ...] = ()
    excluded: Mapping[str, int] = {}
    """What was left out of the judgement, how often, by reason."""

    def of(self, entity: str, change: str = "") -> Suspect | None:
        """What it says of this hypothesis."""
        return next((s for s in self.suspects if (s.entity, s.change) == (entity, change)), None)


Heard = Mapping[str, Opinion]
"""Opinions of the channels that were asked before, by channel."""


class Channel(Protocol):
    """A source of evidence. Pure and deterministic; what it cannot use it leaves alone."""

    def __call__(self, dossier: Dossier, heard: Heard) -> Opinion: ...
