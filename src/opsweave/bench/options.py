"""What a benchmark run is asked for, and how it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from opsweave.bench.process import Limits
from opsweave.bench.split import Part, chosen
from opsweave.kernel.errors import RejectInput

Progress = Callable[[str, int, int], None]
"""(what is at work, cases done, cases in all)."""


def quiet(name: str, done: int, total: int) -> None:
    """Tells nobody."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Of one ``opsweave bench``."""

    data: Path
    datasets: tuple[str, ...] = ()
    """Empty: all that are there."""
    part: Part = "all"
    limit: int | None = None
    """At most so many cases of each data set and half."""
    workers: int = 1
    limits: Limits = Limits()
    scratch: Path | None = None
    """Where what the commands write is kept; a temporary folder otherwise."""

    def wants(self, dataset: str) -> bool:
        """Whether a data set was asked for."""
        return not self.datasets or dataset in self.datasets

    def names(self, dataset: str, everything: Iterable[str]) -> tuple[str, ...]:
        """The cases to run; with a limit the first of each half, so that both are there."""
        everything = list(everything)
        if self.limit is None:
            return chosen(dataset, everything, self.part)
        parts: tuple[Part, ...] = ("dev", "report") if self.part == "all" else (self.part,)
        taken = [chosen(dataset, everything, part)[: self.limit] for part in parts]
        return tuple(sorted(name for part in taken for name in part))


def known(asked: Iterable[str], there: Iterable[str], field: str = "dataset") -> None:
    """Raises RejectInput for a name that no loader knows.

    >>> known(["nab"], ["nab", "wsd"])
    """
    there = list(there)
    for name in asked:
        if name not in there:
            raise RejectInput(f"{field}: {name!r} is not one of {', '.join(sorted(there))}")
