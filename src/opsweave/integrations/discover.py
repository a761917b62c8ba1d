"""Finds the integration rooms: every folder with a ``manifest.toml``. There is no list."""

from __future__ import annotations

import importlib
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType

import msgspec

from opsweave.integrations.contract import Parser
from opsweave.kernel.errors import Bug


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a room says about itself."""

    id: str
    name: str
    says: str
    doors: tuple[str, ...] = ()
    """Doors whose bodies ``parse.py`` reads."""
    acts: tuple[str, ...] = ()
    """Kinds of target that ``actions.py`` can act on."""
    status: str = "beta"


@cache
def manifests() -> dict[str, Manifest]:
    """All rooms by id, the id being the folder's name."""
    found: dict[str, Manifest] = {}
    for path in sorted(Path(__file__).parent.glob("*/manifest.toml")):
        manifest = msgspec.convert(tomllib.loads(path.read_text()), Manifest)
        if manifest.id != path.parent.name:
            raise Bug(f"the manifest in {path.parent.name}/ calls itself {manifest.id!r}")
        found[manifest.id] = manifest
    return found


def module(room: str, name: str) -> ModuleType | None:
    """A room's module, for example ``module("otlp", "mock")``; None when the room has none."""
    if not (Path(__file__).parent / room / f"{name}.py").exists():
        return None
    return importlib.import_module(f"opsweave.integrations.{room}.{name}")


@cache
def parsers() -> dict[str, Parser]:
    """The parser of each door."""
    found: dict[str, Parser] = {}
    for manifest in manifests().values():
        for door in manifest.doors:
            room = module(manifest.id, "parse")
            if room is None or door in found:
                raise Bug(f"door {door!r}: {manifest.id} has no parser for it, or it has two")
            found[door] = room.parse
    return found
