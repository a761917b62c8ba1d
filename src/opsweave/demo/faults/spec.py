"""What a run injects, complete: drawn from a seed, or read from a file and completed by a seed."""

from __future__ import annotations

from typing import Literal

import msgspec

DecoyKind = Literal["deployment", "configuration", "flag", "model"]


class Decoy(msgspec.Struct, frozen=True, kw_only=True):
    """One innocent change; ``at`` in seconds from the onset, negative before it."""

    at: float
    kind: DecoyKind
    target: str


class FaultSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One fault. Roles, not names of the company, say where: names are the company's matter."""

    kind: str
    target: str
    magnitude: float
    """In the unit of the kind."""
    ramp: float = 0.0
    """Seconds over which the magnitude grows from nothing, linearly; 0: a step."""
    onset: float = 60.0
    """Seconds of calm before it."""
    variant: str = ""
    name: str = ""
    """Of the guilty flag, step or model version; '' takes one from the usual words."""
    message: str = ""
    author: str = ""
    decoys: tuple[Decoy, ...] = ()
    seed: int = 1
