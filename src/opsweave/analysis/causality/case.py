"""What is known of an incident when its cause is asked for. Pure data; any part may be empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from opsweave.analysis.logs import NovelTemplate
from opsweave.analysis.signal import SeriesKey
from opsweave.analysis.traces.attribution import EntityTraces
from opsweave.facts import CauseKind, Change, Relation


class Symptom(msgspec.Struct, frozen=True, kw_only=True):
    """What users feel: the alert that says so, and since when (ns)."""

    entity: str
    indicator: str
    since_ns: int
    strength: float = 1.0
    alert: str = ""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A series as the detector sees it now.

    ``strength`` is signed, in scales (robust sigmas); ``onset_ns`` the start of the first bucket of
    the present excursion; ``active`` says that an episode was reported.
    """

    strength: float
    onset_ns: int
    active: bool = False
    gradual: bool = False
    seen: float | None = None
    expected: float | None = None
    says: str = ""
    n: int = 1


class Case(msgspec.Struct, kw_only=True):
    """Input of :func:`opsweave.analysis.causality.explain`. Times in ns."""

    now_ns: int
    symptoms: Sequence[Symptom]
    readings: Mapping[SeriesKey, Reading]
    relations: Sequence[Relation] = ()
    outside: frozenset[str] = frozenset()
    """Entities that are not under our control."""
    running: frozenset[str] = frozenset()
    """Entities known to run by themselves; those with readings of a process are added."""
    changes: Sequence[Change] = ()
    before: Mapping[str, EntityTraces] = {}
    after: Mapping[str, EntityTraces] = {}
    before_s: float = 0.0
    """Seconds that ``before`` covers, 0 when unknown; ``after_s`` likewise."""
    after_s: float = 0.0
    templates: Sequence[NovelTemplate] = ()
    refuted: frozenset[str] = frozenset()
    """Names of causes (:attr:`Cause.name`) that were acted upon while the symptoms went on."""
    weights: Mapping[CauseKind, float] = {}
    """Learned weight per kind of cause, 1 without a label."""
    width_ns: int = 5_000_000_000

    @property
    def onset_ns(self) -> int:
        """When the first symptom began."""
        return min((s.since_ns for s in self.symptoms), default=self.now_ns)
