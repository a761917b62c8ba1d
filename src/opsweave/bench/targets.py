"""The pass lines, and whether a result reaches them."""

from __future__ import annotations

import msgspec

from opsweave.bench.result import Dataset, Figure, Result

_OURS = "opsweave"


class Target(msgspec.Struct, frozen=True):
    """A figure of a data set that is to be reached; ``most`` where small is good."""

    bench: str
    dataset: str
    figure: str
    line: float
    most: bool = False
    suffix: str = ""
    """Of the part's name: ``, with metrics`` for one."""


TARGETS = (
    Target("detect", "wsd", "F1", 0.70),
    Target("detect", "wsd", "false/day", 0.05, most=True),
    Target("detect", "wsd", "VUS-PR", 0.40),
    Target("detect", "nab", "NAB standard, flags", 65.0),
    Target("detect", "nab", "VUS-PR", 0.40),
    Target("detect", "smd", "AP", 0.43),
    Target("detect", "jumpstarter", "AP", 0.30),
    Target("logs", "loghub2k", "GA", 0.95),
    Target("logs", "loghub2k", "FGA", 0.90),
    Target("logs", "loghub2k", "PA", 0.60),
    Target("logs", "loghub2k", "FTA", 0.60),
    Target("rca", "nezha_tt", "AC@1", 0.80),
    Target("rca", "petshop", "AC@1", 0.70),
    Target("rca", "petshop", "AC@3", 0.88),
    Target("rca", "rcd_sockshop", "AC@1", 0.96),
    Target("rca", "nezha_ob", "Avg@5", 0.80),
    Target("rca", "changerca", "AC@1", 0.90),
    Target("rca", "cloudopsbench", "AC@1", 0.70, suffix=", with metrics"),
    Target("rca", "rootcausebench", "AC@1", 0.70),
    Target("speed", "detection speed", "points/s/core", 2e6),
    Target("speed", "log speed", "lines/s", 1e5),
    Target("speed", "rca speed", "seconds", 2.0, most=True),
)


class Reached(msgspec.Struct, frozen=True):
    """A target with what was measured of each part."""

    target: Target
    dev: float | None
    report: float | None
    whole: float | None

    @property
    def met(self) -> bool:
        """On all cases that ran."""
        if self.whole is None:
            return False
        return (
            self.whole <= self.target.line if self.target.most else self.whole >= self.target.line
        )


def reached(result: Result) -> list[Reached]:
    """Targets of the data sets that this result holds, in their order.

    >>> from opsweave.bench.result import Part
    >>> one = Dataset("smd", "opsweave", [Part("all", 9, {"AP": Figure(0.5)})])
    >>> [found.met for found in reached(Result("detect", "", {}, {}, [one]))]
    [True]
    """
    ours = {found.dataset: found for found in result.datasets if found.method == _OURS}
    made = []
    for target in TARGETS:
        found = ours.get(target.dataset)
        if target.bench == result.bench and found is not None and found.parts:
            made.append(
                Reached(target, *(_value(found, target, n) for n in ("dev", "report", "all")))
            )
    return made


def _value(found: Dataset, target: Target, name: str) -> float | None:
    for part in found.parts:
        held: Figure | None = part.figures.get(target.figure)
        if part.name == name + target.suffix and held is not None:
            return held.value
    return None
