"""What a benchmark says: figures by data set and part, never pooled over data sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from opsweave.bench.intervals import Interval
from opsweave.bench.split import half

CHOSEN_HERE = "chosen on the data it is reported on"


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number with its interval at 95 %, where there is one."""

    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    """``chosen on the data it is reported on``, for one."""


class Part(msgspec.Struct, frozen=True):
    """Figures of one part (dev, report or all) or of one fault kind, over ``n`` cases."""

    name: str
    n: int
    figures: dict[str, Figure]


class Cost(msgspec.Struct, frozen=True):
    """Seconds and peak memory of the cases that ran, as the system measured the command."""

    seconds_median: float
    seconds_most: float
    megabytes_most: float


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """One case: what it scored, and why not."""

    name: str
    figures: dict[str, float | None] = {}
    fault: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0
    failure: str | None = None


class Dataset(msgspec.Struct, frozen=True, omit_defaults=True):
    """One data set, by one method."""

    dataset: str
    method: str
    parts: list[Part] = []
    kinds: list[Part] = []
    cost: Cost | None = None
    cases: list[Case] = []
    skipped: str = ""
    """Why there is nothing."""
    protocol: str = ""


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole run."""

    bench: str
    at: str
    machine: dict[str, Any]
    settings: dict[str, Any]
    datasets: list[Dataset]


def figure(value: float, interval: Interval | None = None, note: str = "") -> Figure:
    """Rounded for the record; an interval that is not a number is left out.

    >>> figure(1 / 3, (0.1, 0.5))
    Figure(value=0.3333, low=0.1, high=0.5, note='')
    """
    if interval is None or not np.isfinite(interval).all():
        return Figure(round(float(value), 4), note=note)
    low, high = interval
    return Figure(round(float(value), 4), round(low, 4), round(high, 4), note)


Scored = Callable[[Sequence[Case]], dict[str, Figure]]


def by_part(
    dataset: str, everything: Sequence[str], cases: Sequence[Case], score: Scored
) -> list[Part]:
    """``score`` over dev, report and all of the cases that ran; the split is of ``everything``."""
    dev, report = (set(names) for names in half(dataset, everything))
    parts = {"dev": dev, "report": report, "all": dev | report}
    made = []
    for name, members in parts.items():
        inside = [case for case in cases if case.name in members]
        if inside:
            made.append(Part(name, len(inside), score(inside)))
    return made


def by_kind(cases: Sequence[Case], score: Scored) -> list[Part]:
    """``score`` for each kind of fault that the cases tell."""
    kinds: dict[str, list[Case]] = {}
    for case in cases:
        if case.fault:
            kinds.setdefault(case.fault, []).append(case)
    return [Part(kind, len(members), score(members)) for kind, members in sorted(kinds.items())]


def cost(cases: Sequence[Case]) -> Cost | None:
    """Of the cases that were measured."""
    seconds = [case.seconds for case in cases if case.seconds]
    if not seconds:
        return None
    return Cost(
        round(float(np.median(seconds)), 3),
        round(max(seconds), 3),
        round(max(case.megabytes for case in cases), 1),
    )
