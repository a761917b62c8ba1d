"""One tick of the loop: what is new, and what the stages make of it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from opsweave.analysis.signal import Deviation, Frame
from opsweave.facts import Alert, Incident


class Tick(msgspec.Struct, kw_only=True):
    """Filled by the stages in order. ``incidents`` are the live ones by id; a stage that alters
    one puts the new version there, and the loop saves what differs when all stages are through."""

    now_ns: int
    frames: list[Frame] = []
    deviations: list[Deviation] = []
    alerts: list[Alert] = []
    """Alerts that began, went on visibly or ended in this tick, and those of a tick that failed
    before it: a stage adds to them."""
    incidents: dict[str, Incident] = {}


class Stage(Protocol):
    """One step of the loop."""

    def __call__(self, tick: Tick) -> None: ...
