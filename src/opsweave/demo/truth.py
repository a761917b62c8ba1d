"""What was really broken. Only the injector and the final report may import this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """One run: the true cause in canonical spelling, and what cures it.

    Times are seconds since the Unix epoch. In a calm run everything but ``seed``, ``innocent``
    and ``notes`` is empty.
    """

    seed: int
    fault: str | None = None
    entity: str | None = None
    indicator: str | None = None
    change: str | None = None
    """Id of the guilty change; None when no change of ours is guilty."""
    injected_at: float | None = None
    symptom_at: float | None = None
    symptom: str | None = None
    """Which rule was breached first, in words."""
    recovery: tuple[dict[str, Any], ...] = ()
    """Actions ``{action, target, arguments}``, any one of which cures or mitigates."""
    innocent: tuple[dict[str, Any], ...] = ()
    """Innocent changes ``{at, kind, entity, change}``."""
    suffers: tuple[str, ...] = ()
    """Entities that can suffer from it."""
    spec: dict[str, Any] = {}
    notes: tuple[str, ...] = ()
    """What the injector could not do."""


def write(path: Path, truth: Truth) -> None:
    """Replace the file atomically; readable by its owner only."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(truth)))
    fresh.replace(path)


def read(path: Path) -> Truth:
    """The record of a run."""
    return msgspec.json.decode(path.read_bytes(), type=Truth)
