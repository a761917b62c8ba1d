"""The faults there are: every module of ``kinds`` holds one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from opsweave.demo.faults import kinds
from opsweave.demo.faults.fault import Fault, FaultInfo
from opsweave.kernel.errors import RejectInput


@cache
def faults() -> dict[str, Fault]:
    """All faults by name, in the order of their names."""
    found: dict[str, Fault] = {}
    for module in pkgutil.iter_modules(kinds.__path__):
        fault: Fault = importlib.import_module(f"{kinds.__name__}.{module.name}").FAULT
        found[fault.name] = fault
    return dict(sorted(found.items()))


def catalogue() -> list[FaultInfo]:
    """Name and meaning of every fault."""
    return [FaultInfo(fault.name, fault.says, fault.slow) for fault in faults().values()]


def fault_named(name: str, *, field: str = "fault") -> Fault:
    """Raises RejectInput when there is none of this name."""
    fault = faults().get(name)
    if fault is None:
        raise RejectInput(
            f"there is no fault {name!r}", field=field, action=f"take one of {', '.join(faults())}"
        )
    return fault
