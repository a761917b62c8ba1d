"""Why Opsweave thinks what it thinks, and how far something has come."""

from __future__ import annotations

import msgspec

from opsweave.pages.base import Action, Health, Proof, Widget


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a score, between -1 and 1 or in nats; ``says`` what it means."""

    name: str
    value: float
    says: str = ""


class Hypothesis(msgspec.Struct, frozen=True, kw_only=True):
    """One ranked cause."""

    id: str
    rank: int
    entity: str
    entity_to: str = ""
    says: str
    """The sentence a person reads first."""
    kind: str = ""
    """Deployment, configuration, data and so on."""
    change: str = ""
    change_to: str = ""
    score: float
    """0 to 1."""
    onset_ms: float | None = None
    parts: tuple[Part, ...] = ()
    evidence: tuple[Proof, ...] = ()
    falsified_by: tuple[str, ...] = ()
    spark: tuple[float | None, ...] = ()
    spark_low: tuple[float | None, ...] = ()
    spark_high: tuple[float | None, ...] = ()
    spark_says: str = ""
    actions: tuple[Action, ...] = ()


class Dismissal(msgspec.Struct, frozen=True, kw_only=True):
    """What was suspected and is not any more, with the reason."""

    entity: str
    entity_to: str = ""
    says: str
    reason: str
    evidence: tuple[Proof, ...] = ()


class Hypotheses(Widget, frozen=True, kw_only=True, tag="hypotheses"):
    """The tree of causes: ranked ones, then the dismissed ones in grey."""

    causes: tuple[Hypothesis, ...] = ()
    dismissed: tuple[Dismissal, ...] = ()
    no_change_is_guilty: float | None = None


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a run; ``state`` is a word of its own practice."""

    id: str
    title: str
    state: str
    health: Health = Health.NEUTRAL
    says: str = ""
    from_ms: float | None = None
    until_ms: float | None = None


class Progress(Widget, frozen=True, kw_only=True, tag="progress"):
    """How far a run, a rebuild or a plan has come."""

    stages: tuple[Stage, ...] = ()
    done: float | None = None
    """0 to 1, where it is known."""
