"""The doors there are: every module of this folder that has ``DOORS``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from opsweave.server import doors as package
from opsweave.server.doors.table import Door


@cache
def all_doors() -> tuple[Door, ...]:
    """Doors by path."""
    found: list[Door] = []
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        found += getattr(module, "DOORS", ())
    return tuple(sorted(found, key=lambda door: door.path))


def door_of(ledger_door: str) -> Door | None:
    """The door a ledger record came through; ``webhook:ci`` came through ``webhook``."""
    name = ledger_door.partition(":")[0]
    return next((door for door in all_doors() if door.id == name), None)
