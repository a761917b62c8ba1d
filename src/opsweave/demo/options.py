"""What a run of the demo may be told, checked before anything starts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from opsweave.demo.approvals import Approve
from opsweave.demo.faults import (
    FaultInfo,
    FaultSpec,
    apart,
    beside,
    catalogue,
    load_spec,
    spec_for,
)
from opsweave.kernel.errors import RejectInput
from opsweave.server.serve import free_port

LOOPBACK = "127.0.0.1"
FIRST = "deploy-exceptions"
"""It moves every figure: errors, a budget, the failed deployment's recovery time."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """``calm_s`` is None when something is to be broken."""

    fault: str | None = None
    beside: str | None = None
    """A second fault, while the first is live."""
    spec: Path | None = None
    seed: int = 1
    once: bool = False
    calm_s: float | None = None
    approve: Approve = "auto"
    data: Path | None = None
    port: int = 0

    def check(self) -> None:
        """Raises RejectInput when options contradict each other."""
        if self.calm_s is not None and (self.fault or self.spec or self.beside):
            raise RejectInput("nothing is broken in a calm run", field="--calm")
        if self.fault and self.spec:
            raise RejectInput("name a fault or a file, not both", field="--fault-spec")
        if self.calm_s is not None and self.calm_s <= 0:
            raise RejectInput("must be positive", field="--calm")
        if self.data is not None and self.data.exists() and not self.data.is_dir():
            raise RejectInput("is no folder", field="--data")
        if self.port:
            free_port(LOOPBACK, self.port)

    def faults(self) -> tuple[FaultSpec, ...]:
        """What is to be broken, in order: none in a calm run, two with ``beside``."""
        first = self.what()
        if first is None or self.beside is None:
            return () if first is None else (first,)
        second = beside(first, self.beside, self.seed)
        return apart(first, second), second

    def what(self) -> FaultSpec | None:
        """What is to be broken; None in a calm run. Raises RejectInput on an unknown fault."""
        self.check()
        if self.calm_s is not None:
            return None
        if self.spec is not None:
            return load_spec(self.spec, self.seed)
        name = self.fault or first_for(self.seed, catalogue())
        return spec_for(name, self.seed)


def first_for(seed: int, faults: Sequence[FaultInfo]) -> str:
    """The fault to show when none is named: one that does not take long, by seed."""
    quick = [fault.name for fault in faults if not fault.slow]
    start = quick.index(FIRST) if FIRST in quick else 0
    return quick[(start + seed - 1) % len(quick)]
