"""All that was recorded around an incident, as arrays; any part may be empty. Pure data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]
Floats = NDArray[np.float64]
Window = tuple[int, int]
"""From and to, both included, in ns."""


class SeriesName(NamedTuple):
    """Whose, of which kind, what, and in which unit ('' unknown)."""

    entity: str
    entity_kind: str
    metric: str
    unit: str = ""


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """Series one after the other: series ``i`` is ``[offsets[i]:offsets[i + 1]]``, in time order.

    ``times_ns`` int64 [samples], ``values`` float64 [samples], ``offsets`` int64 [series + 1].
    """

    names: Sequence[SeriesName] = ()
    offsets: Times = msgspec.field(default_factory=lambda: np.zeros(1, np.int64))
    times_ns: Times = msgspec.field(default_factory=lambda: np.empty(0, np.int64))
    values: Floats = msgspec.field(default_factory=lambda: np.empty(0, np.float64))

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[tuple[SeriesName, Times, Floats]]:
        for i, name in enumerate(self.names):
            part = slice(int(self.offsets[i]), int(self.offsets[i + 1]))
            yield name, self.times_ns[part], self.values[part]


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """Log lines in time order; all columns have the length of ``times_ns``."""

    times_ns: Times = msgspec.field(default_factory=lambda: np.empty(0, np.int64))
    entity: Sequence[str] = ()
    severity: Sequence[str] = ()
    body: Sequence[str] = ()
    trace_id: Sequence[str] = ()
    span_id: Sequence[str] = ()
    attributes: Sequence[str] = ()
    """JSON text, '' when there is none."""

    def __len__(self) -> int:
        return len(self.times_ns)


class Spans(msgspec.Struct, frozen=True, kw_only=True):
    """Spans in time order of their start; ``parent_id`` is '' at a root."""

    times_ns: Times = msgspec.field(default_factory=lambda: np.empty(0, np.int64))
    duration_us: Times = msgspec.field(default_factory=lambda: np.empty(0, np.int64))
    trace_id: Sequence[str] = ()
    span_id: Sequence[str] = ()
    parent_id: Sequence[str] = ()
    entity: Sequence[str] = ()
    operation: Sequence[str] = ()
    status: Sequence[str] = ()
    attributes: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.times_ns)


class ReleaseStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a gradual release. Times in ns, None when not recorded."""

    at_ns: int
    completed_ns: int | None = None
    new: tuple[str, ...] = ()
    """Instances that came with it."""
    removed: tuple[str, ...] = ()


class CaseChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change around the incident; ``entity`` '' when its source does not say whose."""

    id: str
    at_ns: int
    kind: str
    entity: str = ""
    summary: str = ""
    files: tuple[str, ...] = ()
    author: str = ""
    commits: tuple[str, ...] = ()
    """Commits that it ships; a commit names none."""
    version: str = ""
    diff: str = ""
    steps: tuple[ReleaseStep, ...] = ()


class CaseAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert of somebody about ``entity``; ``attributes`` are what else it said."""

    at_ns: int
    entity: str
    summary: str = ""
    name: str = ""
    severity: str = ""
    indicator: str = ""
    ends_ns: int | None = None
    attributes: Mapping[str, Any] = {}


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """Input of :func:`opsweave.analysis.causality.diagnose`. Times in ns.

    ``reference`` are windows said to be free of faults, ``incident`` the window said to be faulty;
    empty or None: judge from ``onset_ns``. ``answer_kinds`` are the kinds of entity that the asker
    wants to hear of; empty: any.
    """

    start_ns: int
    end_ns: int
    onset_ns: int | None = None
    reference: tuple[Window, ...] = ()
    incident: Window | None = None
    symptom_entity: str = ""
    symptom_indicator: str = ""
    question: str = ""
    answer_kinds: frozenset[str] = frozenset()
    metrics: Metrics = Metrics()
    lines: Lines = Lines()
    spans: Spans = Spans()
    nodes: Mapping[str, str] = {}
    """Entity -> its kind."""
    edges: tuple[tuple[str, str, str], ...] = ()
    """From, to, ``calls`` | ``runs_on`` | ``part_of`` | ``in_namespace``."""
    changes: tuple[CaseChange, ...] = ()
    alerts: tuple[CaseAlert, ...] = ()
    state: Mapping[str, str] = {}
    """What a command that shows the state of a system printed, by command."""
    log_patterns: tuple[Mapping[str, Any], ...] = ()
    """Patterns of log lines with counts that another tool has found."""

    @property
    def pivot_ns(self) -> int:
        """When the trouble is said to have begun; without a word on it, half of the time."""
        if self.onset_ns is not None:
            return self.onset_ns
        if self.incident is not None:
            return self.incident[0]
        return self.start_ns + (self.end_ns - self.start_ns) // 2

    def usual(self, times_ns: Times) -> NDArray[np.bool_]:
        """Which of these times are before the trouble, or inside the reference."""
        if not self.reference:
            return times_ns < self.pivot_ns
        inside = np.zeros(len(times_ns), np.bool_)
        for first, last in self.reference:
            inside |= (times_ns >= first) & (times_ns <= last)
        return inside

    def faulty(self, times_ns: Times) -> NDArray[np.bool_]:
        """Which of these times are in the incident."""
        first, last = self.incident or (self.pivot_ns, self.end_ns)
        return (times_ns >= first) & (times_ns <= last)
