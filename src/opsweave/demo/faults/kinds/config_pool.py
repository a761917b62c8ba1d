"""A configuration that leaves too few connections in a pool."""

from __future__ import annotations

from typing import Any

from opsweave.demo.faults.changes import Given
from opsweave.demo.faults.fault import Action, Fault, Magnitude, Stage
from opsweave.demo.faults.topology import CODE, PER_SECOND

LONG = ("edge", "catalog")
"""Roles that hold a connection long enough for a small pool to be too small."""
SERVED = 0.75
"""Share of the usual load that the starved pool can serve."""


class ConfigPool(Fault):
    """The size of a pool is set too low; requests wait for a connection."""

    name = "config-pool"
    says = "a change of configuration starves a service's pool of connections"
    targets = CODE
    magnitude = Magnitude("connections left", 1, 4, (1, 1), whole=True)
    ramps = False
    indicator = "pool.wait_time"

    def begin(self, stage: Stage) -> str | None:
        spec = stage.spec
        values: dict[str, Any] = {"pool.size": int(spec.magnitude)}
        if spec.target not in LONG:
            # Held so briefly that even one connection would do, did it not rest after each use.
            served = SERVED * PER_SECOND[spec.target]
            values["pool.rest_ms"] = round(spec.magnitude / served * 1000)
        return stage.changes.configure(spec.target, values, Given.of(spec))

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (
            Action(
                "revert_configuration",
                self.entity(stage.company.names, stage.spec),
                {},
            ),
        )


FAULT = ConfigPool()
