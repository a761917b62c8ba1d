"""What happened within visits: calls, steps of its own, calls without an answer, log lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from opsweave.analysis.traces.forest import Forest, Ints, Mask
from opsweave.analysis.traces.visits import Visits

Kind = Literal["call", "step", "unanswered", "failure", "log", "error"]
"""``failure``: a span that says so; ``error``: a line that does."""
BAD: frozenset[Kind] = frozenset(("failure", "error"))
_MOSTLY = 0.5


class Happening(NamedTuple):
    """``entity`` is the callee of a call, '' for everything else."""

    kind: Kind
    entity: str
    text: str


class Happenings(msgspec.Struct, frozen=True):
    """``visit``, ``code`` and time row by row; ``names`` of the codes."""

    visit: Ints
    code: Ints
    at_us: Ints
    names: list[Happening]

    def joined(
        self, visit: Ints, code: Ints, at_us: Ints, names: Sequence[Happening]
    ) -> Happenings:
        """With further rows; ``code`` counts into ``names``, which may be known already."""
        known = {name: number for number, name in enumerate(self.names)}
        codes = np.array([known.setdefault(name, len(known)) for name in names], np.int64)
        return Happenings(
            np.r_[self.visit, visit],
            np.r_[self.code, codes[code.reshape(-1)]],
            np.r_[self.at_us, at_us],
            list(known),
        )


def nothing() -> Happenings:
    """No rows, no names."""
    empty = np.empty(0, np.int64)
    return Happenings(empty, empty, empty, [])


def of_spans(forest: Forest, visits: Visits, status: Sequence[str] = ()) -> Happenings:
    """Of every span but the head of a visit: a step of its visit; of a head: a call of its caller.

    A step of a kind that mostly calls another entity, but did not here, went unanswered. Spans with
    a ``status`` that says error are a failure of their visit.
    """
    heads = np.zeros(len(forest), np.bool_)
    heads[visits.head] = True
    calls = visits.head[forest.parent[visits.head] >= 0]
    steps = np.nonzero(~heads)[0]
    silent = _silent(forest, heads)
    failed = np.array([i for i, text in enumerate(status) if text and is_error(text)], np.int64)
    parts: tuple[tuple[Kind, Ints, Ints], ...] = (
        ("call", calls, visits.of[forest.parent[calls]]),
        ("step", steps, visits.of[steps]),
        ("unanswered", silent, visits.of[silent]),
        ("failure", failed, visits.of[failed]),
    )
    found = nothing()
    for kind, rows, within in parts:
        entity = forest.entity[rows] if kind == "call" else np.full(len(rows), -1)
        keys, number = np.unique(
            entity * len(forest.operations) + forest.operation[rows], return_inverse=True
        )
        pairs = (divmod(key, len(forest.operations)) for key in keys.tolist())
        names = [
            Happening(kind, forest.entities[e] if e >= 0 else "", forest.operations[o])
            for e, o in pairs
        ]
        found = found.joined(within, number, forest.start_us[rows], names)
    return found


def is_error(text: str) -> bool:
    """Whether a span's status or a line's severity is one of failure.

    >>> is_error("STATUS_CODE_ERROR"), is_error("OK"), is_error("503"), is_error("WARN")
    (True, False, True, False)
    """
    word = text.strip().upper()
    if word.isdigit():
        return len(word) == 3 and word >= "500"
    return any(mark in word for mark in ("ERR", "FATAL", "CRIT", "ALERT", "EMERG", "PANIC"))


def _silent(forest: Forest, heads: Mask) -> Ints:
    """Rows of steps without a child, of a kind that mostly calls another entity."""
    called = np.zeros(len(forest), np.bool_)
    parents = forest.parent[heads]
    called[parents[parents >= 0]] = True
    children = np.zeros(len(forest), np.bool_)
    children[forest.parent[forest.parent >= 0]] = True
    kind = forest.entity * len(forest.operations) + forest.operation
    _, number = np.unique(kind, return_inverse=True)
    number = number.reshape(-1)
    often = np.bincount(number, called) >= _MOSTLY * np.bincount(number)
    return np.nonzero(often[number] & ~children & ~heads)[0]
