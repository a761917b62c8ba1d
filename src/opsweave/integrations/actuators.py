"""The actuators that the operator's ``integrations.toml`` names: one table per acting room."""

from __future__ import annotations

import tomllib
from pathlib import Path

from opsweave.integrations.discover import manifests, module
from opsweave.kernel.errors import Bug, RejectInput
from opsweave.runs.ports import Actuator


def load_actuators(path: Path) -> list[Actuator]:
    """Made from the file's tables; none when there is no file. RejectInput names what is wrong."""
    if not path.exists():
        return []
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RejectInput(f"cannot be read: {error}", field=path.name) from error
    acting = {id_ for id_, manifest in manifests().items() if manifest.acts}
    made: list[Actuator] = []
    for room, table in tables.items():
        if room not in acting:
            raise RejectInput(
                "no integration of this name acts",
                field=f"{path.name}: {room}",
                action=f"use one of {', '.join(sorted(acting))}",
            )
        actions = module(room, "actions")
        if actions is None:
            raise Bug(f"{room} says that it acts and has no actions.py")
        made.append(actions.actuator(table, path.parent))
    return made
