"""What a fault is: where it may strike, how strongly, what breaks, and what cures it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from opsweave.demo.company.spec import Names
from opsweave.demo.faults.changes import Changes
from opsweave.demo.faults.ports import Company
from opsweave.demo.faults.spec import FaultSpec


class FaultInfo(NamedTuple):
    """A line of ``opsweave demo --list``."""

    name: str
    says: str
    slow: bool


class Magnitude(NamedTuple):
    """How strong a fault may be: a seed draws from ``usual``, a file may say ``low``-``high``."""

    unit: str
    low: float
    high: float
    usual: tuple[float, float]
    by_target: dict[str, tuple[float, float]] = {}
    whole: bool = False

    def drawn(self, target: str) -> tuple[float, float]:
        """The range from which a seed draws."""
        return self.by_target.get(target, self.usual)


class Action(NamedTuple):
    """One right recovery."""

    action: str
    target: str
    arguments: dict[str, Any]


class Stage(NamedTuple):
    """What a fault acts on."""

    company: Company
    changes: Changes
    spec: FaultSpec


class Fault(ABC):
    """One kind of fault. A subclass says what its class attributes and verbs mean."""

    name = ""
    says = ""
    slow = False
    targets: tuple[str, ...] = ()
    """Roles that a file may name."""
    usual: tuple[str, ...] = ()
    """Roles that a seed draws from; empty: all targets."""
    magnitude = Magnitude("", 1, 1, (1, 1))
    ramps = True
    variants: tuple[str, ...] = ()
    indicator = ""

    def prepare(self, stage: Stage) -> None:  # noqa: B027 - few faults need it
        """What has to be there well before the onset, harmless until then."""

    @abstractmethod
    def begin(self, stage: Stage) -> str | None:
        """Break it; returns the id of the guilty change, None when there is none."""

    def grow(self, stage: Stage, share: float) -> None:  # noqa: B027 - only levers move
        """Set the strength to a share of the magnitude; for faults whose lever can be moved."""

    def entity(self, names: Names, spec: FaultSpec) -> str:
        """Where the cause sits."""
        return names.entity(spec.target)

    def guilty(self, stage: Stage) -> str | None:
        """Id of a guilty change that shows itself only later; asked until it is there."""
        return None

    @abstractmethod
    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        """The right recoveries, once ``change`` is known; any one of them is enough."""
