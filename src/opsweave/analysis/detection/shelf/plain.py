"""The ensemble uncompiled: for the few hundred series of the loop, that need no compiler.

The same steps run on Python objects with the fields of the records, and give the same answers bit
for bit: about 0.1 ms a value, where numba and its compiler would take 125 to 245 MB and up to a
dozen seconds before the first answer. `Scorer` is for more series than that.

>>> import numpy as np
>>> scorer = PlainScorer(1)
>>> for i in range(300):
...     said = scorer.step_rows([0], [i * 5_000_000_000], [100.0 + i % 3])
>>> bool(said.lower[0] < 100.0 < 102.0 < said.upper[0])
True
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from opsweave.analysis.detection.shelf import ensemble
from opsweave.analysis.detection.shelf.run import TAILS, one
from opsweave.analysis.detection.shelf.score import BUDGET, Floats, Scorer, Scores, scores_of

_MOST = 1e100
"""Beyond that squares overflow, at which Python and the compiled kernels part company."""


class _Ring(array):  # type: ignore[type-arg]
    """Numbers of a field with a shape, as the kernels use them."""

    __slots__ = ()

    @property
    def size(self) -> int:
        return len(self)


@cache
def _kind(dtype: np.dtype[Any]) -> type:
    """A class with the fields of a record, and nothing else."""
    return type("Plain", (), {"__slots__": tuple(dtype.names or ())})


def unpack(record: Any, dtype: np.dtype[Any]) -> Any:
    """A record as an object whose attributes are its fields."""
    made = _kind(dtype)()
    for name in dtype.names or ():
        value, kind = record[name], dtype.fields[name][0]  # type: ignore[index]
        base, shape = kind.subdtype or (kind, ())
        if shape and base.names:
            setattr(made, name, [unpack(one_, base) for one_ in value])
        elif shape:
            setattr(made, name, _Ring(base.char, value.tobytes()))
        elif base.names:
            setattr(made, name, unpack(value, base))
        else:
            setattr(made, name, value.item())
    return made


def pack(state: Any, record: Any, dtype: np.dtype[Any]) -> None:
    """The other way round: fill ``record``."""
    for name in dtype.names or ():
        value, kind = getattr(state, name), dtype.fields[name][0]  # type: ignore[index]
        base, shape = kind.subdtype or (kind, ())
        if shape and base.names:
            for part, into in zip(value, record[name], strict=True):
                pack(part, into, base)
        elif base.names:
            pack(value, record[name], base)
        else:
            record[name] = value


def twin(state: Any) -> Any:
    """A copy that shares nothing."""
    if isinstance(state, list):
        return [twin(part) for part in state]
    if isinstance(state, _Ring):
        return _Ring(state.typecode, state)
    made = type(state)()
    for name in type(state).__slots__:
        value = getattr(state, name)
        setattr(made, name, value if isinstance(value, (int, float)) else twin(value))
    return made


class PlainScorer:
    """`Scorer.step_rows` for a few hundred series; the state has the same bytes."""

    def __init__(self, series: int = 0, *, budget: float = BUDGET) -> None:
        self.budget = budget
        self.states: list[Any] = [blank() for _ in range(series)]

    def step_rows(
        self,
        index: Sequence[int],
        times_ns: Sequence[int] | npt.NDArray[np.int64],
        values: Sequence[float] | Floats,
        budgets: Sequence[float] | Floats | None = None,
    ) -> Scores:
        """Judge values of any series in the order in which they came, see `Scorer.step_rows`.

        ``budgets``: one for each value, always the same one for a series; else `budget` for all.
        """
        out, marks = np.empty((4, len(values))), np.empty((2, len(values)), np.int8)
        z, e, w = [0.0] * TAILS, [0.0] * TAILS, [0.0] * TAILS
        allowed = [self.budget] * len(values) if budgets is None else budgets
        rows = zip(index, times_ns, values, allowed, strict=True)
        for place, (row, time_ns, value, budget) in enumerate(rows):
            desk: Any = (z, e, w, (1.0, float(budget)))
            x = float(value) if abs(value) < _MOST else math.nan
            one(self.states[row], x, int(time_ns) * 1e-9, desk, out, marks, place)
        return scores_of(out, marks)

    def to_bytes(self) -> bytes:
        """The state, as `Scorer.to_bytes` has it."""
        made = Scorer(len(self.states), budget=self.budget)
        for state, record in zip(self.states, made.states, strict=True):
            pack(state, record, ensemble.STATE)
        return made.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes, *, budget: float = BUDGET) -> PlainScorer:
        """The scorer that `to_bytes` described; RejectInput when it is of another version."""
        made = cls(budget=budget)
        records = Scorer.from_bytes(data).states
        made.states = [unpack(record, ensemble.STATE) for record in records]
        return made


def blank() -> Any:
    """The state of a series that was never seen."""
    return unpack(np.zeros((), ensemble.STATE), ensemble.STATE)
